"""Store what sources report as sold: the evidence for volume. A sale is never used as a price of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish
from common.audit import record_event
from common.bulk import copy_rows, stage
from pricing.choices import Condition
from pricing.ingest.resolving import COLUMN_IDS
from pricing.models import PriceSource
from pricing.models.history import MAX_PRICE, MIN_PRICE
from pricing.observations import SoldCopies
from pricing.partitions import EARLIEST_MONTH

from .unmatched import note_unmatched

logger = structlog.get_logger(__name__)

DAY_TOTAL: Final = "day"
MAX_UNITS: Final = 1_000_000
MAX_REFERENCE: Final = 60
AHEAD: Final = timedelta(days=1)  # it is tomorrow already at some venues
_COLUMNS: Final = (
    "line", "name_space", "external_id", "finish", "condition", "sold_on", "reference", "units", "unit_price",
)  # fmt: skip
_STAGED: Final = (
    "line integer, name_space text, external_id text, finish text, condition text, sold_on date,"
    " reference text, units integer, unit_price numeric"
)

# an id that names several finishes of one article is that article; one that names two articles is none
_RESOLVED = """
CREATE TEMPORARY TABLE resolved_sales ON COMMIT DROP AS
WITH articles AS (SELECT DISTINCT name_space, external_id FROM staged_sales),
named AS (
    SELECT a.name_space, a.external_id, i.product_id
      FROM articles a
      JOIN product_identifiers i ON i.source = a.name_space AND i.external_id = a.external_id
    {by_column}
), one AS (
    SELECT name_space, external_id, (array_agg(product_id))[1] AS product_id
      FROM named GROUP BY name_space, external_id HAVING count(DISTINCT product_id) = 1
)
SELECT DISTINCT ON (o.product_id, s.finish, s.condition, s.reference,
                    CASE WHEN s.reference = 'day' THEN s.sold_on END)
       o.product_id, s.finish, s.condition, s.sold_on, s.reference, s.units,
       round(s.unit_price, 2)::numeric(12, 2) AS unit_price
  FROM staged_sales s JOIN one o USING (name_space, external_id)
 ORDER BY o.product_id, s.finish, s.condition, s.reference,
          CASE WHEN s.reference = 'day' THEN s.sold_on END, s.line DESC
"""
_BY_COLUMN = """
     UNION ALL
    SELECT a.name_space, a.external_id, p.id
      FROM articles a JOIN products p ON p.{column} = a.external_id
     WHERE a.name_space = %(name_space)s
       AND NOT EXISTS (SELECT FROM product_identifiers i
                        WHERE i.source = a.name_space AND i.external_id = a.external_id)
"""

# a listing that comes again with another day (another time zone, "yesterday") is still the same sale
_SEEN_AGAIN = """
UPDATE sale_records k
   SET units = s.units, unit_price = coalesce(s.unit_price, k.unit_price), recorded_at = %(now)s
  FROM resolved_sales s
 WHERE s.reference <> 'day' AND k.source_id = %(source_id)s AND k.product_id = s.product_id
   AND k.finish = s.finish AND k.condition = s.condition AND k.reference = s.reference
   AND k.recorded_at <= %(now)s
"""
_STORE = """
INSERT INTO sale_records AS k (product_id, source_id, finish, condition, sold_on, reference, units,
                               unit_price, recorded_at)
SELECT s.product_id, %(source_id)s, s.finish, s.condition, s.sold_on, s.reference, s.units, s.unit_price,
       %(now)s
  FROM resolved_sales s
 WHERE s.reference = 'day'
    OR NOT EXISTS (SELECT FROM sale_records o
                    WHERE o.source_id = %(source_id)s AND o.product_id = s.product_id
                      AND o.finish = s.finish AND o.condition = s.condition AND o.reference = s.reference)
 ORDER BY s.product_id, s.finish, s.condition, s.sold_on, s.reference
    ON CONFLICT (source_id, product_id, finish, condition, sold_on, reference) DO UPDATE
   SET units = excluded.units, unit_price = coalesce(excluded.unit_price, k.unit_price),
       recorded_at = excluded.recorded_at
 WHERE excluded.recorded_at >= k.recorded_at
RETURNING xmax = 0
"""
_UNMATCHED = """
SELECT DISTINCT s.name_space, s.external_id FROM staged_sales s
 WHERE NOT EXISTS (SELECT FROM product_identifiers i
                    WHERE i.source = s.name_space AND i.external_id = s.external_id)
   AND NOT EXISTS (SELECT FROM products p WHERE {by_column})
