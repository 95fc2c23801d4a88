"""After an ingest: held prices of pages and APIs that what just arrived confirms.

Only prices held for being unconfirmed and for nothing else: a price that is several times away from what is
known, in another currency or of an unclear unit waits for a person. Three things confirm one:

- `peer`: another venue's market price agrees within `pricing.quality.CONFIRM_RATIO` (a mirror that repeats
  this venue's own number shows that it was read right, not that it is right);
- `route`: the same source says so by another route;
- `repeat`: the same source says so again, `REPEAT_HOURS` to `CONFIRM_DAYS` apart and within `REPEAT_RATIO`,
  and everything else that is known (its own accepted price, the peers) is within `WIDE_RATIO`; where nothing
  else is known, repeating is no proof.

What a person rejected is not confirmed by any of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.backends.utils import CursorWrapper

from pricing import quality

from .storing import CURRENT_UPSERT

MOST_AT_ONCE: Final = 1_000
_COLUMNS = (
    "recorded_at, product_key, batch_id, source_id, variant_id, seller_count, available_quantity, price,"
    " shipping_cost"
)


def near(first: str, second: str, ratio: str) -> str:
    """Return SQL that holds when two amounts differ by at most `ratio`."""
    return f"greatest({first}, {second}) <= {ratio} * least({first}, {second})"


_WAITING = f"""
CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
SELECT q.id, p.id AS product_id, p.key AS product_key, p.product_type = 'sealed' AS is_sealed, q.source_id,
       q.variant_id, q.price, q.recorded_at, v.finish, v.currency, b.route
  FROM quarantined_prices q
  JOIN products p ON p.id = q.product_id
  JOIN price_variants v ON v.id = q.variant_id
  JOIN price_batches b ON b.id = q.batch_id
 WHERE q.status = 'held' AND q.reasons = ARRAY['unconfirmed']::varchar[] AND q.recorded_at >= %(oldest)s
   AND b.route = ANY(%(routes)s) AND p.key IN (SELECT product_key FROM fresh)
   AND NOT EXISTS (
       SELECT FROM quarantined_prices r
        WHERE r.product_id = q.product_id AND r.source_id = q.source_id AND r.variant_id = q.variant_id
          AND r.status = 'rejected' AND {near("r.price", "q.price", quality.RELEASE_RATIO)}
          AND r.recorded_at >= q.recorded_at - interval '{quality.RELEASE_DAYS} days')
 ORDER BY q.id LIMIT {MOST_AT_ONCE}
"""  # noqa: S608 - made of our own constants

_PEERS = f"""
SELECT w.id, s.code, s.venue_id <> own.venue_id AS is_other_venue, c.price * m.factor AS price
  FROM waiting w
  JOIN price_sources own ON own.id = w.source_id
  JOIN current_prices c ON c.product_key = w.product_key AND c.source_id <> w.source_id
  JOIN price_sources s ON s.id = c.source_id AND s.is_enabled
  JOIN price_variants v ON v.id = c.variant_id AND v.price_type = s.market_price_type
                       AND v.currency = s.currency AND v.finish = w.finish
                       AND v.condition IN {quality.OWN_CONDITIONS} AND (w.is_sealed OR v.price_type <> 'low')
  JOIN mid_rates m ON m.base = s.currency AND m.quote = w.currency
 WHERE c.recorded_at BETWEEN w.recorded_at - interval '{quality.PEER_HOURS} hours'
                         AND w.recorded_at + interval '{quality.CONFIRM_DAYS} days'
   AND NOT EXISTS (SELECT FROM price_batches b
                    WHERE b.id = c.batch_id AND b.data_source_quality < {quality.MIN_QUALITY})
