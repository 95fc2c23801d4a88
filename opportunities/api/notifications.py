"""`/notifications/`: the lines behind the bell."""

from typing import Any, Final

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.bodies import StrictBody
from common.api.filters import TrueOrFalse
from common.api.owned import OwnedViewSet
from common.api.pagination import MAX_PAGE_SIZE
from common.clock import utc_now
from opportunities.choices import NotificationKind
from opportunities.models import Notification
from opportunities.selectors.alerts_lists import unread_count
from opportunities.services.alerts_notifying import mark_read
from users.acting import acting_user

from .alert_deliveries import CreatedCursor

_LINE: Final[dict[str, Any]] = {
    "id": "0199f0a0-0000-7000-8000-000000000007",
    "kind": "opportunity",
    "title": "Dragon Deck: +26.66 % after costs",
    "body": "Rule “Safe and worth it”",
    "link": "/opportunities/0199f0a0-0000-7000-8000-000000000001",
    "tags": ["alert", "medium"],
    "read_at": None,
    "created_at": "2026-11-21T12:00:00Z",
}
_EXAMPLE: Final = OpenApiExample("A line", response_only=True, value=_LINE)


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """One line."""

    tags = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "body", "link", "tags", "read_at", "created_at")
        read_only_fields = fields


class ReadSerializer(StrictBody):
    """Which lines were read."""

    ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MAX_PAGE_SIZE,
        help_text="Which lines; left out: all.",
    )


class ReadResultSerializer(serializers.Serializer[Any]):
    """What is left unread."""

    marked = serializers.IntegerField(help_text="How many were unread.")
    unread_count = serializers.IntegerField()


class NotificationCursor(CreatedCursor):
    """Pages that also tell how many lines are unread in all."""

    unread = 0

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """Return one page, and count the unread lines of the caller."""
        self.unread = unread_count(acting_user(request).pk)
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap one page as `{next, previous, unread_count, results}`."""
        return Response(
            {
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "unread_count": self.unread,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe it."""
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        described["properties"]["unread_count"] = {"type": "integer", "example": 3}
        described["required"] = [*described.get("required", ["results"]), "unread_count"]
        return described


class NotificationFilter(filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Which lines."""

    kind = filters.ChoiceFilter(choices=NotificationKind.choices)
    unread = TrueOrFalse(field_name="read_at", lookup_expr="isnull", help_text="Only unread, or only read.")

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


@extend_schema_view(
    list=extend_schema(
        operation_id="notifications_list", summary="Own lines, newest first", examples=[_EXAMPLE]
    )
)
@extend_schema(tags=["alerts"])
class NotificationViewSet(mixins.ListModelMixin, OwnedViewSet):
    """The caller's bell."""

    queryset = Notification.objects.all()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    pagination_class = NotificationCursor

    def get_queryset(self) -> QuerySet[Notification]:
        """Return the caller's lines."""
        rows: QuerySet[Notification] = super().get_queryset()
        return rows

    @extend_schema(
        operation_id="notifications_read",
        summary="Mark lines as read",
        description="The given ones, or all of the caller's.",
        request=ReadSerializer,
        responses=ReadResultSerializer,
        examples=[
            OpenApiExample("Two of them", request_only=True, value={"ids": [_LINE["id"]]}),
            OpenApiExample("Done", response_only=True, value={"marked": 1, "unread_count": 2}),
        ],
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def read(self, request: Request) -> Response:
        """Mark lines as read."""
        body = ReadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = acting_user(request)
        marked = mark_read(user_id=user.pk, ids=body.validated_data.get("ids"), now=utc_now())
        facts = {"marked": marked, "unread_count": unread_count(user.pk)}
        return Response(ReadResultSerializer(facts).data)
