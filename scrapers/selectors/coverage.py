"""How much of what is tracked has a fresh price: the measure of the whole machinery.

A product is tracked at a source if it is active, the source has an id for it, and it matters to an
opportunity: it is sealed, or a single of some sealed product. It is fresh if its newest price there was
observed, or received, or confirmed to be still the published one, within the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from django.db import connection

from scrapers.registry import SOURCES, SourceSpec
from scrapers.scheduling.slots import CYCLE, SLOTS_PER_CYCLE

COVERAGE_WINDOW: Final = CYCLE
_PLACES: Final = Decimal("0.0001")

TRACKED_SQL: Final = """
SELECT p.id, p.key, p.tcg_product_id, p.ebay_product_id, p.amazon_asin FROM products p
WHERE p.is_active AND (p.product_type = 'sealed'
    OR EXISTS (SELECT FROM product_singles s WHERE s.single_product_id = p.id))
"""

# The content that an unchanged download, or a route that found all unchanged, confirms is that of the batch
# with the download's address and digest.
_COVERAGE: Final = f"""
WITH tracked AS MATERIALIZED ({TRACKED_SQL}),
spaces AS (
    SELECT t.source, t.is_reference, s.id AS source_id, s.identifier_source
      FROM unnest(%(sources)s::text[], %(prices)s::text[], %(reference)s::boolean[])
           AS t(source, price, is_reference)
      JOIN price_sources s ON s.code = t.price),
names AS (
    SELECT t.key, i.source AS name_space FROM tracked t JOIN product_identifiers i ON i.product_id = t.id
     UNION SELECT key, 'tcgplayer' FROM tracked WHERE tcg_product_id <> ''
     UNION SELECT key, 'ebay' FROM tracked WHERE ebay_product_id <> ''
     UNION SELECT key, 'amazon' FROM tracked WHERE amazon_asin <> ''),
wanted AS (
    SELECT DISTINCT n.key, s.source, s.is_reference
      FROM names n JOIN spaces s ON s.identifier_source = n.name_space),
confirmed AS (
    SELECT b.id FROM price_batches b JOIN spaces s ON s.source_id = b.source_id
     WHERE b.fetched_at >= %(cutoff)s
     UNION
    SELECT b.id FROM feed_downloads d JOIN source_routes r ON r.id = d.route_id
      JOIN price_batches b ON b.content_sha256 = d.sha256 AND b.content_sha256 <> '' AND b.source_url = d.url
     WHERE greatest(d.fetched_at, r.confirmed_at) >= %(cutoff)s),
priced AS (
    SELECT DISTINCT c.product_key AS key, s.source
      FROM current_prices c JOIN spaces s ON s.source_id = c.source_id
     WHERE c.recorded_at >= %(cutoff)s OR c.batch_id IN (SELECT id FROM confirmed)),
judged AS (SELECT w.key, w.source, w.is_reference, p.key IS NOT NULL AS is_fresh
             FROM wanted w LEFT JOIN priced p ON p.key = w.key AND p.source = w.source)
SELECT source, count(*), count(*) FILTER (WHERE is_fresh) FROM judged GROUP BY source
 UNION ALL
SELECT '', count(*), count(*) FILTER (WHERE is_fresh)
  FROM (SELECT key, bool_or(is_fresh) AS is_fresh FROM judged WHERE NOT is_reference GROUP BY key) each
"""  # noqa: S608 - made of our own constants


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """Tracked and fresh products of one source. `share` has four places, rounded down; 0 of nothing is 0."""

    source: str
    tracked: int
    fresh: int

    @property
    def share(self) -> Decimal:
        """Fresh products as a fraction of those tracked."""
        return _share(self.fresh, self.tracked)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The same over all sources that opportunities come from (peers for comparison do not count)."""

    window_hours: int
    tracked: int
    fresh: int
    by_source: tuple[SourceCoverage, ...]
    slots_per_cycle: int = SLOTS_PER_CYCLE

    @property
    def share(self) -> Decimal:
        """Fresh products as a fraction of those tracked."""
        return _share(self.fresh, self.tracked)


def coverage(*, now: datetime, sources: Sequence[SourceSpec] = SOURCES) -> Coverage:
    """Count tracked and fresh products, in one query.

    Args:
        now: the end of the window of four hours.
        sources: the registry.
    """
    pairs = [(source.code, price.code, price.is_reference) for source in sources for price in source.prices]
    parameters: dict[str, Any] = {
        "sources": [pair[0] for pair in pairs],
        "prices": [pair[1] for pair in pairs],
        "reference": [pair[2] for pair in pairs],
        "cutoff": now - COVERAGE_WINDOW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, parameters)
        found = {source: (tracked, fresh) for source, tracked, fresh in cursor.fetchall()}
    tracked, fresh = found.get("", (0, 0))
    return Coverage(
        window_hours=int(COVERAGE_WINDOW / timedelta(hours=1)),
        tracked=tracked,
        fresh=fresh,
        by_source=tuple(SourceCoverage(source.code, *found.get(source.code, (0, 0))) for source in sources),
    )


def _share(fresh: int, tracked: int) -> Decimal:
    if not tracked:
        return Decimal(0)
    return (Decimal(fresh) / tracked).quantize(_PLACES, rounding=ROUND_FLOOR)
