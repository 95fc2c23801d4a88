"""Alert rules as JSON: conditions are checked one by one, and a fault names its place."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from common.api.bodies import StrictBody
from opportunities.alerts.conditions import MAX_CONDITIONS, ConditionsRefused, read_conditions
from opportunities.alerts.fields import FIELDS
from opportunities.api.serializers import OpportunitySerializer
from opportunities.choices import RuleScope
from opportunities.models import AlertChannel, AlertRule
from opportunities.services.alerts_channels import MAX_CHANNELS

from .examples import ITEM

MAX_COOLDOWN_MINUTES: Final = 30 * 24 * 60
MAX_SNOOZE_MINUTES: Final = 366 * 24 * 60
OPERATORS: Final = ("gte", "lte", "eq", "in", "not_in", "contains")
_CLOCK: Final = "%H:%M"

_CONDITIONS: Final = [
    {"field": "margin_percentage", "operator": "gte", "value": "20"},
    {"field": "risk_level", "operator": "in", "value": ["low", "medium"]},
]
RULE_REQUEST: Final = OpenApiExample(
    "Safe and worth it",
    request_only=True,
    value={
        "name": "Safe and worth it",
        "scope": "all",
        "conditions": _CONDITIONS,
        "channels": ["0199f0a0-0000-7000-8000-000000000005"],
        "cooldown_minutes": 240,
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    },
)
RULE_RESPONSE: Final = OpenApiExample(
    "A rule",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000004",
        "name": "Safe and worth it",
        "scope": "all",
        "conditions": _CONDITIONS,
        "channels": ["0199f0a0-0000-7000-8000-000000000005"],
        "cooldown_minutes": 240,
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "is_enabled": True,
        "snoozed_until": None,
        "last_fired_at": "2026-11-21T06:00:00Z",
        "fired_count": 3,
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    },
)
SNOOZE_REQUEST: Final = OpenApiExample("For two hours", request_only=True, value={"minutes": 120})
PREVIEW_RESPONSE: Final = OpenApiExample(
    "One matches", response_only=True, value={"matching": 1, "examples": [ITEM]}
)
FIELDS_RESPONSE: Final = OpenApiExample(
    "Two of the fields",
    response_only=True,
    value=[
        {
            "field": "margin_percentage", "label": "Margin after all costs", "type": "number",
            "operators": ["gte", "lte"], "unit": "%", "choices": None,
        },
        {
            "field": "risk_level", "label": "Risk", "type": "choice", "operators": ["eq", "in", "not_in"],
            "unit": "", "choices": [{"value": "low", "label": "Low"}],
        },
    ],
)  # fmt: skip


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {"type": "string"}}]}
)
class ConditionValueField(serializers.JSONField):
    """A number (as text), a text, or a list of texts."""


class ConditionSerializer(serializers.Serializer[Any]):
    """One comparison; all of a rule's must hold. See `GET /alert-rules/fields/`."""

    field = serializers.ChoiceField(choices=[(name, field.label) for name, field in FIELDS.items()])
    operator = serializers.ChoiceField(choices=OPERATORS)
    value = ConditionValueField()


@extend_schema_field(ConditionSerializer(many=True, max_length=MAX_CONDITIONS))  # type: ignore[call-arg]  # of the list
class ConditionsField(serializers.Field[Any, Any, Any, Any]):
    """A list of conditions; faults are reported by position and member."""

    def to_internal_value(self, data: object) -> list[dict[str, Any]]:
        """Return the conditions in the form they are stored in."""
        try:
            return [condition.as_json() for condition in read_conditions(data)]
        except ConditionsRefused as refused:
            faults = [refused.faults] if isinstance(refused.faults, str) else list(refused.faults)
            raise serializers.ValidationError(faults) from refused

    def to_representation(self, value: object) -> object:
        """Return them as stored."""
        return value


