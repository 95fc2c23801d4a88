"""`/spreads/`: the same thing cheaper at one venue than it sells for at another; list and detail."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_unknown_parameters
from common.api.pagination import PageNumber
from common.clock import utc_now
from opportunities.models import CrossVenueOpportunity
from opportunities.selectors.spreads import newest_episodes, spread_detail, spread_list
from pricing.quotebook import QuotesUnreadable, quotes_of

from . import spreads_examples as examples
from .spreads_filters import SpreadFilter
from .spreads_serializers import SpreadDetailSerializer, SpreadSerializer, quote_now

ALLOWED = frozenset(SpreadFilter.base_filters) | PageNumber.query_parameters
UUID_PATTERN = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"


def spread_page(request: Request, *, now: datetime, state: str = "") -> Response:
    """Answer the list of routes: one numbered page.

    Args:
        request: of the caller.
        now: time that staleness is judged at.
        state: which ones without a parameter that says so; empty for all.

    Raises:
        ValidationError: for parameters that are unknown or refused.
        NotFound: for a page behind the last one.
    """
    refuse_unknown_parameters(request, ALLOWED)
    rows = spread_list()
    if state and not request.query_params.get("state"):
        rows = rows.filter(state=state)
    filterset = SpreadFilter(data=request.query_params, queryset=rows, request=request)
    if not filterset.is_valid():
        raise translate_validation(filterset.errors)
    paginator = PageNumber()
    page: Any = paginator.paginate_queryset(filterset.qs, request)
    return paginator.get_paginated_response(SpreadSerializer(page, many=True, context={"now": now}).data)


def spread_answer(request: Request, *, spread_id: UUID, now: datetime) -> Response:
    """Answer one route with both quotes of now. Quotes that cannot be read leave the rest as it is.

    Raises:
        NotFound: if there is none.
        ValidationError: for any parameter.
    """
    refuse_unknown_parameters(request, set())
    row = spread_detail().filter(pk=spread_id).first()
    if row is None:
        raise NotFound
    row.now = _now(row, now)  # type: ignore[attr-defined]  # what is shown beside the stored row
    return Response(SpreadDetailSerializer(row, context={"now": now}).data)


def _now(row: CrossVenueOpportunity, now: datetime) -> SimpleNamespace:
    try:
        quotes = {quote.venue: quote for quote in quotes_of(row.instrument.symbol)}
        is_readable = True
    except QuotesUnreadable:
        quotes, is_readable = {}, False
    return SimpleNamespace(
        quotes_readable=is_readable,
        buy_quote=quote_now(quotes.get(row.buy_venue.code), now=now),
        sell_quote=quote_now(quotes.get(row.sell_venue.code), now=now),
        episodes=newest_episodes(row),
    )


@extend_schema(tags=["live markets"])
class SpreadViewSet(viewsets.GenericViewSet[CrossVenueOpportunity]):
    """Gaps between two venues, net of fees, slippage and cushions."""

    queryset = CrossVenueOpportunity.objects.none()
    serializer_class = SpreadSerializer
    filterset_class = SpreadFilter
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> QuerySet[CrossVenueOpportunity]:
        """Return the rows of the list."""
        return spread_list()

    @extend_schema(
        operation_id="spreads_list",
        summary="Gaps between two venues, widest first",
        description=(
            "Open and closed ones; `state=open` shows what is there now. Also answered by "
            "`/opportunities/?kind=cross_venue` and, unversioned, by `/api/opportunities` (open ones)."
        ),
        responses=SpreadSerializer(many=True),
        examples=[examples.LISTED],
    )
    def list(self, request: Request) -> Response:
        """Return one page."""
        return spread_page(request, now=utc_now())

    @extend_schema(
        operation_id="spreads_retrieve",
        summary="One gap with both quotes of now and its last openings",
        responses=SpreadDetailSerializer,
        examples=[examples.DETAIL],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one route, open or closed."""
        return spread_answer(request, spread_id=UUID(pk), now=utc_now())
