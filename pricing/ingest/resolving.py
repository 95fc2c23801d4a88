"""Second step of an ingest: which article, finish and variant each staged price is for.

An identifier without a finish covers every finish its article is made in; one with a finish covers only that.
Some sources know fewer finishes than we do, so a price may stand for another finish than its name says
(`COVERS`): Cardmarket's foil statistics are also those of the etched version under the same id, and the plain
statistics of an article that is not made non-foil are those of the finish it is made in (not of a reverse
holofoil or a 1st Edition holofoil, which every source lists apart). An exact match always wins.

A sealed product is unopened: a price without a condition is for that, and one that states another condition
is of something else (an opened or used box) and is for no product at all (`not_unopened`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from pricing.models.history import MAX_PRICE, MIN_PRICE

MAX_SHIPPING: Final = 100_000
MAX_SELLERS: Final = 10_000_000
MAX_QUANTITY: Final = 1_000_000_000

# observed finish, finish it may stand for, rank (lower wins; from 2 only when the id covers no plain version)
COVERS: Final = """
    ('nonfoil', 'nonfoil', 0), ('nonfoil', 'foil', 2), ('nonfoil', 'etched', 3), ('nonfoil', 'glossy', 4),
    ('nonfoil', 'signed', 5), ('foil', 'foil', 0), ('foil', 'etched', 1), ('etched', 'etched', 0),
    ('glossy', 'glossy', 0), ('signed', 'signed', 0), ('reverse', 'reverse', 0),
    ('first_ed', 'first_ed', 0), ('nonfoil', 'first_ed', 6), ('first_foil', 'first_foil', 0)
"""

COLUMN_IDS: Final = {
    "tcgplayer": "tcg_product_id",
    "ebay": "ebay_product_id",
    "amazon": "amazon_asin",
}
"""Name spaces of which R002 keeps an id on the product itself; it counts where no identifier has the id."""

_BY_COLUMN = """
    UNION ALL
    SELECT a.article, p.key, p.product_type, p.finishes, ''
      FROM articles a
      JOIN products p ON p.{column} = a.external_id
     WHERE a.name_space IN ('', %(identifier_source)s) AND a.article NOT LIKE '#%%'
       AND NOT EXISTS (SELECT FROM product_identifiers i
                        WHERE i.source = %(identifier_source)s AND i.external_id = a.external_id)
"""

_COVERED = """
CREATE TEMPORARY TABLE covered ON COMMIT DROP AS
WITH articles AS (
    SELECT article, split_part(article, '=', 1) AS name_space,
           substr(article, strpos(article, '=') + 1) AS external_id
      FROM (SELECT DISTINCT article FROM staged_prices) a
), named AS (
    SELECT a.article, p.key, p.product_type, p.finishes, i.finish
      FROM articles a
      JOIN product_identifiers i ON i.source = coalesce(nullif(a.name_space, ''), %(identifier_source)s)
                                AND i.external_id = a.external_id
      JOIN products p ON p.id = i.product_id
     WHERE a.article NOT LIKE '#%%' AND a.name_space <> 'id'
     UNION ALL
    SELECT a.article, p.key, p.product_type, p.finishes, ''
      FROM articles a
      JOIN products p ON p.key = CASE WHEN a.article LIKE '#%%' THEN substr(a.article, 2)::bigint END
     UNION ALL
    SELECT a.article, p.key, p.product_type, p.finishes, ''
      FROM articles a
      JOIN products p ON p.id = CASE WHEN a.name_space = 'id' THEN a.external_id::uuid END
    {by_column}
)
SELECT n.article, n.key AS product_key, n.product_type = 'sealed' AS is_sealed, f.finish AS target,
       n.finish <> '' AS is_specific, bool_or(f.finish = 'nonfoil') OVER (PARTITION BY n.article) AS has_plain
  FROM named n
 CROSS JOIN LATERAL unnest(
       CASE WHEN n.product_type = 'sealed' THEN ARRAY['nonfoil']::varchar[]
            WHEN n.finish <> '' THEN ARRAY[n.finish]::varchar[]
            WHEN cardinality(n.finishes) = 0 THEN ARRAY['nonfoil', 'foil']::varchar[]
            ELSE n.finishes END) AS f(finish)
