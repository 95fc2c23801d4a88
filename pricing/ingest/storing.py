"""Last step of an ingest: history, current prices and quarantine, from the temporary tables."""

from datetime import datetime

from django.db.backends.utils import CursorWrapper

_COLUMNS = "seller_count, available_quantity, price, shipping_cost"

# the newest stored row wins; the rows that history refused as already known never get that far
CURRENT_UPSERT = """
    ON CONFLICT (product_key, source_id, variant_id) DO UPDATE
   SET recorded_at = excluded.recorded_at, batch_id = excluded.batch_id, seller_count = excluded.seller_count,
       available_quantity = excluded.available_quantity, price = excluded.price,
       shipping_cost = excluded.shipping_cost
 WHERE excluded.recorded_at > current_prices.recorded_at
"""

_STORE = f"""
WITH stored AS (
    INSERT INTO price_history (recorded_at, product_key, batch_id, source_id, variant_id, {_COLUMNS})
    SELECT r.seen_at, r.product_key, %(batch_id)s, %(source_id)s, r.variant_id, {_COLUMNS}
      FROM fresh r
     WHERE NOT EXISTS (SELECT FROM verdicts v WHERE v.product_key = r.product_key
                          AND v.variant_id = r.variant_id AND v.seen_at = r.seen_at)
     ORDER BY r.product_key, r.variant_id, r.seen_at
        ON CONFLICT DO NOTHING
    RETURNING recorded_at, product_key, batch_id, source_id, variant_id, {_COLUMNS}
), newest AS (
    INSERT INTO current_prices (recorded_at, product_key, batch_id, source_id, variant_id, {_COLUMNS})
    SELECT DISTINCT ON (product_key, variant_id)
           recorded_at, product_key, batch_id, source_id, variant_id, {_COLUMNS}
      FROM stored ORDER BY product_key, variant_id, recorded_at DESC
    {CURRENT_UPSERT}
    RETURNING 1
)
SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM newest)
"""  # noqa: S608 - made of our own constants

# one pass over the verdicts: a feed that is wrong throughout holds every price it has
_QUARANTINE = """
WITH facts AS (
    SELECT v.product_key, v.variant_id, v.seen_at, v.reason, e.key, e.value
      FROM verdicts v LEFT JOIN LATERAL jsonb_each(v.evidence) e ON true
)
INSERT INTO quarantined_prices (product_id, source_id, variant_id, batch_id, price, seller_count,
                                available_quantity, shipping_cost, recorded_at, reasons, evidence, status,
                                created_at)
SELECT p.id, %(source_id)s, r.variant_id, %(batch_id)s, r.price, r.seller_count, r.available_quantity,
       r.shipping_cost, r.seen_at, v.reasons, v.evidence, 'held', %(now)s
  FROM (SELECT product_key, variant_id, seen_at,
               array_agg(DISTINCT reason ORDER BY reason)::varchar[] AS reasons,
               coalesce(jsonb_object_agg(key, value) FILTER (WHERE key IS NOT NULL), '{}'::jsonb) AS evidence
          FROM facts GROUP BY product_key, variant_id, seen_at) v
  JOIN fresh r ON r.product_key = v.product_key AND r.variant_id = v.variant_id AND r.seen_at = v.seen_at
  JOIN products p ON p.key = r.product_key
 ORDER BY r.line
    ON CONFLICT DO NOTHING
"""


def store_accepted(cursor: CursorWrapper, *, source_id: int, batch_id: int) -> tuple[int, int]:
    """Insert the prices no gate holds, and move current prices forward where they are newer.

    Returns:
        How many rows history and current prices gained or changed.
    """
    cursor.execute(_STORE, {"source_id": source_id, "batch_id": batch_id})
    stored, moved = cursor.fetchone()
    return stored, moved


def store_held(cursor: CursorWrapper, *, source_id: int, batch_id: int, now: datetime) -> int:
    """Insert a quarantine record for every held price and return how many are new."""
    cursor.execute(_QUARANTINE, {"source_id": source_id, "batch_id": batch_id, "now": now})
    return int(cursor.rowcount)
