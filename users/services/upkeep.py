"""Forgetting what no longer lets anybody in."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from users.models import TokenLogin

KEPT_FOR: Final = timedelta(days=30)
"""How long an ended log-in stays to be looked up; the audit trail keeps its events for good."""
BATCH: Final = 5_000


def purge_expired(*, now: datetime, kept_for: timedelta = KEPT_FOR) -> dict[str, int]:
    """Delete log-ins that ended at least `kept_for` ago, and sessions that have expired, in small batches.

    API keys stay: their owner sees which were revoked.

    Returns:
        How many rows went, by kind.
    """
    long_ago = now - kept_for
    logins = TokenLogin.objects.filter(Q(expires_at__lt=long_ago) | Q(revoked_at__lt=long_ago))
    sessions = Session.objects.filter(expire_date__lt=now)
    return {"logins": _delete(logins), "sessions": _delete(sessions)}


def _delete(rows: QuerySet[Any]) -> int:
    total = 0
    while True:
        batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return total
        deleted, _ = rows.model._default_manager.filter(pk__in=batch).delete()
        total += deleted
