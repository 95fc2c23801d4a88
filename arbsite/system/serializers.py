"""What the system endpoint shows."""

from typing import Any

from rest_framework import serializers


class ComponentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=["ok", "warn", "fail"])
    detail = serializers.CharField()
    latency_ms = serializers.FloatField(
        help_text="How long the look took; of a process of the live desk the age of its last heartbeat."
    )


class QueueSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    depth = serializers.IntegerField(allow_null=True, help_text="Messages not yet taken; null: unknown.")


class OutboxSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField()
    parked = serializers.IntegerField(help_text="Gave up after five attempts: a person must look.")
    oldest_seconds = serializers.FloatField(help_text="How overdue the oldest waiting message is.")


class BeatSerializer(serializers.Serializer[Any]):
    last_tick_at = serializers.DateTimeField(allow_null=True)


class WorkerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    status = serializers.CharField()


class PartitionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    bounds = serializers.CharField()
    rows = serializers.IntegerField(help_text="Estimated by the database.")
    bytes = serializers.IntegerField()


class MigrationsSerializer(serializers.Serializer[Any]):
    applied = serializers.IntegerField()
    pending = serializers.IntegerField()


class SizesSerializer(serializers.Serializer[Any]):
    database_bytes = serializers.IntegerField()
    redis_bytes = serializers.IntegerField(allow_null=True)


class SystemSerializer(serializers.Serializer[Any]):
    version = serializers.CharField()
    mode = serializers.ChoiceField(choices=["paper", "live"])
    is_demo = serializers.BooleanField()
    started_at = serializers.DateTimeField(help_text="Of the process that answers.")
    components = ComponentSerializer(many=True)
    queues = QueueSerializer(many=True)
    outbox = OutboxSerializer()
    beat = BeatSerializer()
    workers = WorkerSerializer(many=True, help_text="Those that answered at once.")
    partitions = PartitionSerializer(many=True)
    migrations = MigrationsSerializer()
    sizes = SizesSerializer()
