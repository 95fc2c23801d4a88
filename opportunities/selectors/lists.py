"""Querysets of opportunities with everything their rows show."""

from datetime import datetime

from opportunities.choices import OpportunityStatus
from opportunities.models import Opportunity, OpportunityQuerySet

RANKING = ("-rank_score", "-net_profit", "created_at", "id")
"""Best first; ties by profit, then age."""

_DETAIL_ONLY = ("inputs", "factors", "distribution", "percentiles", "execution_notes", "closed_reason")


def opportunity_list(*, now: datetime) -> OpportunityQuerySet:
    """Return opportunities for lists, one query for all that a row shows, best first.

    Active ones whose end has come are left out, even before they are marked expired.
    """
    rows: OpportunityQuerySet = (
        not_overdue(Opportunity.objects.all(), now=now)
        .select_related("sealed_product", "buy_source", "sell_source")
        .defer(*_DETAIL_ONLY, "sealed_product__description")
    )
    return rows


def not_overdue(rows: OpportunityQuerySet, *, now: datetime) -> OpportunityQuerySet:
    """Leave out active ones whose end has come; best first."""
    found: OpportunityQuerySet = rows.exclude(status=OpportunityStatus.ACTIVE, expires_at__lte=now).order_by(
        *RANKING
    )
    return found


def opportunity_detail() -> OpportunityQuerySet:
    """Return opportunities with everything their own page shows, whatever their status."""
    rows: OpportunityQuerySet = Opportunity.objects.select_related(
        "sealed_product", "buy_source", "sell_source", "fee_schedule__venue"
    ).order_by(*RANKING)
    return rows
