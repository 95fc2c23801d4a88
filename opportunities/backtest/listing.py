"""Back-tests as people see them: with the state of the job that runs them."""

from django.db.models import Case, F, QuerySet, Value, When

from jobs.choices import JobState
from opportunities.choices import BacktestState
from opportunities.models import Backtest, BacktestSignal

ENDED = (BacktestState.SUCCEEDED, BacktestState.FAILED, BacktestState.CANCELLED)


def backtest_list() -> QuerySet[Backtest]:
    """Return back-tests with job and requester, newest first.

    `shown_state` is the state: where the job ended without a word to the back-test (cancelled before it
    began, or failed for good), it is the job's.
    """
    shown = Case(
        When(state__in=ENDED, then=F("state")),
        When(job__state=JobState.CANCELLED, then=Value(BacktestState.CANCELLED.value)),
        When(job__state=JobState.FAILED, then=Value(BacktestState.FAILED.value)),
        default=F("state"),
    )
    return (
        Backtest.objects.annotate(shown_state=shown)
        .select_related("job", "requested_by")
        .order_by("-created_at", "-id")
    )


def signal_list(backtest: Backtest) -> QuerySet[BacktestSignal]:
    """Return the signals of a back-test with product and source, newest day first."""
    return backtest.signals.select_related("product", "source").order_by(
        "-day", "-expected_profit", "product_id", "source_id"
    )