"""

_TARGETS = f"""
CREATE TEMPORARY TABLE form_targets ON COMMIT DROP AS
SELECT f.form, c.target, s.is_sealed, c.rank, f.price_type, f.currency,
       coalesce(nullif(f.condition, ''), CASE WHEN s.is_sealed THEN 'unopened' ELSE 'any' END) AS condition,
       NULL::smallint AS variant_id
  FROM staged_forms f
  JOIN (VALUES {COVERS}) AS c(observed, target, rank)
    ON c.observed = coalesce(nullif(f.finish, ''), 'nonfoil')
  JOIN (SELECT DISTINCT target, is_sealed FROM covered) s ON s.target = c.target
 WHERE NOT s.is_sealed OR f.condition IN ('', 'unopened')
"""  # noqa: S608 - made of our own constants

_NEW_VARIANTS = """
INSERT INTO price_variants (condition, finish, price_type, currency)
SELECT DISTINCT t.condition, t.target, t.price_type, t.currency
  FROM form_targets t
 WHERE NOT EXISTS (SELECT FROM price_variants v WHERE v.condition = t.condition AND v.finish = t.target
                      AND v.price_type = t.price_type AND v.currency = t.currency)
    ON CONFLICT DO NOTHING
"""

_SET_VARIANTS = """
UPDATE form_targets t SET variant_id = v.id
  FROM price_variants v
 WHERE v.condition = t.condition AND v.finish = t.target AND v.price_type = t.price_type
   AND v.currency = t.currency
"""

USABLE: Final = f"""
    s.price BETWEEN {MIN_PRICE} AND {MAX_PRICE}
    AND coalesce(s.recorded_at, %(recorded_at)s) BETWEEN %(earliest)s AND %(latest)s
    AND coalesce(s.seller_count, 0) BETWEEN 0 AND {MAX_SELLERS}
    AND coalesce(s.available_quantity, 0) BETWEEN 0 AND {MAX_QUANTITY}
    AND coalesce(s.shipping_cost, 0) BETWEEN 0 AND {MAX_SHIPPING}
"""

# CASE hides the ranges from the planner, which multiplies their selectivities, expects one row of a batch of
# many dates and then joins it row by row: 20 s instead of 0.3 s for 200,000 prices.
_RESOLVED = f"""
CREATE TEMPORARY TABLE resolved ON COMMIT DROP AS
SELECT DISTINCT ON (c.product_key, t.variant_id, seen_at)
       c.product_key, t.variant_id, coalesce(s.recorded_at, %(recorded_at)s) AS seen_at, s.line, c.is_sealed,
       t.target AS finish, t.condition, t.price_type, t.currency, round(s.price, 2)::numeric(12, 2) AS price,
       s.seller_count::integer AS seller_count, s.available_quantity::integer AS available_quantity,
       round(s.shipping_cost, 2)::numeric(10, 2) AS shipping_cost
  FROM staged_prices s
  JOIN covered c ON c.article = s.article
  JOIN form_targets t ON t.form = s.form AND t.target = c.target AND t.is_sealed = c.is_sealed
                     AND NOT (t.rank >= 2 AND c.has_plain)
 WHERE CASE WHEN {USABLE} THEN true END
 ORDER BY c.product_key, t.variant_id, seen_at, t.rank, c.is_specific DESC, s.line
