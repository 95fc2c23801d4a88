"""Revisions of an opportunity: what people saw of it, kept, and told to open dashboards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from common.events import Topic, publish_event
from opportunities.models import Opportunity, OpportunityQuote

QUOTED: Final = (
    "sealed_price", "total_cost", "singles_value", "net_profit", "margin_percentage", "confidence_score",
    "oldest_price_at",
)  # fmt: skip
"""What a quote keeps of a revision."""

_SHOWN: Final = (
    *QUOTED, "currency", "gross_singles_value", "naive_margin_percentage", "coverage", "lines_counted",
    "standard_deviation", "probability_of_profit", "risk_level", "seller_count", "competition_level", "flags",
    "needs_review", "status",
)  # fmt: skip
"""A change of one of these is a new revision; that a lifetime was prolonged is not."""


MAX_QUOTES: Final = 1_000
"""Quotes of one opportunity: the oldest makes room for the newest, and no history shows more."""


def shown_figures(row: Opportunity) -> dict[str, Any]:
    """Return the figures whose change makes a new revision."""
    return {name: getattr(row, name) for name in _SHOWN}


def write_quotes(rows: Sequence[Opportunity], *, now: datetime) -> None:
    """Keep the figures of each row under its revision, in the caller's transaction.

    Of one opportunity `MAX_QUOTES` are kept, so that a market that moves by the minute fills no disk.

    Args:
        rows: saved rows with a revision that has no quote yet.
        now: when they became visible.
    """
    OpportunityQuote.objects.bulk_create(
        [
            OpportunityQuote(
                opportunity_id=row.pk,
                revision=row.revision,
                recorded_at=now,
                **{name: getattr(row, name) for name in QUOTED},
            )
            for row in rows
        ]
    )
    outdated = Q()
    for row in rows:
        if row.revision > MAX_QUOTES:
            outdated |= Q(opportunity=row.pk, revision=row.revision - MAX_QUOTES)
    if outdated:
        OpportunityQuote.objects.filter(outdated).delete()


def announce(row: Opportunity, name: str) -> None:
    """Tell open dashboards what happened to an opportunity, after the transaction commits.

    Args:
        row: as it is now.
        name: opened, updated, reopened, expired, cancelled or executed.
    """
    publish_event(
        topic=Topic.OPPORTUNITY,
        name=name,
        data={
            "id": row.pk,
            "product": row.sealed_product_id,
            "currency": row.currency,
            "margin_percentage": row.margin_percentage,
            "net_profit": row.net_profit,
            "risk_level": str(row.risk_level),
            "confidence_score": row.confidence_score,
            "revision": row.revision,
            "needs_review": row.needs_review,
        },
    )
