"""The rows of the contents graph, in a constant number of queries whatever the number of products."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from catalog.selectors.columns import json_list

from .cycles import cyclic_edges

MAX_DEPTH = 8

CardKey: TypeAlias = tuple[int, str]
"""(product key, finish)"""

_ALL_SEALED = "SELECT id FROM products WHERE product_type = 'sealed' AND is_active ORDER BY key"
_SOME_SEALED = "SELECT id FROM products WHERE product_type = 'sealed' AND id = ANY(%s) ORDER BY key"
_VERSIONS = """
    SELECT p.id, p.name, v.id, v.problems FROM products p
    LEFT JOIN contents_versions v ON v.product_id = p.id AND v.is_current WHERE p.id = ANY(%s)
"""
_CHOICES = """
    SELECT c.contents_id, c.id, c.draws, c.with_replacement, a.id, a.weight FROM content_choices c
    JOIN content_alternatives a ON a.choice_id = c.id WHERE c.contents_id = ANY(%s)
    ORDER BY c.contents_id, c.position, a.position
"""
_LINES = """
    SELECT l.contents_id, l.alternative_id, l.kind, l.quantity, l.name, l.finish, p.key, l.sealed_id,
        l.deck_id, l.pack_id
    FROM sealed_contents l LEFT JOIN products p ON p.id = l.single_id WHERE l.contents_id = ANY(%s)
    ORDER BY l.contents_id, l.position
"""
_DECK_CARDS = """
    SELECT c.deck_id, p.key, c.finish, sum(c.quantity) FROM deck_cards c JOIN products p ON p.id = c.single_id
    WHERE c.deck_id = ANY(%s) GROUP BY 1, 2, 3 ORDER BY 1, min(c.id)
"""
_SHEETS = """
    SELECT pack_id, id, name, allow_duplicates, is_fixed FROM booster_sheets
    WHERE pack_id = ANY(%s) ORDER BY id
"""
_SHEET_CARDS = """
    SELECT c.sheet_id, p.key, c.finish, c.weight FROM booster_sheet_cards c
    JOIN products p ON p.id = c.single_id WHERE c.sheet_id = ANY(%s) ORDER BY c.id
"""
_CONFIGURATIONS = """
    SELECT f.pack_id, f.id, f.weight, s.sheet_id, s.quantity FROM booster_configurations f
    LEFT JOIN booster_configuration_sheets s ON s.configuration_id = f.id WHERE f.pack_id = ANY(%s)
    ORDER BY f.pack_id, f.position, s.id
"""
_STAFF_LINES = """
    SELECT m.sealed_product_id, p.key, m.finish, m.guaranteed,
        CASE WHEN m.pull_basis = 'per_pack' THEN m.quantity::bigint * m.packs_per_product ELSE m.quantity END,
        m.pull_probability, m.slot
    FROM product_singles m JOIN products p ON p.id = m.single_product_id
    WHERE m.source = 'staff' AND m.sealed_product_id = ANY(%s) ORDER BY m.id
