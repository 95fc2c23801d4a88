"""Exposure: how much may be at stake at once. Taken by conditional update, so never above a limit.

A limit that names a user or source stands in the place of the general one of its scope and period. Sources
count where the money goes: where the product is bought; of a spread that is the venue bought at. The day is
the UTC day of the execution.

What a day's limit lets through is spent: it comes back only if the purchase is cancelled. What is open comes
back when the execution is settled or cancelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from trading.choices import OPEN_SPREADS, ExecutionState, LimitPeriod, LimitScope, SpreadState
from trading.errors import LimitExceeded
from trading.models import Execution, ExposureLimit, ExposureReservation, ExposureUse, SpreadExecution

_MAKE: Final = """
INSERT INTO exposure_uses (limit_id, subject, day, used, ceiling)
SELECT id, %(subject)s, %(day)s, 0, amount FROM exposure_limits WHERE id = %(limit)s
ON CONFLICT DO NOTHING
"""
_TAKE: Final = """
UPDATE exposure_uses u SET used = u.used + %(amount)s, ceiling = l.amount
  FROM exposure_limits l
 WHERE l.id = u.limit_id AND u.limit_id = %(limit)s AND u.subject = %(subject)s
   AND u.day IS NOT DISTINCT FROM %(day)s AND u.used + %(amount)s <= l.amount
