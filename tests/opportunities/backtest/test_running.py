"""Running: resumed without loss or doubling, cancelled, repeated, refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from jobs.choices import JobState
from jobs.errors import JobEnded
from jobs.models import Job
from jobs.services import cancel_job, retry_job
from opportunities.backtest import (
    BacktestTerms,
    Period,
    backtest_list,
    request_backtest,
    run_backtest,
    run_backtest_slice,
)
from opportunities.backtest.known_prices import known_prices
from opportunities.choices import BacktestState
from opportunities.errors import BacktestNotFound, BacktestRefused
from opportunities.models import Backtest
from opportunities.tasks import run_backtest_job
from tests.opportunities.backtest.world import (
    FIRST,
    NOW,
    Stopped,
    Watch,
    day,
    days_of,
    deck_for,
    opened,
    profits,
    replayed,
    signals,
)
from tests.opportunities.factories import POLICY

pytestmark = pytest.mark.django_db


def requested(days: int = 3, *, actor=None) -> Backtest:
    period = Period(FIRST, day(days), 2)
    return request_backtest(period, terms=BacktestTerms(), actor=actor, now=NOW)


def state_of(backtest: Backtest) -> str:
    row: Any = backtest_list().get(pk=backtest.pk)
    state: str = row.shown_state
    return state


@pytest.mark.parametrize("stop_before", range(6))
def test_a_stopped_run_goes_on_after_the_last_stored_day(stop_before: int):
    deck_for(6)
    whole = replayed(4)
    backtest = opened(4)

    with pytest.raises(Stopped):
        run_backtest(backtest.pk, now=NOW, watch=Watch(stop_before=stop_before), policy=POLICY)
    stored = days_of(backtest)
    watch = Watch()
    run_backtest(backtest.pk, now=NOW, watch=watch, policy=POLICY)

    assert stored == list(range(min(stop_before, 4)))
    assert len(watch.done) == 6 - stop_before
    assert signals(backtest) == signals(whole)
    assert profits(backtest) == profits(whole) == [Decimal("16.00")] * 4
    backtest.refresh_from_db()
    assert backtest.signal_count == 4
    assert backtest.summary == whole.summary


def test_a_slice_without_time_ends_and_the_next_goes_on():
    deck_for(5)
    backtest = opened(3)

    is_done = [run_backtest(backtest.pk, now=NOW, watch=Watch(days_of_time=2), policy=POLICY) for _ in "ab"]
    backtest.refresh_from_db()
    state = backtest.state
    last = run_backtest(backtest.pk, now=NOW, watch=Watch(days_of_time=2), policy=POLICY)

    assert (is_done, state, last) == ([False, False], BacktestState.RUNNING, True)
    assert days_of(backtest) == [0, 1, 2]


def test_a_finished_run_does_nothing_again():
    deck_for(4)
    backtest = replayed(2)
    watch = Watch()

    assert run_backtest(backtest.pk, now=NOW, watch=watch, policy=POLICY)

    assert (watch.done, days_of(backtest)) == ([], [0, 1])


def test_progress_counts_the_days_of_the_horizon_too():
    deck_for(3)
    backtest, watch = opened(2, horizon=3), Watch()

    run_backtest(backtest.pk, now=NOW, watch=watch, policy=POLICY)

    assert watch.done[0] == (1, 5, "2026-11-01")
    assert watch.done[-1] == (5, 5, "2026-11-05")


def test_a_backtest_that_does_not_exist_is_not_run():
    with pytest.raises(BacktestNotFound):
        run_backtest(opened(1).job_id or Backtest().pk, now=NOW, watch=Watch())


def test_the_task_runs_a_job_and_running_it_again_changes_nothing():
    deck_for(5)
    backtest = requested()

    first = run_backtest_job(job_id=str(backtest.job_id), unknown=1)
    found = signals(backtest)
    again = run_backtest_job(job_id=str(backtest.job_id))

    job = Job.objects.get(pk=str(backtest.job_id))
    assert (first["state"], again["state"]) == (JobState.SUCCEEDED, "ended")
    assert (job.progress_done, job.progress_total) == (5, 5)
    assert state_of(backtest) == BacktestState.SUCCEEDED
    assert signals(backtest) == found
    verbs = AuditEvent.objects.filter(subject=f"backtest:{backtest.pk}").order_by("seq")
    assert [event.verb for event in verbs] == ["backtest.requested", "backtest.ended"]


def test_a_request_stores_row_job_and_message_together():
    backtest = requested()

    job = Job.objects.get(pk=str(backtest.job_id))
    assert (job.kind, job.subject) == ("opportunities.run_backtest", f"backtest:{backtest.pk}")
    assert OutboxMessage.objects.filter(task="opportunities.run_backtest").count() == 1
    assert state_of(backtest) == BacktestState.QUEUED


def test_a_cancelled_job_cancels_its_backtest_and_can_be_tried_again():
    deck_for(5)
    backtest = requested()
    job = Job.objects.get(pk=str(backtest.job_id))

    cancel_job(job, actor=None, now=NOW)
    cancelled = state_of(backtest)
    with pytest.raises(JobEnded):
        run_backtest_slice(str(job.pk), now=NOW, policy=POLICY)
    retry_job(Job.objects.get(pk=job.pk), actor=None, now=NOW)
    run_backtest_slice(str(job.pk), now=NOW, policy=POLICY)

    assert cancelled == BacktestState.CANCELLED
    assert state_of(backtest) == BacktestState.SUCCEEDED
    assert days_of(backtest) == [0, 1, 2]


def test_a_source_that_is_gone_fails_the_run_with_its_reason():
    deck_for(3)
    backtest = requested()
    Backtest.objects.filter(pk=backtest.pk).update(parameters={"category": "chess"})

    state = run_backtest_slice(str(backtest.job_id), now=NOW, policy=POLICY)

    backtest.refresh_from_db()
    assert state == JobState.FAILED
    assert (backtest.state, backtest.error.split(";")[0]) == ("failed", "Unknown game 'chess'")


@pytest.mark.parametrize(
    ("first", "last", "horizon"),
    [(0, 0, 7), (3, 2, 7), (0, 401, 7), (0, 5, 0), (0, 5, 91)],
    ids=["empty", "backwards", "too long", "no horizon", "far horizon"],
)
def test_an_impossible_period_is_refused(first: int, last: int, horizon: int):
    with pytest.raises(BacktestRefused):
        Period(day(first), day(last), horizon)


def test_a_period_that_has_not_ended_is_refused():
    with pytest.raises(BacktestRefused) as refusal:
        opened(21, now=NOW)

    assert refusal.value.details == {"to_day": "2026-11-22", "latest": "2026-11-20"}


@pytest.mark.parametrize(
    "terms",
    [
        {"floor": Decimal(-1)},
        {"floor": Decimal("NaN")},
        {"fee_rate": Decimal("1.01")},
        {"category": "chess"},
        {"source": "nobody"},
    ],
    ids=lambda terms: next(iter(terms)) + str(next(iter(terms.values()))),
)
def test_impossible_terms_are_refused(terms):
    with pytest.raises(BacktestRefused):
        opened(1, **terms)


def test_terms_survive_being_stored():
    terms = BacktestTerms("cardmarket", "mtg", Decimal("1.50"), Decimal("0.0725"))

    assert BacktestTerms.from_data(terms.as_data()) == terms


def test_known_prices_only_go_forward():
    now = utc_now()
    with known_prices([1]) as prices:
        prices.advance(now)
        prices.advance(now)
        with pytest.raises(ValueError, match="forgotten"):
            prices.advance(now - timedelta(seconds=1))
