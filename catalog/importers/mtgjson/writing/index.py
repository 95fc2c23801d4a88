"""Everything a deck, a sheet or a line of contents can refer to, looked up in memory."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish, ProductType

from ..records import LineRecord


class PrintingRef(NamedTuple):
    """A single as references need it. `label` names the printing independently of any database."""

    product_id: UUID
    finishes: tuple[str, ...]
    name: str
    label: str


class SealedRef(NamedTuple):
    """A sealed product, with a label independent of any database."""

    product_id: UUID
    label: str


class Target(NamedTuple):
    """A deck or pack: its key, and a label independent of any database."""

    key: int
    label: str


@dataclass(slots=True)
class CatalogueIndex:
    """Lookups by every name the source uses; set codes upper case, deck names folded."""

    printing_by_uuid: dict[str, PrintingRef] = field(default_factory=dict)
    printing_by_number: dict[tuple[str, str], PrintingRef] = field(default_factory=dict)
    printings_by_name: dict[tuple[str, str], list[PrintingRef]] = field(default_factory=dict)
    sealed_by_uuid: dict[str, SealedRef] = field(default_factory=dict)
    sealed_by_name: dict[tuple[str, str], SealedRef] = field(default_factory=dict)
    deck_by_name: dict[tuple[str, str], Target] = field(default_factory=dict)
    pack_by_code: dict[tuple[str, str], Target] = field(default_factory=dict)

    def printing(self, line: LineRecord) -> PrintingRef | None:
        """Find a card: by uuid, else by set and number if the name agrees, else by set and a unique name."""
        if line.uuid and (found := self.printing_by_uuid.get(line.uuid)):
            return found
        found = self.printing_by_number.get((line.set_code, line.number)) if line.number else None
        if found is not None and _same_name(found.name, line.name):
            return found
        named = self.printings_by_name.get((line.set_code, line.name.casefold()), [])
        return named[0] if len(named) == 1 and not line.number else None

    def sealed(self, line: LineRecord) -> SealedRef | None:
        """Find a sealed product by uuid, else by set and name."""
        return self.sealed_by_uuid.get(line.uuid) or self.sealed_by_name.get(
            (line.set_code, line.name.casefold())
        )

    def deck(self, line: LineRecord) -> Target | None:
        """Find a deck by set and name."""
        return self.deck_by_name.get((line.set_code, line.name.casefold()))

    def pack(self, line: LineRecord) -> Target | None:
        """Find a pack by set and code. Sets of before 2020 call their draft booster `default`."""
        found = self.pack_by_code.get((line.set_code, line.code))
        if found is None and line.code == "draft":
            found = self.pack_by_code.get((line.set_code, "default"))
        return found


def resolve_finish(wanted: str, finishes: tuple[str, ...]) -> str:
    """Choose the finish a card really has when it is asked for in `wanted`.

    A foil that only exists etched is the etched one; a card that exists in one finish only is that one.
    """
    if not finishes or wanted in finishes:
        return wanted or Finish.NONFOIL.value
    foil_like = [finish for finish in (Finish.FOIL, Finish.ETCHED, Finish.GLOSSY) if finish in finishes]
    if wanted in (Finish.FOIL, Finish.ETCHED, Finish.GLOSSY) and foil_like:
        return foil_like[0].value
    if Finish.NONFOIL in finishes:
        return Finish.NONFOIL.value
    return foil_like[0].value if foil_like else finishes[0]


def load_products(cursor: CursorWrapper) -> CatalogueIndex:
    """Read all Magic products into a new index; decks and packs are added as they are written."""
    index = CatalogueIndex()
    cursor.execute(
        "SELECT i.external_id, p.id, p.product_type, p.set_code, p.number, p.language, p.name, p.finishes"
        " FROM products p JOIN product_identifiers i ON i.product_id = p.id AND i.source = 'mtgjson'"
        " WHERE p.category = 'mtg' ORDER BY (p.language <> 'English'), p.key, i.id"
    )
    known: dict[UUID, PrintingRef] = {}
    for uuid, product_id, product_type, set_code, number, language, name, finishes in cursor.fetchall():
        if product_type == ProductType.SEALED:
            target = SealedRef(product_id, uuid)
            index.sealed_by_uuid[uuid] = target
            index.sealed_by_name.setdefault((set_code, name.casefold()), target)
            continue
        if (ref := known.get(product_id)) is None:
            ref = PrintingRef(product_id, tuple(finishes), name, f"{set_code}/{number}/{language}")
            known[product_id] = ref
            index.printing_by_number.setdefault((set_code, number), ref)
            index.printings_by_name.setdefault((set_code, name.casefold()), []).append(ref)
        index.printing_by_uuid[uuid] = ref
    cursor.execute("SELECT set_code, name, id FROM decks")
    for set_code, name, key in cursor.fetchall():
        index.deck_by_name[(set_code, name.casefold())] = Target(key, f"{set_code}/{name}")
    cursor.execute("SELECT set_code, code, id FROM booster_packs")
    for set_code, code, key in cursor.fetchall():
        index.pack_by_code[(set_code, code)] = Target(key, f"{set_code}/{code}")
    return index


def _same_name(catalogue: str, stated: str) -> bool:
    """Whether two names can mean one card; a face of a double card stands for the whole."""
    faces = {face.strip().casefold() for face in catalogue.split("//")}
    wanted = {face.strip().casefold() for face in stated.split("//")}
    return not stated or bool(faces & wanted)
