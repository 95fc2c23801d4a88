"""Removing what nobody looks back at any more: quotes, memories of alert rules, back-tests."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from common.audit import record_event
from opportunities.choices import BacktestState, OpportunityStatus
from opportunities.models import AlertFiring, Backtest, BacktestSignal, OpportunityQuote

BACKTEST_RETENTION: Final = timedelta(days=365)
_BATCH: Final = 5_000
_FINAL: Final = (OpportunityStatus.EXECUTED, OpportunityStatus.CANCELLED)
_ENDED: Final = (BacktestState.SUCCEEDED, BacktestState.FAILED, BacktestState.CANCELLED)


def forget_old_records(*, now: datetime) -> Mapping[str, int]:
    """Remove what is older than `settings.EXPIRED_RETENTION_DAYS`; back-tests after `BACKTEST_RETENTION`.

    The quote of an opportunity's present revision stays however old it is. What alert rules remember goes
    with opportunities that were executed or dismissed that long ago: they never open again.

    Returns:
        How many `quotes`, `firings` and `backtests` were removed. Running it again changes nothing.
    """
    before = now - timedelta(days=settings.EXPIRED_RETENTION_DAYS)
    quotes = OpportunityQuote.objects.filter(
        recorded_at__lt=before, revision__lt=F("opportunity__revision")
    ).order_by("recorded_at")
    firings = AlertFiring.objects.filter(opportunity__status__in=_FINAL, opportunity__closed_at__lt=before)
    return {
        "quotes": remove_in_batches(quotes),
        "firings": remove_in_batches(firings.order_by("id")),
        "backtests": _forget_backtests(before=now - BACKTEST_RETENTION, now=now),
    }


def remove_in_batches(rows: "models.QuerySet[Any]", *, size: int = _BATCH) -> int:
    """Delete ordered rows, `size` in each transaction; return how many."""
    removed = 0
    while True:
        with transaction.atomic():
            ids = list(rows.values_list("pk", flat=True)[:size])
            if not ids:
                return removed
            removed += rows.model._default_manager.filter(pk__in=ids).delete()[0]


def _forget_backtests(*, before: datetime, now: datetime) -> int:
    """Remove back-tests that ended long ago, their signals first."""
    old = Backtest.objects.filter(state__in=_ENDED, created_at__lt=before)
    removed = 0
    for backtest_id in list(old.order_by("created_at").values_list("pk", flat=True)):
        remove_in_batches(BacktestSignal.objects.filter(backtest=backtest_id).order_by("id"))
        with transaction.atomic():
            deleted, _ = Backtest.objects.filter(pk=backtest_id).delete()
            if deleted:
                removed += 1
                record_event(
                    actor=None, verb="backtest.removed", subject=f"backtest:{backtest_id}", data={}, now=now
                )
    return removed
