"""One page of a list as JSON text in one statement: filtered, ordered, cut and written by PostgreSQL.

A request's filters are compiled to SQL once and kept (`Plan`); what differs between requests, the time and
the place of the page, is filled in. Nothing is built per row in this process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from opportunities.models import Opportunity, OpportunityQuerySet

from .item_json import item_sql, source_sql
from .keyset import Cursor, encode_cursor, reversed_order
from .lists import not_overdue

NOW_MARK: Final = datetime(9999, 12, 31, 23, 59, 58, 999_983, tzinfo=UTC)
"""Stands for the time of a request in compiled parameters."""

NOTHING: Final = "[]"


@dataclass(frozen=True, slots=True)
class Plan:
    """A filtered and ordered list, compiled.

    Args:
        sql: selects the ids in order, without LIMIT; None if nothing can match.
        parameters: of `sql`, with `NOW_MARK` for the time.
        count_sql: selects the ids without order.
        count_parameters: of `count_sql`.
        order: columns with their direction, each once, the last one unique.
        rows: the queryset, for pages by cursor; lazy.
    """

    sql: str | None
    parameters: tuple[Any, ...]
    count_sql: str
    count_parameters: tuple[Any, ...]
    order: tuple[str, ...]
    rows: OpportunityQuerySet


@dataclass(frozen=True, slots=True)
class PageText:
    """One page.

    Args:
        results: JSON array; None if its digest is the one the caller knows.
        digest: MD5 of `results`, in hex.
        has_more: whether rows follow in the direction of reading.
        first: ordering values of the first row as text; None on an empty page.
        last: the same of the last row.
        count: of the whole list; None if it was not asked for.
    """

    results: str | None
    digest: str
    has_more: bool
    first: list[str | None] | None
    last: list[str | None] | None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a list: `size` rows after `offset`, or beside a cursor; the list is counted if asked."""

    size: int
    offset: int = 0
    cursor: Cursor | None = None
    is_counted: bool = False


def compiled(rows: OpportunityQuerySet) -> Plan:
    """Compile a filtered and ordered queryset that was made at `NOW_MARK`."""
    order = _unique_steps(rows.query.order_by)
    try:
        sql, parameters = rows.order_by(*order).values("pk").query.sql_with_params()
        count_sql, count_parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Plan(None, (), "", (), order, rows)
    return Plan(sql, tuple(parameters), count_sql, tuple(count_parameters), order, rows)


def page_text(
    plan: Plan, *, place: Place, fields: tuple[str, ...], now: datetime, known_digest: str = ""
) -> PageText:
    """Read one page in one statement.

    Args:
        plan: the list.
        place: which part of it.
        fields: of each item, in their order.
        now: opportunities whose end has come are left out.
        known_digest: `results` is left out if it has this digest.
    """
    if place.cursor is not None:
        plan = _beside(plan, place.cursor)
    if plan.sql is None:
        return PageText(NOTHING, "empty", has_more=False, first=None, last=None, count=0)
    is_backward = place.cursor is not None and place.cursor.is_backward
    sql = _page_sql(plan, place, fields, "DESC" if is_backward else "ASC")
    with connection.cursor() as cursor:
        counting = _at(plan.count_parameters, now) if place.is_counted else []
        cursor.execute(sql, [*_at(plan.parameters, now), known_digest, *counting])
        text, digest, fetched, first, last, count = cursor.fetchone()
    return PageText(text, digest, fetched > place.size, first, last, count)


def cursors_of(plan: Plan, page: PageText, *, place: Place) -> tuple[str | None, str | None]:
    """Return the cursors of the next and the previous page, None where there is none."""
    if page.first is None or page.last is None:
        return None, None
    cursor = place.cursor
    is_backward = cursor is not None and cursor.is_backward
    has_next = is_backward or page.has_more
    has_previous = page.has_more if is_backward else cursor is not None
    following = encode_cursor(plan.order, page.last, is_backward=False) if has_next else None
    before = encode_cursor(plan.order, page.first, is_backward=True) if has_previous else None
    return following, before


def _page_sql(plan: Plan, place: Place, fields: tuple[str, ...], direction: str) -> str:
    """Return the statement: the ids of the page and one more, numbered, joined to what an item shows.

    PostgreSQL numbers the rows of an ordered subquery in its order. Only LIMIT, OFFSET and names of this
    module are put into the text.
    """
    keys = ", ".join(_key(step) for step in plan.order)
    count = f"(SELECT count(*) FROM ({plan.count_sql}) found)" if place.is_counted else "NULL::bigint"  # noqa: S608 - compiled by Django
    return f"""
WITH ids AS MATERIALIZED (
    SELECT i.pk AS id, row_number() OVER () AS n
      FROM ({plan.sql} LIMIT {place.size + 1} OFFSET {place.offset}) i
), items AS (
    SELECT ids.n, {item_sql(fields)}::text AS item, ARRAY[{keys}]::text[] AS place
      FROM ids JOIN {Opportunity._meta.db_table} o ON o.id = ids.id {source_sql(fields)}
     WHERE ids.n <= {place.size}
), page AS (
    SELECT coalesce('[' || string_agg(item, ',' ORDER BY n {direction}) || ']', '[]') AS results,
           (SELECT place FROM items ORDER BY n {direction} LIMIT 1) AS first,
           (SELECT place FROM items ORDER BY n {_opposite(direction)} LIMIT 1) AS last
      FROM items
)
SELECT CASE WHEN md5(results) = %s THEN NULL ELSE results END, md5(results),
       (SELECT count(*) FROM ids), first, last, {count}
  FROM page
"""  # noqa: S608 - constants, numbers and SQL compiled by Django


def _opposite(direction: str) -> str:
    return "ASC" if direction == "DESC" else "DESC"


def _key(step: str) -> str:
    """Return an ordering value as text that reads back exactly."""
    column = step.removeprefix("-")
    return f"to_jsonb(o.{column}) #>> '{{}}'"


def _beside(plan: Plan, cursor: Cursor) -> Plan:
    order = reversed_order(plan.order) if cursor.is_backward else plan.order
    found = compiled(plan.rows.filter(cursor.condition()).order_by(*order))
    return Plan(found.sql, found.parameters, "", (), plan.order, plan.rows)


def _at(parameters: Sequence[Any], now: datetime) -> list[Any]:
    return [now if value == NOW_MARK else value for value in parameters]


def _unique_steps(steps: Sequence[Any]) -> tuple[str, ...]:
    """Return ordering steps without a column that already decides."""
    known: dict[str, str] = {}
    for step in steps:
        known.setdefault(str(step).removeprefix("-"), str(step))
    return tuple(known.values())


def marked_list() -> OpportunityQuerySet:
    """Return the list of `opportunity_list` at `NOW_MARK`, without what only objects need."""
    return not_overdue(Opportunity.objects.all(), now=NOW_MARK)
