"""What was probably sold, read from falling stock: the stand-in where a source has no sales feed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from pricing.models import PriceSource

TURNOVER_DAYS: Final = 30

# one figure a day and variant, so that two imports on one day are no sale; then the variant with most days
_TURNOVER = """
WITH daily AS (
    SELECT DISTINCT ON (h.product_key, h.variant_id, day)
           h.product_key, h.variant_id, (h.recorded_at AT TIME ZONE 'UTC')::date AS day, h.available_quantity
      FROM price_history h
     WHERE h.source_id = %(source_id)s AND h.product_key = ANY(%(product_keys)s)
       AND h.available_quantity IS NOT NULL
       AND h.recorded_at > %(after)s AND h.recorded_at <= %(until)s
     ORDER BY h.product_key, h.variant_id, day, h.recorded_at DESC
), moves AS (
    SELECT product_key, variant_id, lag(available_quantity) OVER days - available_quantity AS sold
      FROM daily
    WINDOW days AS (PARTITION BY product_key, variant_id ORDER BY day)
), turnover AS (
    SELECT product_key, variant_id, count(*) FILTER (WHERE sold > 0) AS days_with_sale,
           coalesce(sum(sold) FILTER (WHERE sold > 0), 0) AS units_sold, count(*) AS days_seen
      FROM moves GROUP BY product_key, variant_id
)
SELECT DISTINCT ON (product_key) product_key, days_with_sale, units_sold
  FROM turnover
 WHERE days_seen > 1
 ORDER BY product_key, days_seen DESC, variant_id
"""


@dataclass(frozen=True, slots=True)
class StockTurnover:
    """How often and by how much a product's stock fell in the period."""

    days_with_sale: int
    units_sold: int


def stock_turnover(
    *, product_keys: Collection[int], source: PriceSource, now: datetime, days: int = TURNOVER_DAYS
) -> dict[int, StockTurnover]:
    """Read sales of many products off their falling stock, in one statement.

    Restocking hides sales and a withdrawn offer looks like one, so this is a stand-in that the confidence
    caps and labels (MATHS 1.5).

    Args:
        product_keys: whose stock.
        source: whose offers.
        now: the end of the period.
        days: length of the period.

    Returns:
        Product key -> turnover; products whose stock is not known on two days at least are absent.
    """
    parameters: dict[str, Any] = {
        "source_id": source.pk,
        "product_keys": list(product_keys),
        "after": now - timedelta(days=days),
        "until": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TURNOVER, parameters)
        return {key: StockTurnover(int(sale_days), int(units)) for key, sale_days, units in cursor.fetchall()}
