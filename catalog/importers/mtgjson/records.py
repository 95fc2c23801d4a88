"""What one MTGJSON set states, as values free of JSON and of the database: parsed first, written after."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class IdentifierRecord(NamedTuple):
    """One outside id of an article; an empty finish means that the id covers every finish."""

    source: str
    external_id: str
    finish: str


class SetFacts(NamedTuple):
    """What the articles of a set have from it: upper-case code, name of at most 100 letters, release date."""

    code: str
    name: str
    released_on: date | None


@dataclass(frozen=True, slots=True)
class PrintingRecord:
    """One printing of a card. A card with several faces has several uuids and is one printing."""

    set_code: str
    set_name: str
    number: str
    language: str
    name: str
    rarity: str
    finishes: tuple[str, ...]
    released_on: date | None
    uuids: tuple[str, ...]
    identifiers: tuple[IdentifierRecord, ...]


@dataclass(frozen=True, slots=True)
class LineRecord:
    """One line of contents, with everything the source says about what it refers to.

    Args:
        kind: a value of `catalog.choices.ContentKind`.
        quantity: copies in one product, >= 1.
        name: as the source names it.
        set_code: upper-case code of the set it belongs to; empty for other items.
        number: collector number of a card.
        uuid: MTGJSON uuid of a card or sealed product, or empty.
        code: booster code of a pack.
        finish: finish the source asks for; empty when it asks for none.
    """

    kind: str
    quantity: int = 1
    name: str = ""
    set_code: str = ""
    number: str = ""
    uuid: str = ""
    code: str = ""
    finish: str = ""


@dataclass(frozen=True, slots=True)
class AlternativeRecord:
    """Lines that come together when this alternative is drawn. Weights are relative, >= 1."""

    weight: int
    lines: tuple[LineRecord, ...]


@dataclass(frozen=True, slots=True)
class ChoiceRecord:
    """`draws` of the alternatives are in the product."""

    draws: int
    with_replacement: bool
    alternatives: tuple[AlternativeRecord, ...]


@dataclass(frozen=True, slots=True)
class ContentsRecord:
    """Everything a sealed product states about its inside. `problems` are lines that could not be read."""

    lines: tuple[LineRecord, ...] = ()
    choices: tuple[ChoiceRecord, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is stated: the contents are unknown, not nothing."""
        return not self.lines and not self.choices


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """One sealed product."""

    uuid: str
    name: str
    set_code: str
    set_name: str
    kind: str
    subtype: str
    language: str
    released_on: date | None
    identifiers: tuple[IdentifierRecord, ...]
    contents: ContentsRecord


class DeckCardRecord(NamedTuple):
    """Copies of one card in a deck, by MTGJSON uuid, in the finish the deck list asks for."""

    uuid: str
    quantity: int
    finish: str
    board: str


@dataclass(frozen=True, slots=True)
class DeckRecord:
    """A fixed list of cards. `problems` are lines that could not be read."""

    set_code: str
    name: str
    kind: str
    released_on: date | None
    cards: tuple[DeckCardRecord, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A booster sheet: (uuid, weight) pairs, weights >= 1."""

    name: str
    is_foil: bool
    allow_duplicates: bool
    balance_colors: bool
    is_fixed: bool
    cards: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class BoosterRecord:
    """One kind of pack: weighted configurations, each a list of (sheet name, cards drawn from it)."""

    set_code: str
    code: str
    name: str
    configurations: tuple[tuple[int, tuple[tuple[str, int], ...]], ...]
    sheets: tuple[SheetRecord, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One set of the source with all that belongs to it."""

    code: str
    name: str
    printings: tuple[PrintingRecord, ...]
    sealed: tuple[SealedRecord, ...]
    decks: tuple[DeckRecord, ...]
    boosters: tuple[BoosterRecord, ...]
