"""The newest accepted prices: as values for one product set, and as SQL for set-based analysis.

`current_prices` holds only prices that passed every quality gate, so whatever these selectors return may be
used. While a newer price is held, the older accepted one is still the current one; it ages and then drops out
of the fresh ones by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import connection

from pricing.models import PriceSource

_CONDITION_RANK: Final = (
    "CASE v.condition WHEN 'unopened' THEN 0 WHEN 'near_mint' THEN 1 WHEN 'any' THEN 2 END"
)

MARKET_PRICES: Final = f"""
SELECT DISTINCT ON (c.product_key, v.finish)
       c.product_key, v.finish, c.variant_id, v.condition, v.price_type, v.currency, c.price, c.seller_count,
       c.available_quantity, c.shipping_cost, c.recorded_at, c.batch_id
  FROM current_prices c
  JOIN price_variants v ON v.id = c.variant_id
 WHERE c.source_id = %(source_id)s AND v.price_type = %(price_type)s AND v.currency = %(currency)s
   AND v.condition IN ('unopened', 'near_mint', 'any') AND c.recorded_at >= %(fresh_after)s
 ORDER BY c.product_key, v.finish, {_CONDITION_RANK}, c.recorded_at DESC
"""  # noqa: S608 - made of our own constants
"""One accepted, fresh price per product and finish of one source, for a CTE; `market_parameters` fills it.

A price for near mint goes before one for any condition; prices for played copies are never market prices.
"""

_LATEST = """
SELECT c.product_key, s.code, v.id, v.finish, v.condition, v.price_type, v.currency, c.price, c.seller_count,
       c.available_quantity, c.shipping_cost, c.recorded_at, c.batch_id, b.route, b.source_url,
       b.confidence_level, b.data_source_quality
  FROM current_prices c
  JOIN price_variants v ON v.id = c.variant_id
  JOIN price_sources s ON s.id = c.source_id
  JOIN price_batches b ON b.id = c.batch_id
 WHERE (%(source_id)s::smallint IS NULL OR c.source_id = %(source_id)s)
   AND (%(product_keys)s::integer[] IS NULL OR c.product_key = ANY(%(product_keys)s))
   AND (%(price_types)s::text[] IS NULL OR v.price_type = ANY(%(price_types)s))
   AND (%(finishes)s::text[] IS NULL OR v.finish = ANY(%(finishes)s))
 ORDER BY c.product_key, s.code, v.finish, v.price_type, v.condition
"""

# what current_prices must equal, found the slow way: the newest history row of each key
_DISAGREEMENTS = """
WITH keys AS (
    SELECT DISTINCT product_key, source_id, variant_id FROM price_history
     WHERE %(product_keys)s::integer[] IS NULL OR product_key = ANY(%(product_keys)s)
), newest AS (
    SELECT k.*, h.recorded_at, h.price
      FROM keys k
     CROSS JOIN LATERAL (SELECT recorded_at, price FROM price_history h
                          WHERE h.product_key = k.product_key AND h.source_id = k.source_id
                            AND h.variant_id = k.variant_id
                          ORDER BY h.recorded_at DESC LIMIT 1) h
)
SELECT n.product_key, n.source_id, n.variant_id
  FROM newest n
  LEFT JOIN current_prices c USING (product_key, source_id, variant_id)
 WHERE c.price IS NULL OR c.recorded_at < n.recorded_at
    OR (c.recorded_at = n.recorded_at AND c.price <> n.price)
 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class LatestPrice:
    """The newest accepted price of one product, source and variant, with the provenance of its batch."""

    product_key: int
    source: str
    variant_id: int
    finish: str
    condition: str
    price_type: str
    currency: str
    price: Decimal
    seller_count: int | None
    available_quantity: int | None
    shipping_cost: Decimal | None
    recorded_at: datetime
    batch_id: int
    route: str
    source_url: str
    confidence_level: str
    data_source_quality: Decimal


@dataclass(frozen=True, slots=True)
class MarketPrice:
    """One row of `MARKET_PRICES`."""

    product_key: int
    finish: str
    variant_id: int
    condition: str
    price_type: str
    currency: str
    price: Decimal
    seller_count: int | None
    available_quantity: int | None
    shipping_cost: Decimal | None
    recorded_at: datetime
    batch_id: int


def fresh_after(now: datetime) -> datetime:
    """Return the oldest `recorded_at` a price may have to raise an opportunity (PRICE_MAX_AGE_HOURS)."""
    return now - timedelta(hours=settings.PRICE_MAX_AGE_HOURS)


def market_parameters(
    *, source: PriceSource, oldest: datetime, price_type: str | None = None
) -> dict[str, Any]:
    """Return the parameters of `MARKET_PRICES`.

    Args:
        source: whose prices.
        oldest: the oldest `recorded_at` to accept, e.g. `fresh_after(now)`.
        price_type: a statistic; None takes the source's market statistic.
    """
    return {
        "source_id": source.pk,
        "price_type": price_type or source.market_price_type,
        "currency": source.currency,
        "fresh_after": oldest,
    }


def market_prices(
    *,
    source: PriceSource,
    oldest: datetime,
    product_keys: Collection[int] | None = None,
    price_type: str | None = None,
) -> dict[tuple[int, str], MarketPrice]:
    """Return one accepted price per (product key, finish) of one source; see `MARKET_PRICES`.

    Args:
        source: whose prices.
        oldest: the oldest `recorded_at` to accept, e.g. `fresh_after(now)`; `datetime.min` in UTC accepts
            all.
        product_keys: None for every product.
        price_type: a statistic; None takes the source's market statistic.
    """
    parameters = market_parameters(source=source, oldest=oldest, price_type=price_type)
    statement = MARKET_PRICES
    if product_keys is not None:
        statement = statement.replace(" ORDER BY", "   AND c.product_key = ANY(%(product_keys)s)\n ORDER BY")
        parameters["product_keys"] = list(product_keys)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {(row[0], row[1]): MarketPrice(*row) for row in cursor.fetchall()}


def latest_prices(
    *,
    source: PriceSource | None = None,
    product_keys: Collection[int] | None = None,
    price_types: Collection[str] | None = None,
    finishes: Collection[str] | None = None,
) -> list[LatestPrice]:
    """Return current prices with their provenance, by product key, source, finish, price type and condition.

    Nothing is left out for its age: judge `recorded_at`. None means every source, product, price type or
    finish.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LATEST,
            {
                "source_id": source.pk if source else None,
                "product_keys": None if product_keys is None else list(product_keys),
                "price_types": None if price_types is None else list(price_types),
                "finishes": None if finishes is None else list(finishes),
            },
        )
        return [LatestPrice(*row) for row in cursor.fetchall()]


def history_disagreements(product_keys: Collection[int] | None = None) -> list[tuple[int, int, int]]:
    """Return the (product key, source id, variant id) whose current price is not their newest stored one.

    The slow way to the same answer as `current_prices`; an empty list is the expected result.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEMENTS, {"product_keys": None if product_keys is None else list(product_keys)})
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
