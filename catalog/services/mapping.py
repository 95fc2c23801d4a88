"""R002's `product_singles`, derived from the contents graph."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, TypeAlias, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.choices import MappingSource, PullBasis
from catalog.selectors import contents_graph
from catalog.selectors.graph import CardKey
from common.bulk import copy_rows, stage
from common.ids import uuid7
from quant.sealed.contents import Contents, FlatLine, FlatteningCache, flatten

_PRODUCTS_AT_ONCE = 100
_MAX_QUANTITY = 2**31 - 1
_COLUMNS = (
    "id", "sealed_product_id", "single_product_id", "guaranteed", "finish", "slot", "quantity",
    "pull_probability", "rarity", "pull_basis", "packs_per_product", "source", "created_at", "updated_at",
)  # fmt: skip
_PRESENT = """
    SELECT id, source, sealed_product_id, single_product_id, guaranteed, finish, slot, quantity,
        pull_probability, rarity
    FROM product_singles WHERE sealed_product_id = ANY(%s)
"""
_UPDATE = """
    UPDATE product_singles m SET quantity = s.quantity, pull_probability = s.probability, rarity = s.rarity,
        updated_at = %s
    FROM stage_singles s WHERE m.id = s.id
"""


class LineKey(NamedTuple):
    """What makes a line of the mapping unique."""

    sealed_id: UUID
    single_id: UUID
    guaranteed: bool
    finish: str
    slot: str


class LineFacts(NamedTuple):
    """What a line says."""

    quantity: int
    probability: Decimal | None
    rarity: str


Singles: TypeAlias = dict[int, tuple[UUID, str]]
"""Key of a single -> (its id, its rarity)."""


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
    changed = 0
    flattened = FlatteningCache()
    singles: Singles = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for some in _chunks(graph.items()):
            flat = {product_id: flatten(contents, cache=flattened) for product_id, contents in some}
            keys = {cast("CardKey", line.card)[0] for lines in flat.values() for line in lines}
            _load_singles(cursor, keys - singles.keys(), into=singles)
            wanted = {
                key: facts
                for product_id in flat
                for key, facts in _lines(product_id, flat[product_id], singles)
            }
            changed += _merge(cursor, list(flat), wanted, now)
    return changed


def _chunks(items: Iterable[tuple[UUID, Contents]]) -> Iterator[list[tuple[UUID, Contents]]]:
    rest = iter(items)
    while some := list(islice(rest, _PRODUCTS_AT_ONCE)):
        yield some


def _load_singles(cursor: CursorWrapper, keys: Collection[int], *, into: Singles) -> None:
    if keys:
        cursor.execute("SELECT key, id, rarity FROM products WHERE key = ANY(%s)", [list(keys)])
        into.update((key, (single_id, rarity)) for key, single_id, rarity in cursor.fetchall())


def _lines(product_id: UUID, lines: list[FlatLine], singles: Singles) -> Iterator[tuple[LineKey, LineFacts]]:
    for line in lines:
        key, finish = cast("CardKey", line.card)
        single_id, rarity = singles[key]
        if line.trials <= _MAX_QUANTITY:
            yield (
                LineKey(product_id, single_id, line.guaranteed, finish, line.slot),
                LineFacts(line.trials, line.probability, rarity),
            )


def _merge(
    cursor: CursorWrapper, product_ids: list[UUID], wanted: dict[LineKey, LineFacts], now: datetime
) -> int:
    """Bring the lines of some products from the state they are in to the wanted one.

    The comparison happens here and not in SQL: a statement that reads the table it fills has been seen to
    take minutes when the planner's figures were old.
    """
    cursor.execute(_PRESENT, [product_ids])
    gone: list[UUID] = []
    different: list[tuple[UUID, LineFacts]] = []
    for line_id, source, *values in cursor.fetchall():
        key, facts = LineKey(*values[:5]), LineFacts(*values[5:])
        now_wanted = wanted.pop(key, None)
        if source != MappingSource.CONTENTS:
            continue
        if now_wanted is None:
            gone.append(line_id)
        elif now_wanted != facts:
            different.append((line_id, now_wanted))
    if gone:
        cursor.execute("DELETE FROM product_singles WHERE id = ANY(%s)", [gone])
    if different:
        _update(cursor, different, now)
    rest = (PullBasis.PER_PRODUCT.value, 1, MappingSource.CONTENTS.value, now, now)
    rows = ((uuid7(), *key, *facts, *rest) for key, facts in wanted.items())
    return len(gone) + len(different) + copy_rows(cursor, "product_singles", _COLUMNS, rows)


def _update(cursor: CursorWrapper, different: list[tuple[UUID, LineFacts]], now: datetime) -> None:
    columns = "id uuid PRIMARY KEY, quantity integer, probability numeric, rarity text"
    stage(cursor, "stage_singles", columns)
    rows = ((line_id, *facts) for line_id, facts in different)
    copy_rows(cursor, "stage_singles", ("id", "quantity", "probability", "rarity"), rows)
    cursor.execute(_UPDATE, [now])
    cursor.execute("DROP TABLE stage_singles")