"""  # noqa: S608 - made of our own constants

_CONFIRMED = f"""
WITH peers AS ({_PEERS}), known AS (
    SELECT id, price FROM peers
     UNION ALL
    SELECT w.id, c.price FROM waiting w
      JOIN current_prices c ON c.product_key = w.product_key AND c.source_id = w.source_id
                           AND c.variant_id = w.variant_id
), plausible AS (
    SELECT w.id FROM waiting w JOIN known k ON k.id = w.id
     GROUP BY w.id HAVING bool_and({near("w.price", "k.price", quality.WIDE_RATIO)})
), confirmed AS (
    SELECT w.id, 'peer' AS how, p.code || ' ' || round(p.price, 2) AS what
      FROM waiting w JOIN peers p ON p.id = w.id
     WHERE p.is_other_venue AND {near("w.price", "p.price", quality.CONFIRM_RATIO)}
     UNION ALL
    SELECT w.id, 'route', b.route || ' ' || h.price
      FROM waiting w
      JOIN price_history h ON h.product_key = w.product_key AND h.source_id = w.source_id
                          AND h.variant_id = w.variant_id
                          AND h.recorded_at BETWEEN w.recorded_at - interval '1 day'
                                                AND w.recorded_at + interval '{quality.CONFIRM_DAYS} days'
      JOIN price_batches b ON b.id = h.batch_id AND b.route <> w.route
     WHERE {near("w.price", "h.price", quality.CONFIRM_RATIO)}
     UNION ALL
    SELECT w.id, 'repeat', o.price::text
      FROM waiting w
      JOIN plausible USING (id)
      JOIN waiting o ON o.product_key = w.product_key AND o.source_id = w.source_id
                    AND o.variant_id = w.variant_id
                    AND greatest(o.recorded_at, w.recorded_at) - least(o.recorded_at, w.recorded_at)
                        BETWEEN interval '{quality.REPEAT_HOURS} hours'
                            AND interval '{quality.CONFIRM_DAYS} days'
     WHERE {near("w.price", "o.price", quality.REPEAT_RATIO)}
), first AS (
    SELECT DISTINCT ON (id) id, how, what FROM confirmed ORDER BY id, how, what
)
UPDATE quarantined_prices q
   SET status = 'released', decided_at = %(now)s,
       evidence = q.evidence || jsonb_build_object('confirmed_by', f.how, 'confirmed_with', f.what)
  FROM first f JOIN waiting w ON w.id = f.id
  JOIN price_sources s ON s.id = w.source_id
 WHERE q.id = f.id AND q.status = 'held'
RETURNING q.id, q.product_id, s.code, q.price, q.recorded_at, f.how, f.what
"""  # noqa: S608 - made of our own constants

_RELEASED = """
SELECT q.recorded_at, p.key AS product_key, q.batch_id, q.source_id, q.variant_id, q.seller_count,
       q.available_quantity, q.price, q.shipping_cost
  FROM quarantined_prices q JOIN products p ON p.id = q.product_id
 WHERE q.id = ANY(%(ids)s)
"""
_STORE = (
    f"INSERT INTO price_history ({_COLUMNS}) {_RELEASED} ON CONFLICT DO NOTHING",
    f"INSERT INTO current_prices ({_COLUMNS}) SELECT DISTINCT ON (product_key, source_id, variant_id) *"  # noqa: S608
    f" FROM ({_RELEASED}) r"
    f" ORDER BY product_key, source_id, variant_id, recorded_at DESC {CURRENT_UPSERT}",
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A held price that was released, and what confirmed it."""

    quarantined_id: int
    product_id: str
    source: str
    price: str
    recorded_at: datetime
    how: str
    what: str


def confirm_waiting(cursor: CursorWrapper, *, now: datetime) -> list[Confirmation]:
    """Release what the prices now stored confirm, for the products in `fresh` and every source.

    Its month of history exists: the price was held in it less than `CONFIRM_DAYS` ago, and `ensure_months`
    ran for the batch that brought it. Statements do not depend on how many prices wait.

    Args:
        cursor: in the ingest's transaction, after prices were stored and held; `mid_rates` exists.
        now: the time of the decision.
    """
    cursor.execute(
        _WAITING,
        {
            "oldest": now - timedelta(days=quality.CONFIRM_DAYS),
            "routes": [str(route) for route in quality.SUSPECT_ROUTES],
        },
    )
    if not cursor.rowcount:
        return []
    cursor.execute(_CONFIRMED, {"now": now})
    found = [
        Confirmation(row[0], str(row[1]), row[2], str(row[3]), row[4], row[5], row[6])
        for row in cursor.fetchall()
    ]
    if found:
        for statement in _STORE:
            cursor.execute(statement, {"ids": [one.quarantined_id for one in found]})
    return sorted(found, key=lambda one: one.quarantined_id)