RETURNING u.id
"""
_COUNT: Final = """
WITH stakes AS MATERIALIZED (
    SELECT e.id AS execution_id, NULL::uuid AS spread_execution_id, e.expected_cost AS cost,
           CASE %(scope)s WHEN 'user' THEN u.username WHEN 'source' THEN s.code ELSE '' END AS subject
      FROM executions e JOIN users u ON u.id = e.actor_id JOIN price_sources s ON s.id = e.buy_source_id
     WHERE e.id = ANY(%(executions)s) AND NOT EXISTS (
         SELECT FROM exposure_reservations r JOIN exposure_uses t ON t.id = r.use_id
          WHERE r.execution_id = e.id AND t.limit_id = %(limit)s)
    UNION ALL
    SELECT NULL, e.id, ceil(e.expected_cost * 100) / 100,
           CASE %(scope)s WHEN 'user' THEN u.username WHEN 'source' THEN v.code ELSE '' END
      FROM spread_executions e JOIN users u ON u.id = e.actor_id
      JOIN cross_venue_opportunities o ON o.id = e.opportunity_id JOIN venues v ON v.id = o.buy_venue_id
     WHERE e.id = ANY(%(spreads)s) AND NOT EXISTS (
         SELECT FROM exposure_reservations r JOIN exposure_uses t ON t.id = r.use_id
          WHERE r.spread_execution_id = e.id AND t.limit_id = %(limit)s)
), counted AS (
    INSERT INTO exposure_uses AS known (limit_id, subject, day, used, ceiling)
    SELECT %(limit)s, subject, %(day)s::date, sum(cost), greatest(sum(cost), %(amount)s) FROM stakes
     WHERE %(subject)s IN ('', subject) GROUP BY subject
    ON CONFLICT (limit_id, subject, day) DO UPDATE SET used = known.used + excluded.used,
           ceiling = greatest(known.used + excluded.used, %(amount)s)
    RETURNING id, subject
)
INSERT INTO exposure_reservations (execution_id, spread_execution_id, use_id, amount)
SELECT s.execution_id, s.spread_execution_id, c.id, s.cost FROM stakes s JOIN counted c USING (subject)
"""


@dataclass(frozen=True, slots=True)
class Stake:
    """Money about to be put at stake.

    Args:
        username: whose.
        source: code of the source or venue where is bought.
        currency: of the amount.
        amount: total cost, > 0, in whole cents.
        day: UTC day it counts for.
    """

    username: str
    source: str
    currency: str
    amount: Decimal
    day: date

    def subject(self, scope: str) -> str:
        """Return who or what a limit of a scope counts."""
        return {LimitScope.USER: self.username, LimitScope.SOURCE: self.source}.get(LimitScope(scope), "")


def reserve_exposure(stake: Stake) -> dict[int, Decimal]:
    """Take room within every limit that concerns a stake, in the caller's transaction.

    Rows are taken in one order everywhere (limit, subject), so that takers never wait for each other in a
    circle. A refusal takes nothing.

    Returns:
        Amount by `ExposureUse` id, for `keep_reservations`.

    Raises:
        LimitExceeded: if one has no room, or if no limit over everything is set in the currency: what
            nobody allowed is not spent.
    """
    limits = applicable_limits(stake)
    if not any(limit.scope == LimitScope.GLOBAL for limit in limits):
        raise LimitExceeded(
            detail=f"No limit over everything is set in {stake.currency}, so nothing may be spent in it.",
            details={
                "limit": {"scope": LimitScope.GLOBAL.value, "currency": stake.currency},
                "used": "0.00", "ceiling": "0.00",
            },
        )  # fmt: skip
    with transaction.atomic():
        return {_take(limit, stake): stake.amount for limit in limits}


def applicable_limits(stake: Stake) -> list[ExposureLimit]:
    """Return the active limits that concern a stake, in the order they are taken in."""
    chosen: dict[tuple[str, str], ExposureLimit] = {}
    active = ExposureLimit.objects.filter(is_active=True, currency=stake.currency)
    for limit in active.order_by("scope", "period", "subject"):  # the general one comes before the named
        if limit.subject in ("", stake.subject(limit.scope)):
            chosen[limit.scope, limit.period] = limit
    return sorted(chosen.values(), key=lambda limit: str(limit.pk))


def keep_reservations(execution: Execution | SpreadExecution, taken: dict[int, Decimal]) -> None:
    """Write down what an execution took, so that it is given back once."""
    owner: dict[str, Any] = _owner(execution)
    ExposureReservation.objects.bulk_create(
        ExposureReservation(**owner, use_id=use, amount=amount) for use, amount in taken.items()
    )


def _owner(execution: Execution | SpreadExecution) -> dict[str, Execution | SpreadExecution]:
    """Return the column that names an execution of its kind."""
    return {"execution" if isinstance(execution, Execution) else "spread_execution": execution}


def count_at_stake(limit: ExposureLimit, *, now: datetime) -> int:
    """Count within a limit that begins to hold what was put at stake before; return how many executions.

    What it did not know of would else come on top of it. More than its amount may be at stake then: nothing
    new is let in until enough came back.

    Args:
        limit: stored, in the caller's transaction.
        now: daily limits count what was bought on this UTC day.
    """
    rows: list[QuerySet[Any]] = [
        model._default_manager.select_for_update(of=("self",)).filter(currency=limit.currency)
        for model in (Execution, SpreadExecution)
    ]
    day = None
    if limit.period == LimitPeriod.DAY:
        day = now.date()
        rows = [found.filter(created_at__gte=datetime.combine(day, time(), UTC)) for found in rows]
        rows = [found.exclude(state__in=(ExecutionState.CANCELLED, SpreadState.FAILED)) for found in rows]
    else:
        opened = (ExecutionState.BOUGHT, ExecutionState.SELLING), OPEN_SPREADS
        rows = [found.filter(state__in=states) for found, states in zip(rows, opened, strict=True)]
    # Locked, so that none of them settles unseen and keeps what is counted here for ever.
    executions, spreads = (list(found.order_by("id").values_list("pk", flat=True)) for found in rows)
    facts: dict[str, Any] = {
        "limit": limit.pk, "scope": limit.scope, "subject": limit.subject, "amount": limit.amount,
        "day": day, "executions": executions, "spreads": spreads,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, facts)
        return int(cursor.rowcount)


def release_exposure(
    execution: Execution | SpreadExecution, *, periods: Iterable[str], now: datetime
) -> Decimal:
    """Give back what an execution took of limits of these periods; doing it again gives back nothing.

    Args:
        execution: locked by the caller.
        periods: `LimitPeriod` values.
        now: time it is given back.

    Returns:
        The sum over all limits.
    """
    held = ExposureReservation.objects.filter(
        **_owner(execution), released_at__isnull=True, use__limit__period__in=list(periods)
    ).select_related("use")
    total = Decimal(0)
    for reservation in sorted(held, key=lambda row: (str(row.use.limit_id), row.use.subject)):
        freed = ExposureReservation.objects.filter(pk=reservation.pk, released_at__isnull=True).update(
            released_at=now
        )
        if freed:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE exposure_uses SET used = used - %s WHERE id = %s",
                    [reservation.amount, reservation.use_id],
                )
            total += reservation.amount
    return total


def _take(limit: ExposureLimit, stake: Stake) -> int:
    subject = stake.subject(limit.scope)
    day = stake.day if limit.period == LimitPeriod.DAY else None
    place: dict[str, Any] = {"limit": limit.pk, "subject": subject, "day": day, "amount": stake.amount}
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, place)
        cursor.execute(_TAKE, place)
        row = cursor.fetchone()
    if row is not None:
        return int(row[0])
    used = (
        ExposureUse.objects.filter(limit=limit, subject=subject, day=day).values_list("used", flat=True).get()
    )
    raise LimitExceeded(
        detail=(
            f"{stake.amount} {stake.currency} do not fit: {used} of {limit.amount} are used "
            f"({limit.get_scope_display().lower()}, {limit.get_period_display().lower()})."
        ),
        details={
            "limit": {
                "id": str(limit.pk), "scope": limit.scope, "subject": limit.subject,
                "period": limit.period, "currency": limit.currency,
            },
            "used": str(used), "ceiling": str(limit.amount), "wanted": str(stake.amount),
        },
    )  # fmt: skip