"""


@dataclass(frozen=True, slots=True)
class SalesReport:
    """What became of reported sales.

    Args:
        read: rows given.
        stored: new ones.
        updated: known ones, seen again; their figures are the newer ones.
        unmatched: rows of articles that the catalogue does not know (listed as unmatched).
        skipped: reason -> rows that cannot be meant.
    """

    read: int
    stored: int
    updated: int
    unmatched: int
    skipped: dict[str, int]


def record_sales(source: PriceSource, rows: Iterable[SoldCopies], *, now: datetime) -> SalesReport:
    """Store sales of one source in one transaction. Doing it again changes nothing but when they were seen.

    A listing counts once, however often and under whatever day it is seen; a day's total follows the newest
    report. A price in another currency than the source's is left out and the sale still counts.

    Args:
        source: where was sold; its currency and name space of ids apply.
        rows: any number, consumed once.
        now: when they were seen.

    Returns:
        Counts; rows with an absurd day, number, price, finish or condition are refused one by one.
    """
    skipped: Counter[str] = Counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged_sales, pg_temp.resolved_sales")
        stage(cursor, "staged_sales", _STAGED)
        staged = copy_rows(cursor, "staged_sales", _COLUMNS, _usable(rows, source, now, skipped))
        stored, updated = _store(cursor, source, now)
        unmatched = _note(cursor, source, now)
        report = SalesReport(
            read=staged + skipped.total(),
            stored=stored,
            updated=updated,
            unmatched=unmatched,
            skipped=dict(skipped),
        )
        if stored:
            data = {"source": source.code, "stored": stored, "updated": updated, "skipped": report.skipped}
            record_event(
                actor=None, verb="sales.recorded", subject=f"price_source:{source.pk}", data=data, now=now
            )
    logger.info("sales.recorded", source=source.code, read=report.read, stored=stored, updated=updated)
    return report


def _store(cursor: CursorWrapper, source: PriceSource, now: datetime) -> tuple[int, int]:
    """Write what can be matched; return how many sales are new and how many were known."""
    parameters: dict[str, Any] = {
        "source_id": source.pk,
        "name_space": source.identifier_source,
        "now": now,
    }
    column = COLUMN_IDS.get(source.identifier_source)
    by_column = _BY_COLUMN.format(column=column) if column else ""
    cursor.execute(_RESOLVED.format(by_column=by_column), parameters)
    cursor.execute(_SEEN_AGAIN, parameters)
    updated = int(cursor.rowcount)
    cursor.execute(_STORE, parameters)
    is_new = [bool(row[0]) for row in cursor.fetchall()]
    return sum(is_new), updated + len(is_new) - sum(is_new)


def _note(cursor: CursorWrapper, source: PriceSource, now: datetime) -> int:
    """List articles without a product; return how many rows are theirs."""
    column = COLUMN_IDS.get(source.identifier_source)
    own = f"s.name_space = %(name_space)s AND p.{column} = s.external_id" if column else "false"
    cursor.execute(_UNMATCHED.format(by_column=own), {"name_space": source.identifier_source})
    unknown: dict[str, set[str]] = {}
    for name_space, external_id in cursor.fetchall():
        unknown.setdefault(name_space, set()).add(external_id)
    for name_space, ids in sorted(unknown.items()):
        note_unmatched(name_space, ids, now=now)
    if not unknown:
        return 0
    pairs = [(name_space, external_id) for name_space, ids in unknown.items() for external_id in ids]
    cursor.execute(
        "SELECT count(*) FROM staged_sales s"
        "  JOIN unnest(%s::text[], %s::text[]) AS u(name_space, external_id) USING (name_space, external_id)",
        [[space for space, _ in pairs], [external_id for _, external_id in pairs]],
    )
    return int(cursor.fetchone()[0])


def _usable(
    rows: Iterable[SoldCopies], source: PriceSource, now: datetime, skipped: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    latest = (now + AHEAD).date()
    for line, sold in enumerate(rows, 1):
        reason = _refusal(sold, latest)
        if reason:
            skipped[reason] += 1
            continue
        price = sold.unit_price if sold.currency in ("", source.currency) else None
        yield (
            line, sold.name_space or source.identifier_source, sold.external_id, sold.finish, sold.condition,
            sold.sold_on, sold.reference, sold.units, price,
        )  # fmt: skip


def _refusal(sold: SoldCopies, latest: date) -> str:
    """Return why a row cannot be meant; empty if it can."""
    least = 0 if sold.reference == DAY_TOTAL else 1
    checks = {
        "absurd_date": EARLIEST_MONTH <= sold.sold_on <= latest,
        "units_out_of_range": least <= sold.units <= MAX_UNITS,
        "price_out_of_range": sold.unit_price is None or _is_price(sold.unit_price),
        "unknown_value": sold.finish in ("", *Finish.values) and sold.condition in ("", *Condition.values),
        "bad_identifier": _is_text(sold.external_id, 100) and _is_text(sold.reference, MAX_REFERENCE),
    }
    return next((reason for reason, holds in checks.items() if not holds), "")


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and MIN_PRICE <= price <= MAX_PRICE


def _is_text(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and "\x00" not in text
