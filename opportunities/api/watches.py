"""`/watches/`: the products a user keeps an eye on, each with its best chance now."""

from typing import Any, Final

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.choices import ProductType
from catalog.models import Product
from common.api.bodies import StrictBody
from common.api.owned import OwnedViewSet
from common.clock import utc_now
from opportunities.choices import RiskLevel
from opportunities.models import Watch
from opportunities.selectors.alerts_lists import watch_list
from opportunities.services.alerts_watching import add_watch, change_note, remove_watch
from users.acting import acting_user

from .alert_rules import UUID_PATTERN
from .serializers import SealedProductSerializer

_RESPONSE: Final = OpenApiExample(
    "A watch",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000008",
        "product": {
            "id": "0199f0a0-0000-7000-8000-000000000002",
            "name": "Dragon Deck",
            "set_name": "Dragons",
            "set_code": "DRG",
            "category": "mtg",
            "sealed_kind": "deck",
            "image_url": "",
            "is_demo": False,
        },
        "note": "Buy below 55",
        "created_at": "2026-11-20T12:00:00Z",
        "opportunity": {
            "id": "0199f0a0-0000-7000-8000-000000000001",
            "margin_percentage": "26.66",
            "net_profit": "16.00",
            "currency": "EUR",
            "risk_level": "medium",
            "confidence_score": "0.66",
        },
    },
)


class WatchedOpportunitySerializer(serializers.Serializer[Any]):
    """The figures of a product's best active opportunity that needs no review."""

    id = serializers.UUIDField()
    margin_percentage = serializers.DecimalField(max_digits=14, decimal_places=2)
    net_profit = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField()
    risk_level = serializers.ChoiceField(choices=RiskLevel.choices)
    confidence_score = serializers.DecimalField(max_digits=3, decimal_places=2)


class WatchSerializer(serializers.ModelSerializer[Watch]):
    """A watched product."""

    product = SealedProductSerializer(read_only=True)
    opportunity = WatchedOpportunitySerializer(source="best", read_only=True, allow_null=True)

    class Meta:
        model = Watch
        fields = ("id", "product", "note", "created_at", "opportunity")
        read_only_fields = fields


class WatchNoteSerializer(StrictBody):
    """The user's own words."""

    note = serializers.CharField(max_length=200, allow_blank=True)


class WatchWriteSerializer(StrictBody):
    """What to watch."""

    product = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.filter(is_active=True, product_type=ProductType.SEALED),
        pk_field=serializers.UUIDField(),
        help_text="Id of a sealed product.",
    )
    note = serializers.CharField(max_length=200, allow_blank=True, required=False)


class WatchFilter(filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Which watches."""

    product = filters.UUIDFilter(field_name="product_id", help_text="Id of a product.")

    class Meta:
        model = Watch
        fields: tuple[str, ...] = ()


@extend_schema_view(
    list=extend_schema(
        operation_id="watches_list", summary="Watched products, newest first", examples=[_RESPONSE]
    ),
    retrieve=extend_schema(operation_id="watches_get", summary="One watch", examples=[_RESPONSE]),
    destroy=extend_schema(operation_id="watches_delete", summary="Stop watching"),
)
@extend_schema(tags=["alerts"])
class WatchViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, OwnedViewSet):
    """The caller's watchlist; at most 1,000 products."""

    queryset = Watch.objects.all()
    serializer_class = WatchSerializer
    filterset_class = WatchFilter
    lookup_value_regex = UUID_PATTERN
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Watch]:
        """Return the caller's watches with product and best opportunity."""
        return watch_list(super().get_queryset(), now=utc_now())

    @extend_schema(
        operation_id="watches_create",
        summary="Watch a product",
        description="201, or 200 when it is watched already; a given note replaces the old one.",
        request=WatchWriteSerializer,
        responses={201: WatchSerializer, 200: WatchSerializer},
        examples=[
            OpenApiExample(
                "Keep an eye on it",
                request_only=True,
                value={"product": "0199f0a0-0000-7000-8000-000000000002", "note": "Buy below 55"},
            ),
            _RESPONSE,
        ],
    )
    def create(self, request: Request) -> Response:
        """Watch a product."""
        body = WatchWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        watch, is_new = add_watch(acting_user(request), **body.validated_data, now=utc_now())
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return self._shown(watch, code)

    @extend_schema(
        operation_id="watches_update",
        summary="Change the note",
        request=WatchNoteSerializer,
        responses=WatchSerializer,
        examples=[OpenApiExample("A note", request_only=True, value={"note": "Buy below 50"}), _RESPONSE],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the note."""
        watch = self.get_object()
        body = WatchNoteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._shown(change_note(watch, note=body.validated_data["note"], now=utc_now()))

    def perform_destroy(self, instance: Watch) -> None:
        """Stop watching."""
        remove_watch(instance, now=utc_now())

    def _shown(self, watch: Watch, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=watch.pk)).data, status=code)
