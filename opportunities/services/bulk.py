"""The same thing done to many opportunities; each may be skipped for its own reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from catalog.models import Product
from common.errors import DomainError, InvalidInput
from jobs.models import Job
from jobs.selectors import open_job
from jobs.services import lock_subject, request_job
from opportunities.models import Opportunity, Watch
from users.models import User

from .alerts_watching import add_watch, remove_watch
from .closing import dismiss_opportunity
from .revalidation import revalidate_opportunity

BULK_ACTIONS: Final = ("dismiss", "watch", "unwatch", "refresh", "revalidate")
MAX_IDS: Final = 500
MOST: Final = {"dismiss": 500, "watch": 500, "unwatch": 500, "refresh": 100, "revalidate": 50}
"""Rows one call may touch: what it does to each takes more or less time."""

REFRESH_TASK: Final = "scrapers.update_product_prices"
REFRESH_QUEUE: Final = "scraping"


class TooManyMatched(InvalidInput):
    """More rows match than one call may touch."""

    default_code = "too_many_matched"


@dataclass(frozen=True, slots=True)
class Skipped:
    """One opportunity nothing was done to, and why."""

    id: UUID
    code: str
    detail: str


@dataclass(slots=True)
class BulkOutcome:
    """What was done.

    Args:
        action: one of `BULK_ACTIONS`.
        matched: opportunities looked at.
        done: those it was done to.
        skipped: the others.
        job: the last of the jobs that were asked for.
    """

    action: str
    matched: int
    done: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    job: Job | None = None


def act_on_many(*, action: str, ids: Sequence[UUID], reason: str, actor: User, now: datetime) -> BulkOutcome:
    """Do one thing to many opportunities, each in a transaction of its own inside the caller's.

    Args:
        action: `dismiss`, `watch`, `unwatch` (the product, for the actor), `refresh` (ask for new prices of
            the product), `revalidate` (done: figures hold; skipped: moved or gone).
        ids: which opportunities; unknown ones are skipped.
        reason: of a dismissal.
        actor: who does it.
        now: when.

    Raises:
        TooManyMatched: for more than `MOST` of the action.
    """
    check_number(action, len(ids))
    wanted = list(dict.fromkeys(ids))
    rows = Opportunity.objects.select_related("sealed_product").defer("inputs", "factors", "distribution")
    known = rows.in_bulk(wanted)
    outcome = BulkOutcome(action, len(wanted))
    step = _STEPS[action]
    for identifier in sorted(wanted):
        row = known.get(identifier)
        if row is None:
            outcome.skipped.append(Skipped(identifier, "opportunity_not_found", "There is none of that id."))
            continue
        try:
            with transaction.atomic():
                step(row, outcome, reason, actor, now)
        except DomainError as refused:
            outcome.skipped.append(Skipped(identifier, refused.code, refused.detail))
    return outcome


def check_number(action: str, number: int) -> None:
    """Refuse more rows than one call may touch.

    Raises:
        TooManyMatched: with the limit in its details.
    """
    if number > MOST[action]:
        raise TooManyMatched(
            detail=f"{action.capitalize()} takes at most {MOST[action]} opportunities at once.",
            details={"limit": MOST[action], "matched": number},
        )


def _dismiss(row: Opportunity, outcome: BulkOutcome, reason: str, actor: User, now: datetime) -> None:
    dismiss_opportunity(opportunity_id=row.pk, reason=reason, actor=actor, now=now)
    outcome.done += 1


def _watch(row: Opportunity, outcome: BulkOutcome, reason: str, actor: User, now: datetime) -> None:
    _, is_new = add_watch(actor, product=row.sealed_product, now=now)
    _count_if(is_new, row, outcome, "already_watched", "You watch its product already.")


def _unwatch(row: Opportunity, outcome: BulkOutcome, reason: str, actor: User, now: datetime) -> None:
    own = Watch.objects.filter(user=actor, product_id=row.sealed_product_id)
    watch = own.select_related("user").first()
    if watch is not None:
        remove_watch(watch, now=now)
    _count_if(watch is not None, row, outcome, "not_watched", "You do not watch its product.")


def _refresh(row: Opportunity, outcome: BulkOutcome, reason: str, actor: User, now: datetime) -> None:
    """Ask for the product's prices as its own page does; a running request is joined."""
    product: Product = row.sealed_product
    subject = f"product:{product.pk}"
    lock_subject(REFRESH_TASK, subject)
    outcome.job = open_job(REFRESH_TASK, subject=subject) or request_job(
        kind=REFRESH_TASK,
        label=f"Refresh prices: {product.name}"[:200],
        queue=REFRESH_QUEUE,
        parameters={"product_id": str(product.pk)},
        actor=actor,
        subject=subject,
        is_demo=product.is_demo,
        now=now,
    )
    outcome.done += 1


def _revalidate(row: Opportunity, outcome: BulkOutcome, reason: str, actor: User, now: datetime) -> None:
    found = revalidate_opportunity(opportunity_id=row.pk, now=now)
    detail = " ".join(reason.detail for reason in found.reasons)
    _count_if(found.status == "unchanged", row, outcome, found.status, detail)


def _count_if(holds: bool, row: Opportunity, outcome: BulkOutcome, code: str, detail: str) -> None:
    if holds:
        outcome.done += 1
    else:
        outcome.skipped.append(Skipped(row.pk, code, detail))


_Step = Callable[[Opportunity, BulkOutcome, str, User, datetime], None]
_STEPS: Final[dict[str, _Step]] = {
    "dismiss": _dismiss,
    "watch": _watch,
    "unwatch": _unwatch,
    "refresh": _refresh,
    "revalidate": _revalidate,
}
