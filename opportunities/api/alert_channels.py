"""`/alert-channels/`: where a user's alerts go besides the bell. Addresses go in and never come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.addresses import AddressForbidden, HostNotFound
from common.api.bodies import StrictBody
from common.api.filters import refuse_body
from common.api.owned import OwnedViewSet
from common.api.throttling import UserThrottle
from common.clock import utc_now
from common.secrets import Secret
from opportunities.alerts.channels import MAX_LENGTH, ChannelRefused
from opportunities.models import AlertChannel
from opportunities.services.alerts_channels import (
    create_channel,
    delete_channel,
    try_channel,
    update_channel,
)
from users.acting import acting_user

from .alert_rules import UUID_PATTERN

_REQUEST: Final = OpenApiExample(
    "A webhook",
    request_only=True,
    value={"name": "Team chat", "url": "https://hooks.example.org/services/T000/B000/XXXX"},
)
_RESPONSE: Final = OpenApiExample(
    "A channel",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000005",
        "name": "Team chat",
        "url_hint": "https://hooks.example.org",
        "is_muted": False,
        "state": "working",
        "last_error": "",
        "last_delivered_at": "2026-11-21T06:00:00Z",
        "created_at": "2026-11-20T12:00:00Z",
    },
)
_TESTED: Final = OpenApiExample(
    "Refused",
    response_only=True,
    value={"delivered": False, "error": "The channel answered with status 404."},
)


class AlertChannelSerializer(serializers.ModelSerializer[AlertChannel]):
    """A channel, without its address."""

    url_hint = serializers.CharField(read_only=True, help_text="Service and host of the address.")

    class Meta:
        model = AlertChannel
        fields = (
            "id", "name", "url_hint", "is_muted", "state", "last_error", "last_delivered_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class AlertChannelWriteSerializer(StrictBody):
    """What an owner states of a new channel."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(
        max_length=MAX_LENGTH,
        write_only=True,
        help_text="An https webhook, or an Apprise address of an offered service. Kept encrypted.",
    )
    is_muted = serializers.BooleanField(required=False)

    def validate_url(self, value: str) -> Secret:
        """Wrap it at once: whatever prints the validated data must not print it."""
        return Secret(value)


class AlertChannelChangeSerializer(AlertChannelWriteSerializer):
    """Any of what an owner states."""

    name = serializers.CharField(max_length=80, required=False)
    url = serializers.CharField(max_length=MAX_LENGTH, write_only=True, required=False)


class ChannelTestedSerializer(serializers.Serializer[Any]):
    """How a test went."""

    delivered = serializers.BooleanField()
    error = serializers.CharField(allow_blank=True, help_text="Empty when it was delivered.")


class ChannelTestThrottle(UserThrottle):
    """Tests per user: each one calls somebody else's server."""

    scope = "channel_test"
    rate = "10/min"


@extend_schema_view(
    list=extend_schema(
        operation_id="alert_channels_list", summary="Own channels, by name", examples=[_RESPONSE]
    ),
    retrieve=extend_schema(operation_id="alert_channels_get", summary="One channel", examples=[_RESPONSE]),
    destroy=extend_schema(
        operation_id="alert_channels_delete",
        summary="Delete a channel",
        description="With the log of its deliveries.",
    ),
)
@extend_schema(tags=["alerts"])
class AlertChannelViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, OwnedViewSet
):
    """Channels of the caller; at most 20."""

    queryset = AlertChannel.objects.order_by("name", "id")
    serializer_class = AlertChannelSerializer
    lookup_value_regex = UUID_PATTERN
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[AlertChannel]:
        """Return the caller's channels without their addresses."""
        rows: QuerySet[AlertChannel] = super().get_queryset()
        return rows if self.action == "test" else rows.defer("url")

    def get_throttles(self) -> Any:
        """Limit tests further."""
        more = [ChannelTestThrottle()] if self.action == "test" else []
        return [*super().get_throttles(), *more]

    @extend_schema(
        operation_id="alert_channels_create",
        summary="Add a channel",
        description="The service must be one of the offered ones and the host a public one.",
        request=AlertChannelWriteSerializer,
        responses={201: AlertChannelSerializer},
        examples=[_REQUEST, _RESPONSE],
    )
    def create(self, request: Request) -> Response:
        """Keep a channel."""
        serializer = AlertChannelWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with _url_faults():
            channel = create_channel(acting_user(request), facts=serializer.validated_data, now=utc_now())
        location = {"Location": f"{request.path.rstrip('/')}/{channel.pk}/"}
        body = AlertChannelSerializer(channel).data
        return Response(body, status=status.HTTP_201_CREATED, headers=location)

    @extend_schema(
        operation_id="alert_channels_update",
        summary="Change a channel",
        request=AlertChannelChangeSerializer,
        responses=AlertChannelSerializer,
        examples=[OpenApiExample("Mute it", request_only=True, value={"is_muted": True}), _RESPONSE],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given; a new address has to be tested again."""
        channel = self.get_object()
        serializer = AlertChannelChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with _url_faults():
            changed = update_channel(
                channel, facts=serializer.validated_data, actor=acting_user(request), now=utc_now()
            )
        return Response(AlertChannelSerializer(changed).data)

    def perform_destroy(self, instance: AlertChannel) -> None:
        """Forget it."""
        delete_channel(instance, actor=acting_user(self.request), now=utc_now())

    @extend_schema(
        operation_id="alert_channels_test",
        summary="Send a test message",
        description="Waits for the channel, some seconds at most. At most ten a minute.",
        request=None,
        responses=ChannelTestedSerializer,
        examples=[_TESTED],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Try a channel."""
        channel = self.get_object()
        refuse_body(request)
        outcome = try_channel(channel, actor=acting_user(request), now=utc_now())
        facts = {"delivered": outcome.is_delivered, "error": outcome.error}
        return Response(ChannelTestedSerializer(facts).data)


@contextmanager
def _url_faults() -> Iterator[None]:
    """Report a refused address as a fault of the field `url`."""
    try:
        yield
    except (ChannelRefused, AddressForbidden, HostNotFound) as error:
        raise serializers.ValidationError({"url": [error.detail]}, code=error.code) from None