"""


class Line(NamedTuple):
    """A line of contents; exactly one of the references is set unless it is unresolved or an other item."""

    alternative_id: int | None
    kind: str
    quantity: int
    name: str
    finish: str
    card_key: int | None
    sealed_id: UUID | None
    deck_id: int | None
    pack_id: int | None


@dataclass(slots=True)
class ChoiceRows:
    """A choice and its alternatives as (id, weight)."""

    draws: int
    with_replacement: bool
    alternatives: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class VersionRows:
    """The current contents of one product."""

    problems: list[str]
    lines: list[Line] = field(default_factory=list)
    choices: dict[int, ChoiceRows] = field(default_factory=dict)


@dataclass(slots=True)
class DeckRows:
    """The cards of one deck and what is missing from it."""

    label: str
    missing: list[str]
    cards: list[tuple[CardKey, int]] = field(default_factory=list)


@dataclass(slots=True)
class SheetRows:
    """One sheet of a pack."""

    name: str
    allow_duplicates: bool
    is_fixed: bool
    cards: list[CardKey] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PackRows:
    """One pack: its sheets by key, its configurations as (weight, draws of (sheet, quantity))."""

    label: str
    missing: list[str]
    sheets: dict[int, SheetRows] = field(default_factory=dict)
    configurations: dict[int, tuple[int, list[tuple[int, int]]]] = field(default_factory=dict)


class StaffLine(NamedTuple):
    """A row of `product_singles` that staff entered. `trials` counts the pull basis in already."""

    card: CardKey
    guaranteed: bool
    trials: int
    probability: Decimal | None
    slot: str


@dataclass(slots=True)
class GraphRows:
    """Everything the builder needs."""

    wanted: list[UUID] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)
    versions: dict[UUID, VersionRows] = field(default_factory=dict)
    decks: dict[int, DeckRows] = field(default_factory=dict)
    packs: dict[int, PackRows] = field(default_factory=dict)
    staff: dict[UUID, list[StaffLine]] = field(default_factory=lambda: defaultdict(list))
    cyclic: set[tuple[UUID, UUID]] = field(default_factory=set)


def load_graph(product_ids: Collection[UUID] | None, *, with_staff_lines: bool) -> GraphRows:
    """Load the products and everything inside them; `None` means every active sealed product."""
    rows = GraphRows()
    with connection.cursor() as cursor:
        if product_ids is None:
            cursor.execute(_ALL_SEALED)
        else:
            cursor.execute(_SOME_SEALED, [list(product_ids)])
        rows.wanted = [row[0] for row in cursor.fetchall()]
        frontier: set[UUID] = set(rows.wanted)
        for _ in range(MAX_DEPTH + 1):
            if not frontier:
                break
            _load_versions(cursor, rows, frontier)
            inside = {
                line.sealed_id
                for version in rows.versions.values()
                for line in version.lines
                if line.sealed_id
            }
            frontier = inside - rows.names.keys()
        _load_decks(cursor, rows)
        _load_packs(cursor, rows)
        if with_staff_lines:
            _load_staff_lines(cursor, rows)
    rows.cyclic = cyclic_edges(
        {
            product_id: {line.sealed_id for line in version.lines if line.sealed_id}
            for product_id, version in rows.versions.items()
        }
    )
    return rows


def _load_versions(cursor: CursorWrapper, rows: GraphRows, product_ids: Iterable[UUID]) -> None:
    ids = list(product_ids)
    cursor.execute(
        _VERSIONS,
        [ids],
    )
    by_version: dict[int, VersionRows] = {}
    for product_id, name, version_id, problems in cursor.fetchall():
        rows.names[product_id] = name
        if version_id is not None:
            rows.versions[product_id] = by_version[version_id] = VersionRows(json_list(problems))
    cursor.execute(
        _CHOICES,
        [list(by_version)],
    )
    for contents_id, choice_id, draws, with_replacement, alternative_id, weight in cursor.fetchall():
        choices = by_version[contents_id].choices
        choice = choices.setdefault(choice_id, ChoiceRows(draws, with_replacement))
        choice.alternatives.append((alternative_id, weight))
    cursor.execute(
        _LINES,
        [list(by_version)],
    )
    for contents_id, *values in cursor.fetchall():
        by_version[contents_id].lines.append(Line(*values))


def _load_decks(cursor: CursorWrapper, rows: GraphRows) -> None:
    keys = {line.deck_id for version in rows.versions.values() for line in version.lines if line.deck_id}
    cursor.execute("SELECT id, name, set_code, missing FROM decks WHERE id = ANY(%s)", [list(keys)])
    for key, name, set_code, missing in cursor.fetchall():
        rows.decks[key] = DeckRows(f"{name} ({set_code})", json_list(missing))
    cursor.execute(
        _DECK_CARDS,
        [list(keys)],
    )
    for deck_id, card_key, finish, copies in cursor.fetchall():
        rows.decks[deck_id].cards.append(((card_key, finish), int(copies)))


def _load_packs(cursor: CursorWrapper, rows: GraphRows) -> None:
    keys = list(
        {line.pack_id for version in rows.versions.values() for line in version.lines if line.pack_id}
    )
    cursor.execute("SELECT id, set_code, code, missing FROM booster_packs WHERE id = ANY(%s)", [keys])
    for key, set_code, code, missing in cursor.fetchall():
        rows.packs[key] = PackRows(f"{set_code} {code}", json_list(missing))
    cursor.execute(
        _SHEETS,
        [keys],
    )
    sheets: dict[int, SheetRows] = {}
    for pack_id, sheet_id, name, allow_duplicates, is_fixed in cursor.fetchall():
        sheets[sheet_id] = rows.packs[pack_id].sheets[sheet_id] = SheetRows(name, allow_duplicates, is_fixed)
    cursor.execute(
        _SHEET_CARDS,
        [list(sheets)],
    )
    for sheet_id, card_key, finish, weight in cursor.fetchall():
        sheets[sheet_id].cards.append((card_key, finish))
        sheets[sheet_id].weights.append(weight)
    cursor.execute(
        _CONFIGURATIONS,
        [keys],
    )
    for pack_id, configuration_id, weight, sheet_id, quantity in cursor.fetchall():
        _, draws = rows.packs[pack_id].configurations.setdefault(configuration_id, (weight, []))
        if sheet_id is not None:
            draws.append((sheet_id, quantity))


def _load_staff_lines(cursor: CursorWrapper, rows: GraphRows) -> None:
    cursor.execute(
        _STAFF_LINES,
        [list(rows.names)],
    )
    for product_id, card_key, finish, guaranteed, trials, probability, slot in cursor.fetchall():
        rows.staff[product_id].append(StaffLine((card_key, finish), guaranteed, trials, probability, slot))
