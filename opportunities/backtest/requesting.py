"""Asking for a back-test, in the background or for a command to run at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from common.audit import record_event
from common.ids import uuid7
from jobs.services import request_job
from opportunities.errors import BacktestRefused
from opportunities.models import Backtest
from opportunities.policy import ALGORITHM_VERSION
from users.models import User

from .running import RUN_TASK
from .terms import BacktestTerms

MAX_DAYS: Final = 400
MAX_HORIZON: Final = 90


@dataclass(frozen=True, slots=True)
class Period:
    """The days [from_day, to_day) to replay, and how many days later the singles are sold.

    Raises:
        BacktestRefused: if the period is empty, longer than `MAX_DAYS`, or the horizon is out of range.
    """

    from_day: date
    to_day: date
    horizon_days: int = 7

    def __post_init__(self) -> None:
        if not self.from_day < self.to_day:
            raise BacktestRefused(detail="The period must end after it begins; its end is exclusive.")
        if self.to_day - self.from_day > timedelta(days=MAX_DAYS):
            raise BacktestRefused(detail=f"A back-test covers at most {MAX_DAYS} days.")
        if not 1 <= self.horizon_days <= MAX_HORIZON:
            raise BacktestRefused(detail=f"The horizon must be 1 to {MAX_HORIZON} days.")


def request_backtest(period: Period, *, terms: BacktestTerms, actor: User | None, now: datetime) -> Backtest:
    """Ask for a back-test in the background: row, job and audit event in one transaction.

    Args:
        period: the days.
        terms: what it assumes.
        actor: who asks.
        now: time of the request; days that have not ended cannot be replayed.

    Returns:
        The queued back-test with its job.

    Raises:
        BacktestRefused: if a figure is out of range or the period lies in the future.
    """
    with transaction.atomic():
        backtest = open_backtest(period, terms=terms, actor=actor, now=now)
        job = request_job(
            kind=RUN_TASK,
            label=f"Back-test {period.from_day} to {period.to_day}",
            queue="analysis",
            parameters={"backtest": str(backtest.pk)},
            actor=actor,
            subject=subject_of(backtest.pk),
            now=now,
        )
        backtest.job = job
        backtest.save(update_fields=["job"])
    return backtest


def open_backtest(period: Period, *, terms: BacktestTerms, actor: User | None, now: datetime) -> Backtest:
    """Make the row of a back-test that the caller is going to run itself.

    Args, raises: as `request_backtest`.
    """
    if period.to_day > now.date():
        raise BacktestRefused(
            None,
            f"Only days that have ended can be replayed: the period may end on {now.date()} (exclusive).",
            {"to_day": period.to_day.isoformat(), "latest": now.date().isoformat()},
        )
    terms.check_source()
    with transaction.atomic():
        backtest = Backtest.objects.create(
            id=uuid7(),
            requested_by=actor,
            from_day=period.from_day,
            to_day=period.to_day,
            horizon_days=period.horizon_days,
            parameters=terms.as_data(),
            algorithm_version=ALGORITHM_VERSION,
            created_at=now,
        )
        record_event(
            actor=actor,
            verb="backtest.requested",
            subject=subject_of(backtest.pk),
            data={
                "from_day": period.from_day.isoformat(),
                "to_day": period.to_day.isoformat(),
                "horizon_days": period.horizon_days,
                **terms.as_data(),
            },
            now=now,
        )
    return backtest


def subject_of(backtest_id: UUID) -> str:
    """Return how jobs and the audit trail name a back-test."""
    return f"backtest:{backtest_id}"
