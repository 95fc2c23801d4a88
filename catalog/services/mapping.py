"""R002's `product_singles`, derived from the contents graph."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.selectors import contents_graph
from catalog.selectors.graph import CardKey
from common.bulk import copy_rows, stage
from common.ids import uuid7
from quant.sealed.contents import Contents, FlatteningCache, flatten

_STAGE = """
    id uuid, sealed_id uuid, single_key integer, finish text, guaranteed boolean, quantity integer,
    probability numeric, slot text
"""
_STAGE_COLUMNS = ("id", "sealed_id", "single_key", "finish", "guaranteed", "quantity", "probability", "slot")
_MAX_QUANTITY = 2**31 - 1

# `s` are the lines as they should be, `p` their cards, `m` the lines that are there.
_SOURCE = "stage_singles s JOIN products p ON p.key = s.single_key"
_SAME = """
    m.sealed_product_id = s.sealed_id AND m.single_product_id = p.id AND m.guaranteed = s.guaranteed
    AND m.finish = s.finish AND m.slot = s.slot
"""
_DELETE = f"""
    DELETE FROM product_singles m WHERE m.source = 'contents' AND m.sealed_product_id = ANY(%s)
    AND NOT EXISTS (SELECT FROM {_SOURCE} WHERE {_SAME})
"""  # noqa: S608 - constants
_UPDATE = f"""
    UPDATE product_singles m SET quantity = s.quantity, pull_probability = s.probability, rarity = p.rarity,
        pull_basis = 'per_product', packs_per_product = 1, updated_at = %s
    FROM {_SOURCE} WHERE {_SAME} AND m.source = 'contents'
    AND (m.quantity, m.pull_probability, m.rarity) IS DISTINCT FROM (s.quantity, s.probability, p.rarity)
"""  # noqa: S608 - constants
_INSERT = f"""
    INSERT INTO product_singles (id, sealed_product_id, single_product_id, quantity, guaranteed, finish, slot,
        rarity, pull_probability, pull_basis, packs_per_product, source, created_at, updated_at)
    SELECT s.id, s.sealed_id, p.id, s.quantity, s.guaranteed, s.finish, s.slot, p.rarity, s.probability,
        'per_product', 1, 'contents', %s, %s
    FROM {_SOURCE} WHERE NOT EXISTS (SELECT FROM product_singles m WHERE {_SAME})
"""  # noqa: S608 - constants


def rebuild_product_singles(*, product_ids: Collection[UUID] | None, now: datetime) -> int:
    """Flatten the contents of sealed products into their lines of `product_singles`.

    Lines that staff entered are never touched and win over a line of the graph with the same key. A line that
    stays as it is keeps its id and its times.

    Args:
        product_ids: the products; None means every active sealed product.
        now: becomes created_at and updated_at of the lines written.

    Returns:
        How many lines were created, changed or removed.
    """
    graph = contents_graph(product_ids, with_staff_lines=False)
    if not graph:
        return 0
    changed: int = 0
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, "stage_singles", _STAGE)
        copy_rows(cursor, "stage_singles", _STAGE_COLUMNS, _lines(graph))
        cursor.execute("ANALYZE stage_singles")
        cursor.execute(_DELETE, [list(graph)])
        changed += cursor.rowcount
        if cursor.rowcount or _has_lines(cursor, list(graph)):
            cursor.execute(_UPDATE, [now])
            changed += cursor.rowcount
        cursor.execute(_INSERT, [now, now])
        changed += cursor.rowcount
        cursor.execute("DROP TABLE stage_singles")
    return changed


def _has_lines(cursor: CursorWrapper, product_ids: list[UUID]) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM product_singles WHERE sealed_product_id = ANY(%s))", [product_ids]
    )
    return bool(cursor.fetchone()[0])


def _lines(graph: dict[UUID, Contents]) -> Iterator[tuple[Any, ...]]:
    cache = FlatteningCache()
    for product_id, contents in graph.items():
        for line in flatten(contents, cache=cache):
            if line.trials <= _MAX_QUANTITY:
                key, finish = cast("CardKey", line.card)
                yield (
                    uuid7(),
                    product_id,
                    key,
                    finish,
                    line.guaranteed,
                    line.trials,
                    line.probability,
                    line.slot,
                )
