"""What became of one opportunity: its revisions and its audit events."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from common.audit import events_hold
from common.models import AuditEvent
from opportunities.models import Opportunity, OpportunityQuote
from users.models import User

MAX_REVISIONS: Final = 1_000
MAX_EVENTS: Final = 500

_POINT: Final = (
    "revision", "recorded_at", "sealed_price", "total_cost", "net_profit", "margin_percentage",
    "confidence_score",
)  # fmt: skip


def revisions_of(row: Opportunity) -> dict[str, Any]:
    """Return the figures of each revision, oldest first; the newest `MAX_REVISIONS` if there are more."""
    newest = OpportunityQuote.objects.filter(opportunity=row).order_by("-revision").values(*_POINT)
    return {"currency": row.currency, "points": list(newest[:MAX_REVISIONS])[::-1]}


def timeline_of(row: Opportunity, *, reader: User | None) -> dict[str, Any]:
    """Return the audit events of an opportunity and its executions, newest first, and whether they hold.

    Args:
        row: which opportunity.
        reader: who asks; nobody in particular is not told who did what.

    Returns:
        `results`, at most `MAX_EVENTS`, and `verified`: whether every one of them still has the hash of what
        is stored, None without events.
    """
    executions = row.executions.values_list("pk", flat=True)
    subjects = [f"opportunity:{row.pk}", *(f"execution:{execution}" for execution in executions)]
    events = list(
        AuditEvent.objects.filter(subject__in=subjects).order_by("-recorded_at", "-id")[:MAX_EVENTS]
    )
    actors = {event.actor_id for event in events if event.actor_id is not None}
    names = {} if reader is None else _names(actors)
    return {
        "results": [_event(event, names) for event in events],
        "verified": events_hold([event.pk for event in events]) if events else None,
    }


def _names(actors: Collection[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in=actors).values_list("pk", "username")) if actors else {}


def _event(event: AuditEvent, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": event.pk,
        "recorded_at": event.recorded_at,
        "actor": None if event.actor_id is None else names.get(event.actor_id),
        "verb": event.verb,
        "data": event.data,
        "hash": bytes(event.hash).hex(),
        "seq": event.seq,
        "stream": event.stream,
    }