class OwnChannelField(serializers.PrimaryKeyRelatedField[AlertChannel]):
    """A channel of the caller; somebody else's does not exist."""

    def get_queryset(self) -> QuerySet[AlertChannel]:
        """Return the caller's channels."""
        return AlertChannel.objects.filter(user=self.context["user"])


class AlertRuleSerializer(serializers.ModelSerializer[AlertRule]):
    """A rule as it is kept."""

    conditions = ConditionSerializer(many=True, read_only=True)
    channels = serializers.PrimaryKeyRelatedField[AlertChannel](many=True, read_only=True)
    quiet_from = serializers.TimeField(format=_CLOCK, read_only=True, allow_null=True)
    quiet_until = serializers.TimeField(format=_CLOCK, read_only=True, allow_null=True)

    class Meta:
        model = AlertRule
        fields = (
            "id", "name", "scope", "conditions", "channels", "cooldown_minutes", "quiet_from", "quiet_until",
            "is_enabled", "snoozed_until", "last_fired_at", "fired_count", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class AlertRuleWriteSerializer(StrictBody):
    """What an owner states. Needs `user`, and for changes `rule`, in its context."""

    name = serializers.CharField(max_length=80)
    scope = serializers.ChoiceField(choices=RuleScope.choices, required=False)
    conditions = ConditionsField(required=False)
    channels = serializers.ListField(
        child=OwnChannelField(pk_field=serializers.UUIDField()),
        required=False,
        max_length=MAX_CHANNELS,
        help_text="Ids of own channels; without any, alerts only ring the bell.",
    )
    cooldown_minutes = serializers.IntegerField(min_value=0, max_value=MAX_COOLDOWN_MINUTES, required=False)
    quiet_from = serializers.TimeField(
        format=_CLOCK, input_formats=[_CLOCK], required=False, allow_null=True,
        help_text="In the user's time zone, HH:MM; both ends or none.",
    )  # fmt: skip
    quiet_until = serializers.TimeField(
        format=_CLOCK, input_formats=[_CLOCK], required=False, allow_null=True, help_text="HH:MM."
    )
    is_enabled = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse quiet hours with one end, or none of the day between their ends."""
        rule: AlertRule | None = self.context.get("rule")
        start, end = (
            _merged(attrs, rule, "quiet_from"),
            _merged(attrs, rule, "quiet_until"),
        )
        if (start is None) != (end is None):
            missing = "quiet_from" if start is None else "quiet_until"
            raise serializers.ValidationError({missing: ["Quiet hours need both ends, or none."]})
        if start is not None and start == end:
            raise serializers.ValidationError({"quiet_until": ["Quiet hours end at another time."]})
        return attrs


class AlertRuleChangeSerializer(AlertRuleWriteSerializer):
    """Any of what an owner states."""

    name = serializers.CharField(max_length=80, required=False)


class SnoozeSerializer(StrictBody):
    """How long a rule is silent."""

    minutes = serializers.IntegerField(
        min_value=0, max_value=MAX_SNOOZE_MINUTES, help_text="0 ends the snooze."
    )


class RulePreviewSerializer(serializers.Serializer[Any]):
    """What a rule matches now; none of it is told."""

    matching = serializers.IntegerField()
    examples = OpportunitySerializer(many=True, help_text="The best of them, at most five.")


class FieldChoiceSerializer(serializers.Serializer[Any]):
    """One value of a choice."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is another thing


class RuleFieldSerializer(serializers.Serializer[Any]):
    """A field conditions can be about."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is another thing
    type = serializers.ChoiceField(choices=("number", "choice", "text"))
    operators = serializers.ListField(child=serializers.ChoiceField(choices=OPERATORS))
    unit = serializers.CharField(help_text="%, currency, ratio (0 to 1), minutes, count, or empty.")
    choices = FieldChoiceSerializer(many=True, allow_null=True)


def _merged(attrs: Mapping[str, Any], rule: AlertRule | None, name: str) -> time | None:
    if name in attrs:
        given: time | None = attrs[name]
        return given
    kept: time | None = getattr(rule, name) if rule is not None else None
    return kept
