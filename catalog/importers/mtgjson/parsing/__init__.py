"""From the JSON of one set to a typed record. Pure: no file, clock or database; bad rows raise nothing."""

from typing import Any

from ..records import SetFacts, SetRecord
from ..report import Issues
from . import fields
from .boosters import parse_booster
from .cards import parse_printings
from .decks import parse_deck
from .sealed import parse_sealed

__all__ = ["parse_set"]


def parse_set(key: str, row: Any, *, issues: Issues) -> SetRecord | None:
    """Read one set of MTGJSON.

    Args:
        key: the set's code as the file's table of sets has it.
        row: the set's JSON value.
        issues: takes every row that was skipped or repaired.

    Returns:
        The record, or None when the value is no set at all.
    """
    code = (fields.text(row, "code", limit=16) or fields.clean(key, limit=16)).upper()
    if not isinstance(row, dict) or not code:
        issues.add("set_unreadable", fields.clean(key, limit=100))
        return None
    name = fields.text(row, "name") or code
    released_on, usable = fields.day(row, "releaseDate")
    if not usable:
        issues.add("date_unreadable", f"set {code}")
    facts = SetFacts(code, name[:100], released_on)
    sealed = [parse_sealed(product, facts, issues=issues) for product in fields.rows(row, "sealedProduct")]
    decks = [parse_deck(deck, set_code=code, issues=issues) for deck in fields.rows(row, "decks")]
    boosters = [
        parse_booster(booster, set_code=code, code=booster_code.lower(), issues=issues)
        for booster_code, booster in fields.table(row, "booster").items()
    ]
    return SetRecord(
        code=code,
        name=name,
        printings=parse_printings(fields.rows(row, "cards"), facts, issues=issues),
        sealed=tuple(product for product in sealed if product is not None),
        decks=tuple(deck for deck in decks if deck is not None),
        boosters=tuple(booster for booster in boosters if booster is not None),
    )
