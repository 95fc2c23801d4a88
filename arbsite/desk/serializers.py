"""What the health endpoint shows."""

from typing import Any

from rest_framework import serializers


class ProcessSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=["live", "degraded", "down"])
    age_ms = serializers.IntegerField(
        allow_null=True, help_text="Since its last heartbeat; null: never heard."
    )
    detail = serializers.CharField(allow_blank=True)


class MarketCountSerializer(serializers.Serializer[Any]):
    live = serializers.IntegerField(help_text="Exchanges and gift-card desks that are connected now.")
    total = serializers.IntegerField(help_text="Those that are enabled and allowed.")


class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "degraded", "down"])
    version = serializers.CharField()
    mode = serializers.ChoiceField(choices=["paper", "live"])
    time = serializers.DateTimeField()
    processes = ProcessSerializer(many=True)
    markets = MarketCountSerializer()
    metrics = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField()),
        help_text="The numbers each process tells of itself, by its name.",
    )
