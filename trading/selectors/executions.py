"""Executions as they are listed, shown and exported."""

from django.db.models import Prefetch, QuerySet

from trading.models import Execution, LedgerEntry, LedgerPosting, Opening, Order, PulledCard


def execution_list() -> QuerySet[Execution]:
    """Return executions with what a row of the list shows, newest first."""
    return Execution.objects.select_related("product", "buy_source", "sell_source", "actor").order_by(
        "-created_at", "-id"
    )


def execution_detail() -> QuerySet[Execution]:
    """Return executions with their orders, fills, postings and openings, in a constant number of queries."""
    orders = Order.objects.select_related("product", "source").prefetch_related("fills").order_by("leg")
    entries = LedgerEntry.objects.order_by("id")
    postings = LedgerPosting.objects.prefetch_related(Prefetch("entries", queryset=entries))
    lines = PulledCard.objects.select_related("product").order_by("-quantity", "-model_price", "id")
    openings = Opening.objects.select_related("entered_by").prefetch_related(
        Prefetch("lines", queryset=lines)
    )
    return execution_list().prefetch_related(
        Prefetch("orders", queryset=orders),
        Prefetch("postings", queryset=postings.order_by("posted_at", "id")),
        Prefetch("openings", queryset=openings.order_by("opened_at", "id")),
    )
