"""The prices that were known at a moment of the past, rolled forward through stored history.

A temporary table with the columns of `current_prices` is filled once and then moved from moment to moment,
so that every row of history is read once, however many days are replayed. A price counts as known when its
source observed it (`recorded_at`); one that a person released from quarantine, when it was released.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from django.db import connection

TABLE: Final = "backtest_prices"
_BEGINNING: Final = datetime(1990, 1, 1, tzinfo=UTC)

_COLUMNS = (
    "recorded_at, product_key, batch_id, source_id, variant_id, seller_count, available_quantity, price,"
    " shipping_cost"
)
_CREATE = f"""
CREATE TEMPORARY TABLE {TABLE} (LIKE current_prices);
ALTER TABLE {TABLE} ADD PRIMARY KEY (product_key, source_id, variant_id);
"""
# A price that is released from quarantine later than `until` was not known yet; one released since the last
# moment is known only now, however old it is.
_ADVANCE = f"""
WITH released AS MATERIALIZED (
    SELECT p.key AS product_key, q.source_id, q.variant_id, q.recorded_at, q.decided_at
      FROM quarantined_prices q JOIN products p ON p.id = q.product_id
     WHERE q.status = 'released' AND q.decided_at > %(after)s AND q.source_id = ANY(%(sources)s)
), known AS (
    SELECT h.* FROM price_history h
     WHERE h.recorded_at > %(after)s AND h.recorded_at <= %(until)s AND h.source_id = ANY(%(sources)s)
       AND NOT EXISTS (SELECT FROM released r
                        WHERE r.decided_at > %(until)s AND r.product_key = h.product_key
                          AND r.source_id = h.source_id AND r.variant_id = h.variant_id
                          AND r.recorded_at = h.recorded_at)
    UNION ALL
    SELECT h.* FROM released r
      JOIN price_history h ON h.product_key = r.product_key AND h.source_id = r.source_id
                          AND h.variant_id = r.variant_id AND h.recorded_at = r.recorded_at
     WHERE r.recorded_at <= %(after)s AND r.decided_at <= %(until)s
)
INSERT INTO {TABLE} AS b ({_COLUMNS})
SELECT DISTINCT ON (product_key, source_id, variant_id) {_COLUMNS}
  FROM known ORDER BY product_key, source_id, variant_id, recorded_at DESC
ON CONFLICT (product_key, source_id, variant_id) DO UPDATE
   SET recorded_at = excluded.recorded_at, batch_id = excluded.batch_id, price = excluded.price,
       seller_count = excluded.seller_count, available_quantity = excluded.available_quantity,
       shipping_cost = excluded.shipping_cost
 WHERE excluded.recorded_at > b.recorded_at
"""  # noqa: S608 - made of our own constants


class KnownPrices:
    """The table, and the moment it stands at. Moments only go forward."""

    def __init__(self, source_ids: Collection[int]) -> None:
        self._sources = list(source_ids)
        self._moment: datetime | None = None

    def advance(self, moment: datetime) -> None:
        """Move on to what was known at `moment`.

        Raises:
            ValueError: if the table is already past it.
        """
        if self._moment is not None and moment < self._moment:
            raise ValueError("what is known cannot be forgotten")
        after = self._moment or _BEGINNING
        with connection.cursor() as cursor:
            cursor.execute(_ADVANCE, {"after": after, "until": moment, "sources": self._sources})
            if self._moment is None:
                cursor.execute(f"ANALYZE {TABLE}")
        self._moment = moment


@contextmanager
def known_prices(source_ids: Collection[int]) -> Iterator[KnownPrices]:
    """Give the empty table of known prices for some sources; it is gone when the block ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TABLE}")
        cursor.execute(_CREATE)
    try:
        yield KnownPrices(source_ids)
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TABLE}")
