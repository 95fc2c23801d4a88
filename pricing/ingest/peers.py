"""Part of the third step of an ingest: what other sources' market prices say of the products of the batch.

Writes two temporary tables that the gates read: `peer_prices` (product, finish, source, price in this
source's currency, whether it is another venue's) and `peer_medians`. A peer is the current market price of
another enabled source, observed at about the same time, of decent quality, converted at the middle of a fresh
rate. The lowest offer of a single is no peer: it is for any condition, and routinely far below what the card
sells for.

Mirrors of this source's own venue (Scryfall repeats TCGplayer's number) are peers too: they show whether it
was read right. They are no second opinion on what is right, so only another venue confirms a price.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from pricing import quality
from pricing.selectors.peers import MidRate

RATES_TABLE: Final = """
CREATE TEMPORARY TABLE mid_rates ON COMMIT DROP AS
SELECT * FROM unnest(%(bases)s::text[], %(quotes)s::text[], %(factors)s::numeric[])
           AS rates(base, quote, factor)
"""

_KINDS = f"""
CREATE TEMPORARY TABLE peer_kinds ON COMMIT DROP AS
SELECT s.id AS source_id, v.id AS variant_id, v.finish, v.price_type, m.factor,
       s.venue_id <> judged.venue_id AS is_other_venue,
       array_position(ARRAY['unopened', 'near_mint', 'any']::text[], v.condition::text) AS rank
  FROM price_sources s
  JOIN price_sources judged ON judged.id = %(source_id)s
  JOIN price_variants v ON v.price_type = s.market_price_type AND v.currency = s.currency
                       AND v.condition IN {quality.OWN_CONDITIONS}
  JOIN mid_rates m ON m.base = s.currency AND m.quote = %(currency)s
 WHERE s.is_enabled AND s.id <> %(source_id)s
"""  # noqa: S608 - made of our own constants

_PRICES = f"""
CREATE TEMPORARY TABLE peer_prices ON COMMIT DROP AS
SELECT DISTINCT ON (c.product_key, k.finish, c.source_id)
       c.product_key, k.finish, c.source_id, k.is_other_venue, round(c.price * k.factor, 4) AS price
  FROM (SELECT DISTINCT product_key, is_sealed FROM fresh) f
  JOIN current_prices c ON c.product_key = f.product_key
  JOIN peer_kinds k ON k.source_id = c.source_id AND k.variant_id = c.variant_id
 WHERE c.recorded_at BETWEEN %(compared_after)s AND %(compared_until)s
   AND (f.is_sealed OR k.price_type <> 'low')
   AND NOT EXISTS (SELECT FROM price_batches b
                    WHERE b.id = c.batch_id AND b.data_source_quality < {quality.MIN_QUALITY})
 ORDER BY c.product_key, k.finish, c.source_id, k.rank, c.recorded_at DESC
"""  # noqa: S608 - made of our own constants

_MEDIANS = """
CREATE TEMPORARY TABLE peer_medians ON COMMIT DROP AS
SELECT product_key, finish, count(*) AS sources,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY price)::numeric(14, 2) AS median
  FROM peer_prices GROUP BY product_key, finish
"""


def collect_peers(
    cursor: CursorWrapper, *, source_id: int, currency: str, rates: list[MidRate]
) -> datetime | None:
    """Write `mid_rates`, `peer_prices` and `peer_medians` for the products in `fresh`.

    Args:
        cursor: in the ingest's transaction, after `select_fresh`.
        source_id: whose prices are judged; its own are no peers.
        currency: of the peers' prices.
        rates: of `pricing.selectors.peers.mid_rates`.

    Returns:
        Prices observed before this time are not to be compared with these peers; None if nothing is fresh.
    """
    cursor.execute(
        RATES_TABLE,
        {
            "bases": [base for base, _, _ in rates],
            "quotes": [quote for _, quote, _ in rates],
            "factors": [factor for _, _, factor in rates],
        },
    )
    cursor.execute("SELECT max(seen_at) FROM fresh")
    newest: datetime | None = cursor.fetchone()[0]
    if newest is None:
        return None
    apart = timedelta(hours=quality.PEER_HOURS)
    parameters: dict[str, Any] = {
        "source_id": source_id,
        "currency": currency,
        "compared_after": newest - apart,
        "compared_until": newest + apart,
    }
    cursor.execute(_KINDS, parameters)
    cursor.execute("ANALYZE peer_kinds")
    cursor.execute(_PRICES, parameters)
    cursor.execute("ANALYZE peer_prices")
    cursor.execute(_MEDIANS)
    cursor.execute("ANALYZE peer_medians")
    return newest - apart
