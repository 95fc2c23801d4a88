"""Executions across two venues as they are listed, shown and exported."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from pricing.quotebook import LiveQuote
from trading.choices import LegState
from trading.models import LegOrder, SpreadExecution

LONGEST_QUOTE: Final = timedelta(days=1)


def spread_execution_list() -> QuerySet[SpreadExecution]:
    """Return executions with their legs and fills, newest first, in a constant number of queries."""
    legs = LegOrder.objects.select_related("venue").prefetch_related("fills").order_by("position")
    return spread_execution_rows().prefetch_related(Prefetch("legs", queryset=legs))


def spread_execution_rows() -> QuerySet[SpreadExecution]:
    """Return executions without their legs, newest first."""
    return SpreadExecution.objects.select_related(
        "actor", "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue"
    ).order_by("-created_at", "-id")


def units_taken(quote: LiveQuote, *, side: str, is_on_paper: bool = True, but: str = "") -> Decimal:
    """Return what our own orders took, or are about to take, of a quote since it was received.

    What is bought on paper stays in the venue's book, so only our own records know of it; and a real venue
    shows it only with its next quote. Orders without an outcome count in full.

    Args:
        quote: of a venue.
        side: ours.
        is_on_paper: whether the venue never hears of our orders: then a quote with a name and an end is still
            the same one when it is received again.
        but: client order id of an order that does not count.
    """
    since = datetime.fromtimestamp(quote.received_ms / 1_000, tz=UTC)
    is_same = Q(acted_at__gte=since)
    if is_on_paper and quote.quote_id and quote.expires_ms is not None:
        is_same |= Q(quote_id=quote.quote_id[:120], acted_at__gte=since - LONGEST_QUOTE)
    rows = (
        LegOrder.objects.filter(
            venue__code=quote.venue, side=side, execution__opportunity__instrument__symbol=quote.symbol
        )
        .exclude(state=LegState.VOID)
        .exclude(client_order_id=but)
        .annotate(acted_at=Coalesce("sent_at", "created_at"), filled_units=Sum("fills__quantity"))
        .filter(is_same)
        .values_list("state", "quantity", F("filled_units"))
    )
    final = (LegState.FILLED, LegState.PARTIAL)
    return sum(
        (filled or Decimal(0) if state in final else units for state, units, filled in rows), Decimal(0)
    )
