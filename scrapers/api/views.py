"""`/sources/`, `/coverage/`, `/sync/`, `/breakers/reset/` and `/products/{id}/refresh-price/`."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import Product
from common.api.filters import refuse_body, refuse_unknown_parameters
from common.api.idempotency import idempotent
from common.clock import utc_now
from jobs.api.serializers import JobAcceptedSerializer
from jobs.api.views import IDEMPOTENCY_KEY, accepted
from jobs.models import Job
from scrapers.errors import UnknownSource
from scrapers.models import SourceRoute
from scrapers.registry import source_spec
from scrapers.selectors import coverage, source_list
from scrapers.services import (
    request_product_refresh,
    request_source_sync,
    request_sync,
    reset_breaker,
)
from users.acting import acting_user
from users.choices import Role

from .serializers import BreakerResetSerializer, BreakerSerializer, CoverageSerializer, SourceSerializer


def _accepted(request: Request, job: Job) -> Response:
    return accepted(job, context={"request": request, "now": utc_now()})


@extend_schema(tags=["sources"])
class SourceViewSet(viewsets.GenericViewSet[Any]):
    """Where prices come from: each source with its routes, their readiness and their hosts."""

    queryset = SourceRoute.objects.none()
    serializer_class = SourceSerializer
    lookup_field = "code"
    lookup_value_regex = "[a-z0-9_-]{1,50}"
    required_role: ClassVar = {"sync": Role.OPERATOR}

    @extend_schema(summary="Sources and their routes")
    def list(self, request: Request) -> Response:
        """Return every source in the order of the registry."""
        page = self.paginate_queryset(self.filter_queryset(source_list(now=utc_now())))  # type: ignore[arg-type]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Fetch a source now",
        description="Operators. Asking again while it runs answers with the running job.",
        request=None,
        parameters=[OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH), IDEMPOTENCY_KEY],
        responses={202: JobAcceptedSerializer},
        filters=False,
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    @idempotent
    def sync(self, request: Request, code: str) -> Response:
        """Queue a run of one source."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        try:
            source_spec(code)
        except UnknownSource as error:
            raise NotFound from error
        return _accepted(request, request_source_sync(code, actor=acting_user(request), now=utc_now()))


class SyncView(APIView):
    """All sources at once."""

    required_role = Role.OPERATOR

    @extend_schema(
        tags=["sources"],
        operation_id="sync_create",
        summary="Load Magic from all sources now",
        description="Operators. Asking again while it runs answers with the running job.",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: JobAcceptedSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue a run of every source of Magic that is ready; other games come by source."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        return _accepted(request, request_sync(actor=acting_user(request), now=utc_now()))


class CoverageView(APIView):
    """How fresh the tracked products' prices are."""

    @extend_schema(
        tags=["sources"],
        operation_id="coverage_retrieve",
        summary="Products with fresh prices",
        responses=CoverageSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return fresh and tracked products, in all and by source."""
        refuse_unknown_parameters(request, set())
        return Response(CoverageSerializer(coverage(now=utc_now())).data)


class BreakerResetView(APIView):
    """Hosts that failed too often are left alone; this ends it early."""

    required_role = Role.OPERATOR

    @extend_schema(
        tags=["sources"],
        operation_id="breakers_reset_create",
        summary="Close a host's breaker",
        request=BreakerResetSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=BreakerSerializer,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Forget a host's failures, so that the next run asks it again."""
        refuse_unknown_parameters(request, set())
        body = BreakerResetSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        unknown = set(request.data) - set(body.fields)
        if unknown:
            raise ValidationError({name: ["Unknown field. Allowed: key."] for name in sorted(unknown)})
        state = reset_breaker(body.validated_data["key"], actor=acting_user(request), now=utc_now())
        return Response(BreakerSerializer(state).data)


class RefreshPriceView(APIView):
    """The prices of one product, now."""

    required_role = Role.ANALYST

    @extend_schema(
        tags=["prices"],
        operation_id="products_refresh_price_create",
        summary="Refresh the prices of one product",
        description="Analysts. Asking again while it runs answers with the running job.",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: JobAcceptedSerializer},
    )
    @idempotent
    def post(self, request: Request, product_id: UUID) -> Response:
        """Queue a refresh."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise NotFound
        return _accepted(request, request_product_refresh(product, actor=acting_user(request), now=utc_now()))
