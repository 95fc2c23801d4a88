"""Small changes of executions and limits: cancelling, notes, amounts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from common.audit import record_event
from common.outbox import enqueue
from trading.choices import ExecutionState, LimitPeriod
from trading.errors import AlreadyOpened, AlreadySelling, ExecutionNotFound, LimitNotFound
from trading.models import Execution, ExposureLimit
from users.models import User

from .announcing import ANNOUNCE_TASK, publish_execution
from .exposure import count_at_stake, release_exposure
from .ledger import reverse_purchase
from .settling import locked_execution

_REASON_LENGTH = 200


def cancel_execution(*, execution_id: UUID, reason: str, actor: User | None, now: datetime) -> Execution:
    """Take a purchase back before anything of it was opened or sold: nobody takes that back.

    What the paper broker drew counts as opened, since whoever sees the cards could else keep the lucky
    openings and take the others back, and no report would tell. So only purchases that people open
    themselves can be taken back, until they do.

    The purchase is booked backwards and its exposure comes back. The opportunity stays executed: what holds
    now is for the next analysis to find. A kill switch does not stop this.

    Raises:
        ExecutionNotFound: if there is none.
        ExecutionClosed: if it is settled, cancelled or failed.
        AlreadySelling: if something was sold, by the broker or by a person.
        AlreadyOpened: if products of it were opened, by the broker or by a person.
    """
    with transaction.atomic():
        execution = locked_execution(execution_id)
        if execution.sales.exists():
            raise AlreadySelling(
                detail="Something was sold already; settle the execution instead.",
                details={"id": str(execution_id), "state": execution.state},
            )
        if execution.openings.exists():
            raise AlreadyOpened(
                detail="Products of it were opened already; settle the execution instead.",
                details={"id": str(execution_id), "state": execution.state},
            )
        release_exposure(execution, periods=LimitPeriod.values, now=now)
        reverse_purchase(execution, now=now)
        execution.state, execution.closed_reason = ExecutionState.CANCELLED, reason[:_REASON_LENGTH]
        execution.save(update_fields=["state", "closed_reason"])
        record_event(
            actor=actor,
            verb="execution.cancelled",
            subject=f"execution:{execution.pk}",
            data={"reason": reason[:_REASON_LENGTH], "cost": str(execution.expected_cost)},
            now=now,
        )
        enqueue(
            task=ANNOUNCE_TASK,
            kwargs={"execution_id": str(execution.pk), "what": "cancelled"},
            queue="default",
            key=f"execution-cancelled:{execution.pk}",
        )
        publish_execution(execution, "cancelled")
    return execution


def note_execution(*, execution_id: UUID, note: str, actor: User, now: datetime) -> Execution:
    """Replace the note of an execution, whatever its state.

    Raises:
        ExecutionNotFound: if there is none.
    """
    with transaction.atomic():
        execution = Execution.objects.select_for_update(of=("self",)).filter(pk=execution_id).first()
        if execution is None:
            raise ExecutionNotFound(details={"id": str(execution_id)})
        if execution.note != note:
            execution.note = note
            execution.save(update_fields=["note"])
            record_event(
                actor=actor,
                verb="execution.noted",
                subject=f"execution:{execution.pk}",
                data={"length": len(note)},
                now=now,
            )
            publish_execution(execution, "noted")
    return execution


def add_missing_limits(amounts: Mapping[tuple[str, str], Decimal], *, currency: str, now: datetime) -> int:
    """Add limits that apply to each subject where there is none yet; return how many were added.

    What staff set, lowered or switched off stays as it is.

    Args:
        amounts: by scope and period.
        currency: of the amounts.
        now: time of the change.
    """
    added = 0
    with transaction.atomic():
        for (scope, period), amount in amounts.items():
            place = {"scope": scope, "subject": "", "period": period, "currency": currency}
            if not ExposureLimit.objects.filter(**place).exists():
                add_limit(ExposureLimit(**place, amount=amount), actor=None, now=now)
                added += 1
    return added


def add_limit(limit: ExposureLimit, *, actor: User | None, now: datetime) -> ExposureLimit:
    """Store a new exposure limit with its audit event; what is at stake already counts within it.

    Args:
        limit: not saved yet; validated.
        actor: who adds it; None for the system.
        now: time of the change.
    """
    with transaction.atomic():
        limit.save(force_insert=True)
        counted = count_at_stake(limit, now=now) if limit.is_active else 0
        record_event(
            actor=actor,
            verb="exposure_limit.added",
            subject=f"exposure_limit:{limit.pk}",
            data={
                "amount": str(limit.amount),
                "scope": limit.scope,
                "currency": limit.currency,
                "counted": counted,
            },
            now=now,
        )
    return limit


def change_limit(
    *,
    limit_id: UUID,
    actor: User,
    now: datetime,
    amount: Decimal | None = None,
    is_active: bool | None = None,
) -> ExposureLimit:
    """Change an exposure limit. What is at stake already stays; a lower limit only lets nothing new in.

    A limit that is switched on again counts what was put at stake while it was off.

    Args:
        limit_id: which limit.
        actor: who changes it.
        now: time of the change.
        amount: new amount, >= 0; None leaves it.
        is_active: None leaves it.

    Raises:
        LimitNotFound: if there is none.
    """
    with transaction.atomic():
        limit = ExposureLimit.objects.select_for_update(no_key=True).filter(pk=limit_id).first()
        if limit is None:
            raise LimitNotFound(details={"id": str(limit_id)})
        before = {"amount": str(limit.amount), "is_active": limit.is_active}
        limit.amount = limit.amount if amount is None else amount
        limit.is_active = limit.is_active if is_active is None else is_active
        after = {"amount": str(limit.amount), "is_active": limit.is_active}
        if after != before:
            limit.save()
            if limit.is_active and not before["is_active"]:
                count_at_stake(limit, now=now)
            record_event(
                actor=actor,
                verb="exposure_limit.changed",
                subject=f"exposure_limit:{limit.pk}",
                data={"before": before, "after": after, "scope": limit.scope, "currency": limit.currency},
                now=now,
            )
    return limit
