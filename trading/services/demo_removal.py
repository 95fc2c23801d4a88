"""Taking the executions of the invented market out, together with its products."""

from django.db import connection, transaction

from trading.choices import LimitPeriod
from trading.models import Execution, LedgerEntry, LedgerPosting

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
