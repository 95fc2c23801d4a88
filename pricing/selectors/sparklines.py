"""The course of many products' prices for drawings in rows: one statement, however many products."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from .sources import price_sources

MAX_PRODUCTS: Final = 100
MAX_DAYS: Final = 30

_SPARKLINES = """
WITH wanted AS (SELECT id, key FROM products WHERE id = ANY(%(products)s)),
chosen AS (
    SELECT * FROM unnest(%(sources)s::int[], %(codes)s::text[], %(price_types)s::text[],
                         %(currencies)s::text[], %(references)s::boolean[])
                  AS s (source_id, code, price_type, currency, is_reference)
), daily AS (
    SELECT w.id, c.code, c.currency, c.is_reference, v.finish,
           (h.recorded_at AT TIME ZONE 'UTC')::date AS day,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY h.price)::numeric(12, 2) AS price
      FROM wanted w
      JOIN price_history h ON h.product_key = w.key
      JOIN chosen c ON c.source_id = h.source_id
      JOIN price_variants v ON v.id = h.variant_id AND v.price_type = c.price_type AND v.currency = c.currency
     WHERE v.condition IN ('unopened', 'near_mint', 'any')
       AND h.recorded_at >= %(begins)s AND h.recorded_at <= %(until)s
     GROUP BY w.id, c.code, c.currency, c.is_reference, v.finish, day
), ranked AS (
    SELECT id, code, finish,
           row_number() OVER (PARTITION BY id
                              ORDER BY is_reference, finish <> 'nonfoil', count(*) DESC, code) AS place
      FROM daily GROUP BY id, code, is_reference, finish
)
SELECT d.id, d.code, d.currency, d.day, d.price
  FROM daily d JOIN ranked r ON r.id = d.id AND r.code = d.code AND r.finish = d.finish AND r.place = 1
 ORDER BY d.id, d.day
"""


@dataclass(frozen=True, slots=True)
class SparkPoint:
    """The median price of one day (UTC)."""

    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The daily prices of one product at one source, oldest first, in the source's currency."""

    product: UUID
    source: str
    currency: str
    points: list[SparkPoint] = field(default_factory=list)


def sparklines(
    product_ids: Collection[UUID], *, now: datetime, days: int = MAX_DAYS, source: str | None = None
) -> list[Sparkline]:
    """Return one line per product that has prices: of the source and finish with the most days.

    A marketplace goes before a reference source, and the plain finish before others.

    Args:
        product_ids: whose; unknown ones are left out.
        now: end of the period.
        days: how many days (UTC), each whole but the last, which ends at `now`.
        source: only this one; None chooses for each product.
    """
    sources = [known for known in price_sources() if source in (None, known.code)]
    parameters: dict[str, Any] = {
        "products": list(product_ids),
        "sources": [known.pk for known in sources],
        "codes": [known.code for known in sources],
        "price_types": [known.market_price_type for known in sources],
        "currencies": [known.currency for known in sources],
        "references": [known.is_reference for known in sources],
        "begins": datetime.combine(now.astimezone(UTC).date() - timedelta(days=days - 1), time(), UTC),
        "until": now,
    }
    lines: dict[UUID, Sparkline] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPARKLINES, parameters)
        for product, code, currency, day, price in cursor.fetchall():
            line = lines.setdefault(product, Sparkline(product, code, currency))
            line.points.append(SparkPoint(day, price))
    return list(lines.values())
