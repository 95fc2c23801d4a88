"""`/products/{id}/price-history/`, `/products/{id}/prices/` and `/products/sparklines/`, read-only."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.choices import Finish
from catalog.models import Product
from common.api import conditional
from common.api.filters import StrictFilterBackend, refuse_unknown_parameters
from common.api.pagination import PageNumber, TimeCursor, positive_parameter
from common.api.permissions import RoleRequired
from common.clock import utc_now
from pricing.errors import UnknownPriceSource
from pricing.models import CurrentPrice, PriceHistory
from pricing.selectors import Series, price_chart, price_source, sparklines
from pricing.selectors.sparklines import MAX_DAYS, MAX_PRODUCTS

from . import examples
from .filters import CurrentPriceFilter, PriceHistoryFilter
from .serializers import (
    CurrentPriceSerializer,
    PriceBucketSerializer,
    PriceHistorySerializer,
    SparklinesSerializer,
)

PRODUCT_ID = OpenApiParameter("product_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
BUCKETS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
CHART_DAYS: Final = 90
_BUCKET = OpenApiParameter(
    "bucket",
    OpenApiTypes.STR,
    enum=list(BUCKETS),
    description=(
        "Buckets for a chart instead of observations: `{next: null, previous: null, currency, bucket, "
        "results: [{starts_at, count, low, median, high, last}]}`, oldest first. Needs `source`; without "
        f"times the last {CHART_DAYS} days, without finish the plain one, without price_type the source's "
        "market price."
    ),
)


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

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page, or 304 if the caller has exactly that."""
        return conditional.answer(request, super().list(request, *args, **kwargs).data, version="p")


class PriceHistoryViewSet(_OfOneProduct):
    """Every stored price of one product, newest first, by cursor; or in buckets for a chart."""

    queryset = PriceHistory.objects.none()
    serializer_class = PriceHistorySerializer
    filterset_class = PriceHistoryFilter
    pagination_class = TimeCursor
    extra_query_parameters = ("bucket",)

    def get_queryset(self) -> QuerySet[PriceHistory]:
        """Return the product's history."""
        return PriceHistory.objects.filter(product_key=self.product_key())

    @extend_schema(
        tags=["prices"],
        operation_id="products_price_history_list",
        summary="Past prices of a product",
        parameters=[PRODUCT_ID, _BUCKET],
        responses=PriceHistorySerializer(many=True),
        examples=examples.HISTORY,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return observations, or buckets of them."""
        if "bucket" not in request.query_params:
            return super().list(request, *args, **kwargs)
        return conditional.answer(request, self._chart(request), version="c")

    def _chart(self, request: Request) -> dict[str, Any]:
        """Return the buckets.

        Raises:
            ValidationError: for an unknown bucket or source, or a period of too many buckets.
        """
        given = PriceHistoryFilter(request.query_params, PriceHistory.objects.none(), request=request)
        allowed = frozenset(PriceHistoryFilter.base_filters) - {"condition"} | {"bucket"}
        refuse_unknown_parameters(request, allowed)
        if not given.is_valid():
            raise ValidationError(given.errors)
        asked = given.form.cleaned_data
        bucket = request.query_params["bucket"]
        if bucket not in BUCKETS:
            raise ValidationError({"bucket": [f"Give one of {', '.join(BUCKETS)}."]})
        if not asked["source"]:
            raise ValidationError({"source": ["A chart is of one source."]})
        key = self.product_key()
        try:
            source = price_source(asked["source"])
        except UnknownPriceSource as error:
            raise ValidationError({"source": [error.detail]}) from error
        until: datetime = asked["recorded_before"] or utc_now()
        try:
            after: datetime = asked["recorded_after"] or until - timedelta(days=CHART_DAYS)
            points = price_chart(
                product_key=key,
                finish=asked["finish"] or Finish.NONFOIL,
                series=Series(source, asked["price_type"] or None),
                period=(after, until),
                bucket=BUCKETS[bucket],
            )
        except (ValueError, OverflowError) as error:
            raise ValidationError({"bucket": [f"This period is too long: {error}."]}) from error
        results = PriceBucketSerializer(points, many=True).data
        head = {"next": None, "previous": None, "currency": source.currency, "bucket": bucket}
        return {**head, "results": results}


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

    @extend_schema(
        tags=["prices"],
        operation_id="products_prices_list",
        summary="Current prices of a product",
        parameters=[PRODUCT_ID],
        examples=examples.CURRENT,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page."""
        return super().list(request, *args, **kwargs)


class SparklinesView(APIView):
    """The course of many products' prices at once."""

    @extend_schema(
        tags=["prices"],
        operation_id="products_sparklines_retrieve",
        summary="Courses of many products' prices",
        description="One line for each product that has prices: of the source with the most days.",
        parameters=[
            OpenApiParameter("ids", OpenApiTypes.STR, required=True, description="At most 100, by comma."),
            OpenApiParameter("days", OpenApiTypes.INT, description="1 to 30; default 30."),
            OpenApiParameter("source", OpenApiTypes.STR, description="Only this source."),
        ],
        responses=SparklinesSerializer,
        examples=examples.SPARKLINES,
    )
    def get(self, request: Request) -> Response:
        """Return the lines."""
        refuse_unknown_parameters(request, {"ids", "days", "source"})
        days = positive_parameter(request, "days", default=MAX_DAYS, maximum=MAX_DAYS)
        source = request.query_params.get("source")
        if source is not None and not source.isprintable():
            raise ValidationError({"source": ["Give the code of a source."]})
        lines = sparklines(_ids(request), now=utc_now(), days=days, source=source)
        return conditional.answer(request, SparklinesSerializer({"results": lines}).data, version="k")


def _ids(request: Request) -> list[UUID]:
    """Return the ids asked for, by comma or repeated.

    Raises:
        ValidationError: for none, too many, or something that is no id.
    """
    parts = [part for text in request.query_params.getlist("ids") for part in text.split(",")]
    if not 1 <= len(parts) <= MAX_PRODUCTS:
        raise ValidationError({"ids": [f"Give 1 to {MAX_PRODUCTS} ids, by comma."]})
    try:
        return [UUID(part.strip()) for part in parts]
    except ValueError as error:
        raise ValidationError({"ids": ["One of these is no id."]}) from error
