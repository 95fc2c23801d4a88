"""Forgetting samples of live quotes: thousands an hour, of use for weeks."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction

BATCH: Final = 10_000
MAX_BATCHES: Final = 1_000
"""At most ten million rows a run; the next run goes on."""

_DELETE: Final = """
DELETE FROM quote_samples
 WHERE id IN (SELECT id FROM quote_samples WHERE received_at < %s ORDER BY received_at LIMIT %s)
"""


def forget_quote_samples(*, now: datetime, size: int = BATCH, most: int = MAX_BATCHES) -> int:
    """Remove samples received more than `settings.QUOTE_RETENTION_DAYS` ago, the oldest first.

    Each batch is a transaction of its own, so that samples go on being written meanwhile and a run that is
    cut short keeps what it did. Running it again changes nothing.

    Args:
        now: the current time.
        size: rows in one batch.
        most: batches in one run.

    Returns:
        How many rows were removed.
    """
    before = now - timedelta(days=settings.QUOTE_RETENTION_DAYS)
    removed = 0
    for _ in range(most):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_DELETE, [before, size])
            count = cursor.rowcount
        removed += count
        if count < size:
            break
    return removed
