"""Taking the executions of the invented market out, together with its products and its live markets."""

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
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'on'")
        executions = Execution.objects.select_for_update(of=("self",)).filter(product__is_demo=True)
        ids = []
        for execution in executions.order_by("id"):
            release_exposure(execution, periods=LimitPeriod.values, now=execution.created_at)
            ids.append(execution.pk)
        LedgerEntry.objects.filter(posting__execution__in=ids).delete()
        LedgerPosting.objects.filter(execution__in=ids).delete()
        Execution.objects.filter(pk__in=ids).delete()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'off'")
    return len(ids)


def remove_demo_spreads() -> int:
    """Delete every execution at a live market of the demo with its legs and its ledger; return how many.

    Exposure they still hold is given back. The audit trail keeps what was done.
    """
    is_demo = Q(opportunity__buy_venue__live_market__origin=MarketOrigin.DEMO)
    is_demo |= Q(opportunity__sell_venue__live_market__origin=MarketOrigin.DEMO)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'on'")
        spreads = SpreadExecution.objects.select_for_update(of=("self",)).filter(is_demo)
        ids = []
        for spread in spreads.order_by("id"):
            release_exposure(spread, periods=LimitPeriod.values, now=spread.created_at)
            ids.append(spread.pk)
        LedgerEntry.objects.filter(posting__spread_execution__in=ids).delete()
        LedgerPosting.objects.filter(spread_execution__in=ids).delete()
        SpreadExecution.objects.filter(pk__in=ids).delete()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL arbsite.remove_demo = 'off'")
    return len(ids)
