"""Taking the executions of the invented market out, together with its products and its live markets."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Q

from scrapers.choices import MarketOrigin
from trading.choices import LimitPeriod
from trading.models import Execution, LedgerEntry, LedgerPosting, SpreadExecution

from .exposure import release_exposure


def remove_demo_executions() -> int:
    """Delete every execution of a demo product with all that hangs on it; return how many there were.

    Exposure they still hold is given back. Their ledger goes with them: the database lets entries of demo
    products go, and only those, when a transaction asks for it. The audit trail keeps what was done.
    """
    with _removing():
        executions = Execution.objects.select_for_update(of=("self",)).filter(product__is_demo=True)
        ids = []
        for execution in executions.order_by("id"):
            release_exposure(execution, periods=LimitPeriod.values, now=execution.created_at)
            ids.append(execution.pk)
        LedgerEntry.objects.filter(posting__execution__in=ids).delete()
        LedgerPosting.objects.filter(execution__in=ids).delete()
        Execution.objects.filter(pk__in=ids).delete()
    return len(ids)


def remove_demo_spreads() -> int:
    """Delete every execution at a demo market with all that hangs on it; return how many there were.

    The markets must still be there: by them the database knows which entries of the ledger may go.
    """
    is_demo = Q(opportunity__buy_venue__live_market__origin=MarketOrigin.DEMO) | Q(
        opportunity__sell_venue__live_market__origin=MarketOrigin.DEMO
    )
    with _removing():
        found = SpreadExecution.objects.filter(is_demo).values("pk")
        executions = SpreadExecution.objects.select_for_update().filter(pk__in=found)
        ids = []
        for execution in executions.order_by("id"):
            release_exposure(execution, periods=LimitPeriod.values, now=execution.created_at)
            ids.append(execution.pk)
        LedgerEntry.objects.filter(posting__spread_execution__in=ids).delete()
        LedgerPosting.objects.filter(spread_execution__in=ids).delete()
        SpreadExecution.objects.filter(pk__in=ids).delete()
    return len(ids)


@contextmanager
def _removing() -> Iterator[None]:
    """Let entries of the demo's ledger go within one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'on'")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'off'")
