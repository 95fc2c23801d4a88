"""`/products/{id}/price-history/` and `/products/{id}/prices/`, read-only."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound

from catalog.models import Product
from common.api.filters import StrictFilterBackend
from common.api.pagination import PageNumber, TimeCursor
from common.api.permissions import RoleRequired
from common.clock import utc_now
from pricing.models import CurrentPrice, PriceHistory

from .filters import CurrentPriceFilter, PriceHistoryFilter
from .serializers import CurrentPriceSerializer, PriceHistorySerializer

PRODUCT_ID = OpenApiParameter("product_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class _OfOneProduct(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    permission_classes = (RoleRequired,)
    filter_backends = (StrictFilterBackend,)

    def product_key(self) -> int:
        """Return the key of the product in the path.

        Raises:
            NotFound: if there is no such product.
        """
        identifier: UUID = self.kwargs["product_id"]
        key = Product.objects.filter(pk=identifier).values_list("key", flat=True).first()
        if key is None:
            raise NotFound
        return key


@extend_schema(tags=["prices"], parameters=[PRODUCT_ID])
class PriceHistoryViewSet(_OfOneProduct):
    """Every stored price of one product, newest first, by cursor."""

    queryset = PriceHistory.objects.none()
    serializer_class = PriceHistorySerializer
    filterset_class = PriceHistoryFilter
    pagination_class = TimeCursor

    def get_queryset(self) -> QuerySet[PriceHistory]:
        """Return the product's history."""
        return PriceHistory.objects.filter(product_key=self.product_key())


@extend_schema(tags=["prices"], parameters=[PRODUCT_ID])
class CurrentPriceViewSet(_OfOneProduct):
    """The newest accepted price of one product for every source and variant."""

    queryset = CurrentPrice.objects.none()
    serializer_class = CurrentPriceSerializer
    filterset_class = CurrentPriceFilter
    pagination_class = PageNumber

    def get_queryset(self) -> QuerySet[CurrentPrice]:
        """Return the product's current prices."""
        prices = CurrentPrice.objects.filter(product__key=self.product_key())
        return prices.select_related("product", "source", "variant", "batch").order_by(
            "source__code", "variant__finish", "variant__price_type", "variant__condition", "variant_id"
        )

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the time that staleness is judged at."""
        return {**super().get_serializer_context(), "now": utc_now()}
