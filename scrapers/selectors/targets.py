"""The products of one source and what a plan has to know of them, set-based."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from scrapers.registry import SourceSpec
from scrapers.scheduling import Target

from .coverage import TRACKED_SQL

VOLATILITY_WINDOW: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Article:
    """One product as a source knows it: all its ids there, the shortest first."""

    product_id: UUID
    key: int
    name: str
    external_ids: tuple[str, ...]


_NAMES: Final = """
    SELECT t.id, t.key, i.external_id FROM tracked t
      JOIN product_identifiers i ON i.product_id = t.id AND i.source = %(name_space)s
     UNION SELECT id, key, tcg_product_id FROM tracked
            WHERE %(name_space)s = 'tcgplayer' AND tcg_product_id <> ''
     UNION SELECT id, key, ebay_product_id FROM tracked
            WHERE %(name_space)s = 'ebay' AND ebay_product_id <> ''
     UNION SELECT id, key, amazon_asin FROM tracked
            WHERE %(name_space)s = 'amazon' AND amazon_asin <> ''
"""

# What any route of the source brought counts as received: a price of a bulk feed need not be asked for again.
_TARGETS: Final = f"""
WITH tracked AS MATERIALIZED ({TRACKED_SQL}),
names AS ({_NAMES}),
articles AS (
    SELECT id, key, array_agg(external_id ORDER BY length(external_id), external_id) AS ids
      FROM names GROUP BY id, key),
prices AS (SELECT id, market_price_type FROM price_sources WHERE code = ANY(%(prices)s)),
used AS (SELECT DISTINCT c.batch_id FROM current_prices c JOIN prices s ON s.id = c.source_id),
confirmed AS (
    SELECT b.id, greatest(b.fetched_at, max(d.fetched_at), max(r.confirmed_at)) AS received_at
      FROM price_batches b JOIN used u ON u.batch_id = b.id
      LEFT JOIN feed_downloads d ON d.url = b.source_url AND d.sha256 = b.content_sha256 AND d.sha256 <> ''
      LEFT JOIN source_routes r ON r.id = d.route_id
     GROUP BY b.id),
priced AS (
    SELECT c.product_key, max(greatest(c.recorded_at, k.received_at)) AS received_at,
           max(c.price) FILTER (WHERE v.price_type = s.market_price_type) AS value
      FROM current_prices c JOIN prices s ON s.id = c.source_id
      JOIN price_variants v ON v.id = c.variant_id
      LEFT JOIN confirmed k ON k.id = c.batch_id
     GROUP BY c.product_key),
moved AS (
    SELECT h.product_key, max(spread) AS volatility FROM (
        SELECT h.product_key, h.variant_id, stddev_samp(h.price) / nullif(avg(h.price), 0) AS spread
          FROM price_history h JOIN prices s ON s.id = h.source_id
          JOIN price_variants v ON v.id = h.variant_id AND v.price_type = s.market_price_type
         WHERE h.recorded_at >= %(since)s AND h.recorded_at <= %(now)s
         GROUP BY h.product_key, h.variant_id HAVING count(*) >= 3) h
     GROUP BY h.product_key),
tried AS (
    SELECT f.product_id, max(f.attempted_at) AS attempted_at, max(f.succeeded_at) AS succeeded_at,
           min(f.failures) AS failures
      FROM product_fetches f
     WHERE f.route_id = ANY(%(routes)s)
     GROUP BY f.product_id)
SELECT a.id, a.key, p.name, a.ids,
       CASE WHEN %(has_other_routes)s THEN greatest(w.received_at, t.succeeded_at)
            ELSE t.succeeded_at END, t.attempted_at,
       coalesce(t.failures, 0), w.value, m.volatility
  FROM articles a JOIN products p ON p.id = a.id
  LEFT JOIN priced w ON w.product_key = a.key
  LEFT JOIN moved m ON m.product_key = a.key
  LEFT JOIN tried t ON t.product_id = a.id
"""  # noqa: S608 - made of our own constants

_ONE: Final = f"""
WITH tracked AS (
    SELECT id, key, tcg_product_id, ebay_product_id, amazon_asin FROM products WHERE id = %(product)s),
names AS ({_NAMES})
SELECT p.id, p.key, p.name, array_agg(n.external_id ORDER BY length(n.external_id), n.external_id)
  FROM names n JOIN products p ON p.id = n.id GROUP BY p.id
"""  # noqa: S608 - made of our own constants


def source_targets(
    source: SourceSpec, *, now: datetime, routes: Collection[int], has_other_routes: bool = True
) -> list[Target[Article]]:
    """Return the tracked products of a source for `plan_cycle`, in no order.

    Args:
        source: its first price source names the space of the ids.
        now: the current time.
        routes: rows of the register whose attempts count; a route that was asked for something else, such as
            sales, says nothing about a price.
        has_other_routes: what is asked for may come by other routes of the source too, so that a price any of
            them brought counts as received; not so for sales.
    """
    parameters: dict[str, Any] = {
        "name_space": source.prices[0].identifier_source,
        "prices": [price.code for price in source.prices],
        "routes": list(routes),
        "has_other_routes": has_other_routes,
        "since": now - VOLATILITY_WINDOW,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, parameters)
        return [
            Target(
                key=key,
                subject=Article(product_id, key, name, tuple(ids)),
                received_at=received_at,
                attempted_at=attempted_at,
                failures=failures,
                value=None if value is None else float(value),
                volatility=None if volatility is None else float(volatility),
            )
            for product_id, key, name, ids, received_at, attempted_at, failures, value, volatility in cursor
        ]


def source_article(source: SourceSpec, product_id: UUID) -> Article | None:
    """Return one product as a source knows it, tracked or not; None if it has no id there."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, {"product": product_id, "name_space": source.prices[0].identifier_source})
        row = cursor.fetchone()
    return None if row is None else Article(row[0], row[1], row[2], tuple(row[3]))


def requests_since(rows: Sequence[int], *, moment: datetime) -> int:
    """Return how many products were asked about on these routes since a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM product_fetches WHERE route_id = ANY(%s) AND attempted_at >= %s",
            [list(rows), moment],
        )
        return int(cursor.fetchone()[0])
