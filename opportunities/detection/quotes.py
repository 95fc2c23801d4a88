"""Accepted current prices of sealed products, and whether a newer one is held in quarantine.

Only prices of unopened products count: what an opened or used box costs is no cost of a sealed one.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from opportunities.valuation import CURRENT_BOOK, PriceBook
from pricing.models import PriceSource

_QUOTES = """
WITH wanted AS (
    SELECT id, key FROM products
     WHERE product_type = 'sealed' AND is_active AND category = %(category)s
       AND (%(all)s OR id = ANY(%(ids)s))
), accepted AS (
    SELECT DISTINCT ON (w.id) w.id, w.key, c.variant_id, c.price, c.shipping_cost, c.seller_count,
           c.available_quantity, c.recorded_at, b.data_source_quality
      FROM wanted w
      JOIN {table} c ON c.product_key = w.key AND c.source_id = %(source)s
      JOIN price_variants v ON v.id = c.variant_id
      JOIN price_batches b ON b.id = c.batch_id
     WHERE v.price_type = %(price_type)s AND v.currency = %(currency)s AND v.finish = 'nonfoil'
       AND v.condition = 'unopened'
     ORDER BY w.id, c.recorded_at DESC
), held AS (
    SELECT DISTINCT ON (w.id) w.id, q.recorded_at, q.reasons
      FROM wanted w
      JOIN quarantined_prices q ON q.product_id = w.id AND q.source_id = %(source)s
       AND CASE WHEN %(until)s::timestamptz IS NULL THEN q.status = 'held'
                ELSE q.recorded_at <= %(until)s AND (q.status = 'held' OR q.decided_at > %(until)s)
                     AND q.reasons <> ARRAY['staff_outlier'::varchar] END
      JOIN price_variants v ON v.id = q.variant_id AND v.price_type = %(price_type)s
                          AND v.condition = 'unopened'
     ORDER BY w.id, q.recorded_at DESC
)
SELECT w.id, w.key, a.variant_id, a.price, a.shipping_cost, a.seller_count, a.available_quantity,
       a.recorded_at, h.reasons, a.data_source_quality
  FROM wanted w
  LEFT JOIN accepted a ON a.id = w.id
  LEFT JOIN held h ON h.id = w.id AND (a.recorded_at IS NULL OR h.recorded_at > a.recorded_at)
 ORDER BY w.id
"""


@dataclass(frozen=True, slots=True)
class SealedQuote:
    """What one sealed product costs at one source; `price` is None when no price was ever accepted.

    Args:
        product_id: the product.
        product_key: its compact key.
        variant_id: price variant.
        price: in the source's currency.
        shipping_cost: inbound; None if unknown.
        seller_count: None if unknown.
        available_quantity: None if unknown.
        recorded_at: when the price was observed.
        held_reasons: why a newer price is in quarantine; empty if none is.
        quality: R002's `data_source_quality` of the price; None without one.
    """

    product_id: UUID
    product_key: int
    variant_id: int | None
    price: Decimal | None
    shipping_cost: Decimal | None
    seller_count: int | None
    available_quantity: int | None
    recorded_at: datetime | None
    held_reasons: tuple[str, ...]
    quality: Decimal | None = None


def sealed_quotes(
    *,
    source: PriceSource,
    price_type: str,
    category: str,
    product_ids: Collection[UUID] | None = None,
    book: PriceBook = CURRENT_BOOK,
) -> dict[UUID, SealedQuote]:
    """Return one quote per active sealed product of a game, whatever its age.

    Args:
        source: whose prices, in its own currency.
        price_type: statistic.
        category: game.
        product_ids: products to look at; None looks at all.
        book: where prices are read; a replay reads those of its moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _QUOTES.format(table=book.table),
            {
                "category": category,
                "all": product_ids is None,
                "ids": list(product_ids or ()),
                "source": source.pk,
                "price_type": price_type,
                "currency": source.currency,
                "until": book.until,
            },
        )
        rows = cursor.fetchall()
    names = [field.name for field in fields(SealedQuote)]
    quotes = [dict(zip(names, [*row[:-2], tuple(row[-2] or ()), row[-1]], strict=True)) for row in rows]
    return {facts["product_id"]: SealedQuote(**facts) for facts in quotes}
