"""Executions across two venues as they are listed, shown and exported."""

from django.db.models import Prefetch, QuerySet

from trading.models import LegOrder, SpreadExecution


def spread_execution_list() -> QuerySet[SpreadExecution]:
    """Return executions with their legs and fills, newest first, in a constant number of queries."""
    legs = LegOrder.objects.select_related("venue").prefetch_related("fills").order_by("position")
    return spread_execution_rows().prefetch_related(Prefetch("legs", queryset=legs))


def spread_execution_rows() -> QuerySet[SpreadExecution]:
    """Return executions without their legs, newest first."""
    return SpreadExecution.objects.select_related(
        "actor", "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue"
    ).order_by("-created_at", "-id")
