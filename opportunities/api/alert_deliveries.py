"""`/alert-deliveries/`: the log of what was sent where, and what came of it."""

from typing import Any, Final

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from common.api.owned import OwnedViewSet
from common.api.pagination import TimeCursor
from opportunities.choices import DeliveryState
from opportunities.models import AlertDelivery
from opportunities.selectors.alerts_lists import delivery_list
from users.acting import acting_user

from .alert_rules import UUID_PATTERN

_EXAMPLE: Final = OpenApiExample(
    "A delivery",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000006",
        "rule": {"id": "0199f0a0-0000-7000-8000-000000000004", "name": "Safe and worth it"},
        "channel": {"id": "0199f0a0-0000-7000-8000-000000000005", "name": "Team chat"},
        "opportunity": "0199f0a0-0000-7000-8000-000000000001",
        "title": "Dragon Deck: +26.66 % after costs",
        "body": "Buy at cardmarket for 60.00 EUR, singles bring 76.00 EUR net.",
        "state": "delivered",
        "attempts": 1,
        "error": "",
        "due_at": "2026-11-21T06:00:00Z",
        "delivered_at": "2026-11-21T06:00:01Z",
        "created_at": "2026-11-21T02:13:00Z",
    },
)


class CreatedCursor(TimeCursor):
    """Newest made first."""

    ordering = ("-created_at", "-id")


class NamedSerializer(serializers.Serializer[Any]):
    """Something by id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class AlertDeliverySerializer(serializers.ModelSerializer[AlertDelivery]):
    """One alert on its way to one channel."""

    rule = NamedSerializer(read_only=True, allow_null=True)
    channel = NamedSerializer(read_only=True)
    opportunity = serializers.UUIDField(source="opportunity_id", read_only=True, allow_null=True)

    class Meta:
        model = AlertDelivery
        fields = (
            "id", "rule", "channel", "opportunity", "title", "body", "state", "attempts", "error", "due_at",
            "delivered_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class AlertDeliveryFilter(filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Which deliveries."""

    state = filters.ChoiceFilter(choices=DeliveryState.choices)
    channel = filters.UUIDFilter(field_name="channel_id", help_text="Id of a channel.")
    rule = filters.UUIDFilter(field_name="rule_id", help_text="Id of a rule.")

    class Meta:
        model = AlertDelivery
        fields: tuple[str, ...] = ()


@extend_schema_view(
    list=extend_schema(
        operation_id="alert_deliveries_list", summary="Own deliveries, newest first", examples=[_EXAMPLE]
    ),
    retrieve=extend_schema(operation_id="alert_deliveries_get", summary="One delivery", examples=[_EXAMPLE]),
)
@extend_schema(tags=["alerts"])
class AlertDeliveryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnedViewSet):
    """What went to the caller's channels."""

    queryset = AlertDelivery.objects.none()
    owner_field = "channel__user"
    serializer_class = AlertDeliverySerializer
    filterset_class = AlertDeliveryFilter
    pagination_class = CreatedCursor
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> QuerySet[AlertDelivery]:
        """Return the deliveries to the caller's channels."""
        if not self.request.user.is_authenticated:
            return AlertDelivery.objects.none()
        return delivery_list(acting_user(self.request).pk)