"""  # noqa: S608 - made of our own constants

_SKIPPED = f"""
WITH judged AS (
    SELECT s.line, s.article, s.form, c.is_sealed AND f.condition NOT IN ('', 'unopened') AS is_opened,
           CASE WHEN c.article IS NULL THEN 'unmatched'
                WHEN s.price = 0 THEN 'no_price'
                WHEN s.price NOT BETWEEN {MIN_PRICE} AND {MAX_PRICE} THEN 'price_out_of_range'
                WHEN coalesce(s.recorded_at, %(recorded_at)s) NOT BETWEEN %(earliest)s AND %(latest)s
                THEN 'absurd_date'
                WHEN NOT ({USABLE}) THEN 'count_out_of_range' END AS reason
      FROM staged_prices s
      JOIN staged_forms f ON f.form = s.form
      LEFT JOIN (SELECT article, bool_and(is_sealed) AS is_sealed FROM covered GROUP BY article) c
             ON c.article = s.article
     WHERE NOT EXISTS (SELECT FROM resolved r WHERE r.line = s.line)
), beaten AS (
    SELECT j.article, CASE WHEN j.reason IS NOT NULL THEN j.reason WHEN j.is_opened THEN 'not_unopened'
                           WHEN t.rank IS NULL THEN 'finish_not_made'
                           WHEN t.rank >= 2 THEN 'stands_in_for_none' ELSE 'duplicate' END AS reason
      FROM judged j
      LEFT JOIN LATERAL (
           SELECT min(t.rank) AS rank
             FROM covered k JOIN form_targets t ON t.target = k.target AND t.is_sealed = k.is_sealed
                                               AND NOT (t.rank >= 2 AND k.has_plain)
            WHERE j.reason IS NULL AND k.article = j.article AND t.form = j.form) t ON j.reason IS NULL
)
SELECT reason, count(*), CASE WHEN reason = 'unmatched' THEN count(DISTINCT article) END
  FROM beaten GROUP BY reason
"""  # noqa: S608 - made of our own constants


@dataclass(frozen=True, slots=True)
class Window:
    """The batch's own time, and the times an observation may carry."""

    recorded_at: datetime
    earliest: datetime
    latest: datetime

    def as_parameters(self) -> dict[str, Any]:
        """Return the window as named SQL parameters."""
        return {"recorded_at": self.recorded_at, "earliest": self.earliest, "latest": self.latest}


_UNMATCHED = """
SELECT coalesce(nullif(split_part(article, '=', 1), ''), %(identifier_source)s),
       substr(article, strpos(article, '=') + 1)
  FROM (SELECT DISTINCT s.article FROM staged_prices s
         WHERE s.article NOT LIKE '#%%' AND s.article NOT LIKE 'id=%%'
           AND NOT EXISTS (SELECT FROM covered c WHERE c.article = s.article)) u
"""


def unmatched_articles(cursor: CursorWrapper, *, identifier_source: str) -> list[tuple[str, str]]:
    """Return (name space, external id) of the staged articles that no product has, after `resolve`."""
    cursor.execute(_UNMATCHED, {"identifier_source": identifier_source})
    return [(name_space, external_id) for name_space, external_id in cursor.fetchall()]


def resolve(cursor: CursorWrapper, *, identifier_source: str, window: Window) -> dict[str, int]:
    """Write the temporary table `resolved`: one row per product, variant and time.

    Prices are rounded half up to the cent. Of several prices for one key the exact finish wins, then the
    first.

    Args:
        cursor: a cursor in the ingest's transaction, after `stage_observations`.
        identifier_source: the name space of the external ids.
        window: the batch's time and the accepted range of times.

    Returns:
        Reason -> number of staged prices that are not in `resolved`; `unmatched_articles` counts articles,
        `not_unopened` prices of sealed products in another state, and `stands_in_for_none` prices of a finish
        that is not made, beside a price of the one that is.
    """
    parameters = window.as_parameters()
    column = COLUMN_IDS.get(identifier_source)
    by_column = _BY_COLUMN.format(column=column) if column else ""
    cursor.execute(_COVERED.format(by_column=by_column), {"identifier_source": identifier_source})
    cursor.execute("ANALYZE covered")
    cursor.execute(_TARGETS)
    cursor.execute(_NEW_VARIANTS)
    cursor.execute(_SET_VARIANTS)
    cursor.execute("ANALYZE form_targets")
    cursor.execute(_RESOLVED, parameters)
    cursor.execute("ANALYZE resolved (product_key, variant_id, seen_at, line)")
    cursor.execute("CREATE INDEX ON covered (article)")  # only now: the join above hashes it
    cursor.execute(_SKIPPED, parameters)
    skipped: dict[str, int] = {}
    for reason, prices, articles in cursor.fetchall():
        skipped[reason] = prices
        if reason == "unmatched":
            skipped["unmatched_articles"] = articles
    return skipped
