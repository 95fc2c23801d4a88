"""`/saved-views/`: named filters of a page, one's own and those others share."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.owned import OwnedViewSet
from common.api.pagination import MAX_PAGE_SIZE, PageNumber, positive_parameter
from common.clock import utc_now
from users.acting import acting_user
from users.choices import PageName
from users.models import SavedView
from users.services import create_saved_view, delete_saved_view, update_saved_view

from .credentials import UUID_PATTERN
from .serializers import SavedViewChangeSerializer, SavedViewSerializer, SavedViewWriteSerializer

_REQUEST = OpenApiExample(
    "Cheap boxes",
    request_only=True,
    value={
        "page": "opportunities",
        "name": "Cheap boxes",
        "query": "price_max=120&risk_level=low",
        "is_default": True,
    },
)
_RESPONSE = OpenApiExample(
    "A view",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000003",
        "page": "opportunities",
        "name": "Cheap boxes",
        "query": "price_max=120&risk_level=low",
        "is_default": True,
        "is_shared": False,
        "is_own": True,
        "owner": "alice",
        "created_at": "2026-11-21T12:00:00Z",
        "updated_at": "2026-11-21T12:00:00Z",
    },
)


class SavedViewFilter(FilterSet):  # type: ignore[misc]  # untyped package
    """By the page of the dashboard."""

    page = ChoiceFilter(choices=PageName.choices)

    class Meta:
        model = SavedView
        fields = ("page",)


class SavedViewPages(PageNumber):
    """Pages of the list are `number`: here `page` names a page of the dashboard."""

    page_query_param = "number"
    query_parameters = frozenset({"number", "page_size"})

    def get_page_size(self, request: Request) -> int:
        """Return the requested page size; a dashboard shows them all at once."""
        return positive_parameter(request, "page_size", default=MAX_PAGE_SIZE, maximum=MAX_PAGE_SIZE)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        """Return the requested page number."""
        return positive_parameter(request, "number", default=1, maximum=999_999_999)


@extend_schema_view(
    list=extend_schema(summary="Own and shared views", examples=[_RESPONSE]),
    retrieve=extend_schema(summary="One view", examples=[_RESPONSE]),
    destroy=extend_schema(summary="Delete one's own view"),
)
@extend_schema(tags=["saved views"])
class SavedViewViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, OwnedViewSet
):
    """Named filters. Shared ones are read by all and changed by their owner; at most 50 per page and user."""

    queryset = SavedView.objects.select_related("user")
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilter
    pagination_class = SavedViewPages
    lookup_value_regex = UUID_PATTERN
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[SavedView]:
        """Return the caller's views, and for reading those that active users share."""
        user = self.request.user
        if self.request.method not in SAFE_METHODS or not user.is_authenticated:
            own: QuerySet[SavedView] = super().get_queryset()
            return own
        shared = Q(is_shared=True, user__is_active=True)
        rows = SavedView.objects.select_related("user").filter(Q(user=acting_user(self.request)) | shared)
        return rows.order_by("page", "name", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the caller."""
        return {**super().get_serializer_context(), "user": self.request.user}

    @extend_schema(
        summary="Save a view",
        request=SavedViewWriteSerializer,
        responses={201: SavedViewSerializer},
        examples=[_REQUEST, _RESPONSE],
    )
    def create(self, request: Request) -> Response:
        """Save a view; as the default it replaces the former default of that page."""
        serializer = SavedViewWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        view = create_saved_view(acting_user(request), facts=serializer.validated_data, now=utc_now())
        location = {"Location": f"{request.path.rstrip('/')}/{view.pk}/"}
        return Response(self.get_serializer(view).data, status=status.HTTP_201_CREATED, headers=location)

    @extend_schema(
        summary="Change one's own view",
        request=SavedViewChangeSerializer,
        responses=SavedViewSerializer,
        examples=[
            OpenApiExample("Share it", request_only=True, value={"is_shared": True}),
            _RESPONSE,
        ],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given; the page it belongs to stays."""
        view = self.get_object()
        serializer = SavedViewChangeSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = update_saved_view(view, facts=serializer.validated_data, now=utc_now())
        return Response(self.get_serializer(changed).data)

    def perform_destroy(self, instance: SavedView) -> None:
        """Forget it."""
        delete_saved_view(instance, now=utc_now())
