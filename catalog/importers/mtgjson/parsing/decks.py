"""Deck lists of a set. The display commander is a thick proxy beside the hundred cards and is no line."""

from typing import Any

from catalog.choices import Board, Finish

from ..records import DeckCardRecord, DeckRecord
from ..report import Issues
from . import fields

# The physical cards of the box. A sideboard is printed and packed with its deck (Challenger, Event and World
# Championship decks); tokens are no catalogue articles.
_BOARDS: tuple[tuple[str, str], ...] = (
    ("commander", Board.COMMANDER.value),
    ("mainBoard", Board.MAIN.value),
    ("sideBoard", Board.SIDE.value),
    ("planes", Board.PLANES.value),
    ("schemes", Board.SCHEMES.value),
)


def parse_deck(row: Any, *, set_code: str, issues: Issues) -> DeckRecord | None:
    """Read one deck of `set_code`; None when it has no name. Unreadable lines become problems of the deck."""
    name = fields.text(row, "name")
    if not name:
        issues.add("deck_unreadable", f"{set_code}: a deck without a name")
        return None
    released_on, usable = fields.day(row, "releaseDate")
    if not usable:
        issues.add("date_unreadable", f"deck {name} ({set_code})")
    cards: list[DeckCardRecord] = []
    problems: list[str] = []
    for key, board in _BOARDS:
        for line in fields.rows(row, key):
            uuid, quantity = fields.text(line, "uuid", limit=100), fields.count(line)
            if not uuid or quantity is None:
                issues.add("deck_line_unreadable", f"{name} ({set_code}), {key}")
                problems.append(f"A line of {key} could not be read.")
                continue
            cards.append(DeckCardRecord(uuid, quantity, _finish(line), board))
    return DeckRecord(
        set_code=set_code,
        name=name,
        kind=fields.text(row, "type", limit=40),
        released_on=released_on,
        cards=tuple(cards),
        problems=tuple(problems),
    )


def _finish(line: Any) -> str:
    if fields.flag(line, "isEtched"):
        return Finish.ETCHED.value
    return Finish.FOIL.value if fields.flag(line, "isFoil") else Finish.NONFOIL.value
