"""Closing opportunities: expiry by time or verdict, dismissal by a person, removal of what nobody needs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from common.audit import NewEvent, record_event, record_events
from common.metrics import OPPORTUNITIES
from common.versions import Expected, check_version
from opportunities.choices import OpportunityKind, OpportunityStatus
from opportunities.errors import OpportunityClosed, OpportunityNotFound
from opportunities.models import Opportunity
from users.models import User

from .revisions import announce, write_quotes

TIME_PASSED = "its time has passed"
WITHDRAWN = "product or source no longer in use"
_REASON_LENGTH = 200
_PURGE_BATCH = 1_000
_WIDE = ("inputs", "factors", "distribution", "percentiles")


def expire_overdue(*, now: datetime) -> int:
    """Expire active opportunities whose end has come; return how many."""
    return expire_rows(Opportunity.objects.active().filter(expires_at__lte=now), {}, TIME_PASSED, now=now)


def expire_rows(
    rows: models.QuerySet[Opportunity], reasons: Mapping[UUID, str], default_reason: str, *, now: datetime
) -> int:
    """Expire the active ones among rows, with audit events, in one transaction.

    Args:
        rows: which opportunities.
        reasons: sealed product -> why.
        default_reason: for products without an entry.
        now: time of the expiry.

    Returns:
        How many were expired. Running it again changes nothing.
    """
    with transaction.atomic():
        active = rows.filter(status=OpportunityStatus.ACTIVE).select_for_update(of=("self",))
        locked = list(active.defer(*_WIDE).order_by("id"))
        events = []
        for row in locked:
            reason = reasons.get(row.sealed_product_id, default_reason)
            row.revision += 1
            Opportunity.objects.filter(pk=row.pk).update(
                status=OpportunityStatus.EXPIRED,
                revision=row.revision,
                closed_at=now,
                closed_reason=reason[:_REASON_LENGTH],
                updated_at=now,
            )
            events.append(NewEvent("opportunity.expired", f"opportunity:{row.pk}", {"reason": reason}))
            announce(row, "expired")
        write_quotes(locked, now=now)
        record_events(events, actor=None, now=now)
    _count("expired", len(locked))
    return len(locked)


def expire_opportunity(
    *, opportunity_id: UUID, reason: str, actor: User | None, now: datetime
) -> Opportunity:
    """Expire one active opportunity before its time.

    Raises:
        OpportunityNotFound: if there is none.
        OpportunityClosed: if it is not active any more.
    """
    with transaction.atomic():
        return _close(_locked(opportunity_id), OpportunityStatus.EXPIRED, reason, actor, now)


def dismiss_opportunity(
    *, opportunity_id: UUID, reason: str, actor: User | None, now: datetime, expected: Expected = None
) -> Opportunity:
    """Cancel an active opportunity on a person's judgement.

    The row is final. The product is not offered again by the same policy and source for the policy's
    `dismissed_for`; after that a new detection makes a new row.

    Args:
        opportunity_id: which opportunity.
        reason: why, at most 200 characters are kept.
        actor: who does it.
        now: when.
        expected: revisions the caller accepts to dismiss.

    Raises:
        PreconditionFailed: if it is at another revision.
        OpportunityNotFound: if there is none.
        OpportunityClosed: if it is not active any more.
    """
    with transaction.atomic():
        row = _locked(opportunity_id)
        check_version(row.revision, expected)
        return _close(row, OpportunityStatus.CANCELLED, reason, actor, now)


def remove_old(*, now: datetime) -> int:
    """Delete opportunities that expired long ago and that nobody acted on; return how many.

    What was executed or dismissed stays. The audit trail keeps the history of what is deleted.
    """
    before = now - timedelta(days=settings.EXPIRED_RETENTION_DAYS)
    removed = 0
    while True:
        with transaction.atomic():
            ids = list(
                Opportunity.objects.filter(status=OpportunityStatus.EXPIRED, closed_at__lt=before)
                .order_by("closed_at", "id")
                .select_for_update(skip_locked=True)
                .values_list("pk", flat=True)[:_PURGE_BATCH]
            )
            if not ids:
                return removed
            Opportunity.objects.filter(pk__in=ids).delete()
            record_event(
                actor=None,
                verb="opportunity.removed",
                subject="opportunity:expired",
                data={"count": len(ids), "closed_before": before.isoformat()},
                now=now,
            )
        removed += len(ids)


def _locked(opportunity_id: UUID) -> Opportunity:
    row = Opportunity.objects.select_for_update().filter(pk=opportunity_id).first()
    if row is None:
        raise OpportunityNotFound(details={"id": str(opportunity_id)})
    return row


def _close(
    row: Opportunity, status: OpportunityStatus, reason: str, actor: User | None, now: datetime
) -> Opportunity:
    if row.status != OpportunityStatus.ACTIVE:
        raise OpportunityClosed(
            detail=f"This opportunity is {row.get_status_display().lower()} already.",
            details={"id": str(row.pk), "status": row.status},
        )
    row.status, row.closed_at, row.closed_reason = status, now, reason[:_REASON_LENGTH]
    row.revision += 1
    row.save(update_fields=["status", "revision", "closed_at", "closed_reason", "updated_at"])
    write_quotes([row], now=now)
    announce(row, status.value)
    record_event(
        actor=actor,
        verb=f"opportunity.{status.value}",
        subject=f"opportunity:{row.pk}",
        data={"reason": reason},
        now=now,
    )
    transaction.on_commit(lambda: _count(status.value, 1))
    return row


def _count(outcome: str, number: int) -> None:
    if number:
        OPPORTUNITIES.labels(kind=OpportunityKind.SEALED_TO_SINGLES, outcome=outcome).inc(number)
