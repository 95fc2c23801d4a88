"""What was sold: by a source's own sales where it reports them, else read off its falling stock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from pricing.models import PriceSource

from .stock import TURNOVER_DAYS, stock_turnover

FEED_DAYS: Final = 60  # a product nobody looked at for so long has no feed any more

# Listings and a day's total of one source tell of the same copies, so the larger figure counts, once. Of
# several sources of one venue the one that saw most counts.
_TURNOVER = """
WITH covered AS (
    SELECT p.key, s.product_id, s.source_id, s.sold_on, s.units, s.reference
      FROM sale_records s
      JOIN products p ON p.id = s.product_id
      JOIN price_sources o ON o.id = s.source_id AND o.venue_id = %(venue_id)s
     WHERE p.key = ANY(%(product_keys)s) AND s.recorded_at > %(seen_after)s AND s.sold_on <= %(until)s
), daily AS (
    SELECT key, source_id, sold_on,
           greatest(coalesce(sum(units) FILTER (WHERE reference = 'day'), 0),
                    coalesce(sum(units) FILTER (WHERE reference <> 'day'), 0)) AS units
      FROM covered GROUP BY key, source_id, sold_on
), totals AS (
    SELECT key, source_id, count(*) FILTER (WHERE units > 0 AND sold_on > %(after)s) AS days_with_sale,
           coalesce(sum(units) FILTER (WHERE sold_on > %(after)s), 0) AS units_sold
      FROM daily GROUP BY key, source_id
)
SELECT DISTINCT ON (key) key, days_with_sale, units_sold
  FROM totals ORDER BY key, units_sold DESC, days_with_sale DESC, source_id
"""


@dataclass(frozen=True, slots=True)
class SalesTurnover:
    """How often and how many copies were sold in a period.

    `is_feed` says that sales were reported; otherwise falling stock stands for them, which the confidence
    caps and labels (MATHS 1.5).
    """

    days_with_sale: int
    units_sold: int
    is_feed: bool


def sales_turnover(
    product_keys: Collection[int], *, source: PriceSource, now: datetime, days: int = TURNOVER_DAYS
) -> dict[int, SalesTurnover]:
    """Return the turnover of many products at one venue, in at most two statements.

    A product has a sales feed where any source of the same venue reported its sales (also a day without any)
    within the last `FEED_DAYS`; every finish and condition counts. For the others the source's own stock is
    read.

    Args:
        product_keys: whose sales.
        source: where; sales of its venue's other sources count too.
        now: end of the period (its UTC day included).
        days: length of the period.

    Returns:
        Product key -> turnover; products of which neither sales nor stock are known are absent.
    """
    keys = list(product_keys)
    today = now.date()
    parameters: dict[str, Any] = {
        "venue_id": source.venue_id,
        "product_keys": keys,
        "after": today - timedelta(days=days),
        "until": today,
        "seen_after": now - timedelta(days=FEED_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TURNOVER, parameters)
        found = {
            key: SalesTurnover(int(sale_days), int(units), is_feed=True)
            for key, sale_days, units in cursor.fetchall()
        }
    missing = [key for key in keys if key not in found]
    if missing:
        stock = stock_turnover(product_keys=missing, source=source, now=now, days=days)
        found |= {
            key: SalesTurnover(moved.days_with_sale, moved.units_sold, is_feed=False)
            for key, moved in stock.items()
        }
    return found
