"""The current contents of all active sealed products as plain rows: what the checks look at. Two queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from catalog.choices import ContentKind

MAX_DEPTH = 8

_PRODUCTS = """
SELECT id, key, name, category, set_code, sealed_kind, sealed_subtype, language
  FROM products WHERE product_type = 'sealed' AND is_active
"""
_LINES = """
SELECT v.product_id, l.kind, l.quantity, l.sealed_id, l.deck_id, l.pack_id, l.single_id, l.finish, l.name,
       c.position, a.position, a.weight, c.draws, c.with_replacement
  FROM contents_versions v
  JOIN products p ON p.id = v.product_id AND p.product_type = 'sealed' AND p.is_active
  JOIN sealed_contents l ON l.contents_id = v.id
  LEFT JOIN content_alternatives a ON a.id = l.alternative_id
  LEFT JOIN content_choices c ON c.id = a.choice_id
 WHERE v.is_current
 ORDER BY v.product_id, l.position
"""


class SealedRow(NamedTuple):
    """A sealed product."""

    id: UUID
    key: int
    name: str
    category: str
    set_code: str
    kind: str
    subtype: str
    language: str


class LineRow(NamedTuple):
    """A line of contents; the columns of the choice are None on lines that are always inside."""

    kind: str
    quantity: int
    sealed: UUID | None
    deck: int | None
    pack: int | None
    single: UUID | None
    finish: str
    name: str
    choice: int | None
    alternative: int | None
    weight: int | None
    draws: int | None
    with_replacement: bool | None


@dataclass(frozen=True)
class AuditGraph:
    """Products and their lines.

    Args:
        products: by id.
        lines: product -> its lines; products without stated contents are absent.
    """

    products: Mapping[UUID, SealedRow]
    lines: Mapping[UUID, list[LineRow]] = field(default_factory=dict)

    def children(self, product: UUID) -> dict[UUID, int]:
        """Return the sealed products that are always inside, and how many."""
        found: dict[UUID, int] = defaultdict(int)
        for line in self.lines.get(product, ()):
            if line.sealed is not None and line.sealed in self.products and line.choice is None:
                found[line.sealed] += line.quantity
        return dict(found)

    def signature(self, product: UUID) -> frozenset[tuple[object, ...]]:
        """Return what is inside whatever its order, without dice and other items; empty if nothing."""
        found: dict[tuple[object, ...], int] = defaultdict(int)
        for line in self.lines.get(product, ()):
            if line.kind == ContentKind.OTHER:
                continue
            what = line.sealed or line.deck or line.pack or line.single or line.name
            where = (line.choice, line.alternative, line.weight, line.draws, line.with_replacement)
            found[(line.kind, what, line.finish, *where)] += line.quantity
        return frozenset((*key, count) for key, count in found.items())

    @cached_property
    def packs(self) -> dict[UUID, dict[int, int]]:
        """Product -> pack -> how many, all the way down, of products that hold packs and nothing of chance.

        Cards and other items beside the packs do not count. Products that hold decks, choices or a part that
        is not known are absent: what they cost says nothing about a pack.
        """
        known: dict[UUID, dict[int, int] | None] = {}
        for product in self.lines:
            self._count_packs(product, known, MAX_DEPTH)
        return {product: counts for product, counts in known.items() if counts}

    def _count_packs(
        self, product: UUID, known: dict[UUID, dict[int, int] | None], depth: int
    ) -> dict[int, int] | None:
        if product in known:
            return known[product]
        known[product] = None  # whatever holds itself is not counted
        counts: dict[int, int] = defaultdict(int)
        for line in self.lines.get(product, ()):
            inside = self._packs_of(line, known, depth)
            if inside is None:
                return None
            for pack, count in inside.items():
                counts[pack] += count * line.quantity
        known[product] = dict(counts)
        return known[product]

    def _packs_of(
        self, line: LineRow, known: dict[UUID, dict[int, int] | None], depth: int
    ) -> dict[int, int] | None:
        if line.choice is not None or line.kind == ContentKind.DECK or depth == 0:
            return None
        if line.kind == ContentKind.PACK:
            return None if line.pack is None else {line.pack: 1}
        if line.kind == ContentKind.SEALED:
            return None if line.sealed is None else self._count_packs(line.sealed, known, depth - 1)
        return {}


def load_audit_graph() -> AuditGraph:
    """Load the current contents of all active sealed products."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS)
        products = {row[0]: SealedRow(*row) for row in cursor.fetchall()}
        cursor.execute(_LINES)
        lines: dict[UUID, list[LineRow]] = defaultdict(list)
        for product, *values in cursor.fetchall():
            lines[product].append(LineRow(*values))
    return AuditGraph(products, dict(lines))
