"""Asking for an analysis in the background."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from common.audit import record_event
from common.outbox import enqueue
from users.models import User

ANALYZE_ALL_TASK: Final = "opportunities.analyze_all_products"


def request_analysis(*, actor: User, now: datetime) -> dict[str, Any]:
    """Queue an analysis of all products, at most one a minute, and record who asked.

    Args:
        actor: who asks.
        now: time of the request.

    Returns:
        `status`, `task` and `requested_at`.
    """
    with transaction.atomic():
        enqueue(task=ANALYZE_ALL_TASK, kwargs={}, queue="analysis", key=f"analyze-all:{now:%Y-%m-%dT%H:%M}")
        record_event(
            actor=actor,
            verb="opportunity.analysis_requested",
            subject="analysis:all",
            data={"task": ANALYZE_ALL_TASK},
            now=now,
        )
    return {"status": "queued", "task": ANALYZE_ALL_TASK, "requested_at": now}
