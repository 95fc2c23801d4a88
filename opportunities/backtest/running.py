"""Running a back-test from where it stands, one day per transaction, until its end or its slice's."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F

from common.audit import record_event
from common.errors import DomainError
from jobs.errors import JobCancelled
from jobs.services import job_slice
from opportunities.choices import BacktestState
from opportunities.errors import BacktestNotFound
from opportunities.models import Backtest, BacktestSignal
from opportunities.policy import AnalysisPolicy, default_policy

from .replay import Replay, end_of_day, replaying
from .summary import summarise
from .terms import BacktestTerms

RUN_TASK: Final = "opportunities.run_backtest"
DAY_SECONDS: Final = 30.0
"""A slice that has less time left begins no further day."""

_JUDGEMENT: Final = ["realised_value", "realised_profit", "realised_coverage"]
_BATCH: Final = 1_000
_ONE_DAY: Final = timedelta(days=1)


class Watch(Protocol):
    """Whoever runs a back-test: is told how far it is, and may stop it."""

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Take note of the days that are done."""

    def check(self) -> None:
        """Raise to stop here."""

    @property
    def seconds_left(self) -> float:
        """How long this slice may still work."""


def run_backtest(
    backtest_id: UUID, *, now: datetime, watch: Watch, policy: AnalysisPolicy | None = None
) -> bool:
    """Replay a back-test from the last stored day on.

    Every day is one transaction: its signals, its judgements and how far the replay is. A run that was killed
    repeats nothing that was stored, and running a finished one does nothing.

    Args:
        backtest_id: which one.
        now: days that have not ended by then are neither replayed nor judged at.
        watch: is told of every day; raises to stop.
        policy: gates; None takes the settings'.

    Returns:
        Whether it is finished; False if the slice's time ran out.

    Raises:
        BacktestNotFound: if there is none of that id.
    """
    backtest = Backtest.objects.filter(pk=backtest_id).first()
    if backtest is None:
        raise BacktestNotFound(None, f"No back-test {backtest_id}.")
    if backtest.state == BacktestState.SUCCEEDED:
        return True
    _set_state(backtest, BacktestState.RUNNING)
    terms = BacktestTerms.from_data(backtest.parameters)
    days = _days(backtest, now)
    first = _resume_at(backtest)
    waiting = [day for day in days if day >= first]
    usual = policy or default_policy()
    with replaying(backtest, terms, terms.policy(usual)) as replay:
        replay.counts = Counter(_progress(backtest).get("counts", {}))
        for day in waiting:
            watch.check()
            if watch.seconds_left < DAY_SECONDS:
                return False
            _replay_day(replay, day)
            watch.progress(days.index(day) + 1, len(days), day.isoformat())
    _finish(backtest, now)
    return True


def run_backtest_slice(job_id: str, *, now: datetime, policy: AnalysisPolicy | None = None) -> str:
    """Do one slice of the job of a back-test, and return the job's state.

    Raises:
        JobBusy: if another worker is at it; the message comes again.
        JobEnded: if nothing is left to do.
    """
    with job_slice(job_id, now=now) as run:
        backtest_id = UUID(run.parameters["backtest"])
        try:
            if not run_backtest(backtest_id, now=now, watch=run, policy=policy):
                run.continue_later()
        except JobCancelled:
            abandon_backtest(backtest_id, state=BacktestState.CANCELLED, error="Cancelled.", now=now)
            raise
        except DomainError as error:
            abandon_backtest(backtest_id, state=BacktestState.FAILED, error=error.detail, now=now)
            raise
    return str(run.job.state)


def abandon_backtest(backtest_id: UUID, *, state: BacktestState, error: str, now: datetime) -> None:
    """Write that a back-test ended without its result; one that has ended already stays as it is.

    Args:
        backtest_id: which one.
        state: failed or cancelled.
        error: why, for people.
        now: when.
    """
    open_states = [BacktestState.QUEUED, BacktestState.RUNNING]
    with transaction.atomic():
        ended = Backtest.objects.filter(pk=backtest_id, state__in=open_states).update(
            state=state, error=error[:300], finished_at=now
        )
        if ended:
            _record(backtest_id, state, now, {})


def _days(backtest: Backtest, now: datetime) -> list[date]:
    """Return the days to replay or to judge at: those of the period and the horizon that have ended."""
    count = (backtest.to_day - backtest.from_day).days + backtest.horizon_days
    days = [backtest.from_day + timedelta(days=number) for number in range(count)]
    return [day for day in days if end_of_day(day) < now]


def _progress(backtest: Backtest) -> dict[str, Any]:
    progress: dict[str, Any] = backtest.summary.get("progress", {})
    return progress


def _resume_at(backtest: Backtest) -> date:
    replayed = _progress(backtest).get("replayed_until")
    return backtest.from_day if replayed is None else date.fromisoformat(replayed) + _ONE_DAY


def _replay_day(replay: Replay, day: date) -> None:
    backtest = replay.backtest
    signals = replay.signals_of(day) if day < backtest.to_day else []
    earlier = backtest.signals.filter(day=day - timedelta(days=backtest.horizon_days))
    judged = replay.judge(day, earlier.order_by("source_id", "category", "id"))
    with transaction.atomic():
        BacktestSignal.objects.bulk_create(signals, batch_size=_BATCH)
        BacktestSignal.objects.bulk_update(judged, _JUDGEMENT, batch_size=_BATCH)
        backtest.summary = {"progress": {"replayed_until": day.isoformat(), "counts": dict(replay.counts)}}
        Backtest.objects.filter(pk=backtest.pk).update(
            summary=backtest.summary, signal_count=F("signal_count") + len(signals)
        )


def _set_state(backtest: Backtest, state: BacktestState) -> None:
    backtest.state, backtest.error, backtest.finished_at = state, "", None
    backtest.save(update_fields=["state", "error", "finished_at"])


def _finish(backtest: Backtest, now: datetime) -> None:
    counts = _progress(backtest).get("counts", {})
    with transaction.atomic():
        backtest.summary = summarise(backtest, counts=counts)
        backtest.state, backtest.finished_at = BacktestState.SUCCEEDED, now
        backtest.signal_count = backtest.signals.count()
        backtest.save(update_fields=["summary", "state", "finished_at", "signal_count"])
        _record(backtest.pk, BacktestState.SUCCEEDED, now, {"signals": backtest.signal_count})


def _record(backtest_id: UUID, state: BacktestState, now: datetime, data: dict[str, Any]) -> None:
    record_event(
        actor=None,
        verb="backtest.ended",
        subject=f"backtest:{backtest_id}",
        data={"state": str(state), **data},
        now=now,
    )
