"""What became of one opportunity as JSON: held against the market, its revisions, its audit events."""

from typing import Any

from rest_framework import serializers

from .items import amount

STATUSES = [("unchanged", "Unchanged"), ("moved", "Moved"), ("gone", "Gone")]


class FiguresSerializer(serializers.Serializer[Any]):
    """What one product costs and brings; profit and margin are net."""

    sealed_price = amount()
    total_cost = amount()
    singles_value = amount()
    net_profit = amount()
    margin_percentage = amount()
    confidence_score = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    probability_of_profit = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    oldest_price_at = serializers.DateTimeField()
    available_quantity = serializers.IntegerField(
        allow_null=True, help_text="On offer; null where the source does not tell."
    )


class RevalidationReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="price_changed, cost_changed, …, refused:<gate>, closed, overdue.")
    detail = serializers.CharField()


class RevalidationSerializer(serializers.Serializer[Any]):
    """The figures people saw beside those of this moment."""

    quote_version = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES, help_text="`gone`: not an opportunity any more.")
    reasons = RevalidationReasonSerializer(many=True)
    shown = FiguresSerializer()
    fresh = FiguresSerializer(allow_null=True, help_text="Null if there is nothing to state.")
    checked_at = serializers.DateTimeField()


class RevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    sealed_price = amount()
    total_cost = amount()
    net_profit = amount()
    margin_percentage = amount()
    confidence_score = serializers.DecimalField(max_digits=3, decimal_places=2)


class RevisionsSerializer(serializers.Serializer[Any]):
    """How the figures moved, oldest first; at most the newest 1,000 revisions."""

    currency = serializers.CharField()
    points = RevisionSerializer(many=True)


class TimelineEventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="User name; null for the system.")
    verb = serializers.CharField()
    data = serializers.DictField(child=serializers.JSONField())  # type: ignore[assignment]  # its own column
    hash = serializers.CharField(help_text="SHA-256 of the event and the one before it, in hex.")
    seq = serializers.IntegerField()
    stream = serializers.CharField()


class TimelineSerializer(serializers.Serializer[Any]):
    """What happened, newest first; at most the newest 500 events."""

    results = TimelineEventSerializer(many=True)
    verified = serializers.BooleanField(
        allow_null=True, help_text="Whether each event's hash fits what is stored; null without events."
    )
