"""R002's `product_singles`, derived from the contents graph."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.selectors import contents_graph
from common.bulk import copy_rows, stage
from common.ids import uuid7
from quant.sealed.contents import Contents, flatten

_STAGE = "sealed_id uuid, single_key integer, finish text, guaranteed boolean, quantity integer, probability numeric, slot text"
_STAGE_COLUMNS = ("sealed_id", "single_key", "finish", "guaranteed", "quantity", "probability", "slot")
_MAX_QUANTITY = 2**31 - 1


def rebuild_product_singles(*, product_ids: Collection[UUID] | None, now: datetime) -> int:
    """Flatten the contents of sealed products into their lines of `product_singles`.

    Lines that staff entered are never touched and win over a line of the graph with the same key. A line that stays
    as it is keeps its id and its times.

    Args:
        product_ids: the products; None means every active sealed product.
        now: becomes created_at and updated_at of the lines written.

    Returns:
        How many lines were created, changed or removed.
    """
    graph = contents_graph(product_ids, with_staff_lines=False)
    if not graph:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stage_singles")
        stage(cursor, "stage_singles", _STAGE)
        copy_rows(cursor, "stage_singles", _STAGE_COLUMNS, _lines(graph))
        cursor.execute("ANALYZE stage_singles")
        return _merge(cursor, list(graph), now)


def _lines(graph: dict[UUID, Contents]) -> Iterator[tuple[Any, ...]]:
    known: dict[int, list[tuple[Any, ...]]] = {}  # contents that several products share are flattened once
    for product_id, contents in graph.items():
        lines = known.get(id(contents))
        if lines is None:
            lines = known[id(contents)] = [
                (*line.card, line.guaranteed, line.trials, line.probability, line.slot)  # type: ignore[misc]
                for line in flatten(contents)
                if line.trials <= _MAX_QUANTITY
            ]
        for line in lines:
            yield (product_id, *line)


def _merge(cursor: CursorWrapper, product_ids: list[UUID], now: datetime) -> int:
    same = (
        "m.sealed_product_id = s.sealed_id AND m.single_product_id = p.id AND m.guaranteed = s.guaranteed"
        " AND m.finish = s.finish AND m.slot = s.slot"
    )
    cursor.execute(
        "SELECT EXISTS (SELECT FROM product_singles WHERE sealed_product_id = ANY(%s))", [product_ids]
    )
    changed = 0
    if cursor.fetchone()[0]:
        cursor.execute(
            "DELETE FROM product_singles m WHERE m.source = 'contents' AND m.sealed_product_id = ANY(%s) AND NOT EXISTS"  # noqa: S608 - constants
            f" (SELECT FROM stage_singles s JOIN products p ON p.key = s.single_key WHERE {same})",
            [product_ids],
        )
        changed += cursor.rowcount
        cursor.execute(
            "UPDATE product_singles m SET quantity = s.quantity, pull_probability = s.probability, rarity = p.rarity,"  # noqa: S608 - constants
            " pull_basis = 'per_product', packs_per_product = 1, updated_at = %s"
            f" FROM stage_singles s JOIN products p ON p.key = s.single_key WHERE {same} AND m.source = 'contents'"
            " AND (m.quantity, m.pull_probability, m.rarity) IS DISTINCT FROM (s.quantity, s.probability, p.rarity)",
            [now],
        )
        changed += cursor.rowcount
    cursor.execute(
        "SELECT s.sealed_id, p.id, s.quantity, s.guaranteed, s.finish, s.slot, p.rarity, s.probability"  # noqa: S608 - constants
        " FROM stage_singles s JOIN products p ON p.key = s.single_key WHERE NOT EXISTS"
        f" (SELECT FROM product_singles m WHERE {same})"
    )
    fresh = cursor.fetchall()
    columns = (
        "id", "sealed_product_id", "single_product_id", "quantity", "guaranteed", "finish", "slot", "rarity",
        "pull_probability", "pull_basis", "packs_per_product", "source", "created_at", "updated_at",
    )  # fmt: skip
    copy_rows(
        cursor,
        "product_singles",
        columns,
        ((uuid7(), *row, "per_product", 1, "contents", now, now) for row in fresh),
    )
    return changed + len(fresh)
