"""Cards of a set to printings. Rows that share set, number and language are faces of one printing."""

from typing import Any

from catalog.choices import Finish

from ..records import IdentifierRecord, PrintingRecord, SetFacts
from ..report import Issues
from . import fields

# MTGJSON's name of an id -> (our source, the finish the id is for).
_CARD_IDENTIFIERS: tuple[tuple[str, str, str], ...] = (
    ("mcmId", "mcm", ""),
    ("tcgplayerProductId", "tcgplayer", ""),
    ("tcgplayerEtchedProductId", "tcgplayer", Finish.ETCHED.value),
    ("scryfallId", "scryfall", ""),
    ("cardKingdomId", "ck", Finish.NONFOIL.value),
    ("cardKingdomFoilId", "ck", Finish.FOIL.value),
    ("cardKingdomEtchedId", "ck", Finish.ETCHED.value),
    ("cardtraderId", "cardtrader", ""),
)
_FINISHES = frozenset(Finish.values)
_DEFAULT_LANGUAGE = "English"


def parse_printings(rows: list[Any], of: SetFacts, *, issues: Issues) -> tuple[PrintingRecord, ...]:
    """Read the cards of one set.

    Args:
        rows: the set's `cards`.
        of: the set.
        issues: takes rows that are skipped and why.

    Returns:
        One record per (number, language), in the order of first appearance.
    """
    faces: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        uuid, name, number = (fields.text(row, key) for key in ("uuid", "name", "number"))
        if not uuid or not name or not number or len(number) > 20 or len(uuid) > 100:
            issues.add("card_unreadable", f"{of.code} {name or uuid or row!r}")
            continue
        language = fields.text(row, "language", limit=30) or _DEFAULT_LANGUAGE
        faces.setdefault((number, language), []).append(row)
    return tuple(
        _printing(group, number=number, language=language, of=of)
        for (number, language), group in faces.items()
    )


def _printing(group: list[Any], *, number: str, language: str, of: SetFacts) -> PrintingRecord:
    first = group[0]
    finishes = dict.fromkeys(
        finish
        for row in group
        for finish in map(fields.clean, fields.rows(row, "finishes"))
        if finish in _FINISHES
    ) or dict.fromkeys(_finishes_of_old_files(first))
    return PrintingRecord(
        set_code=of.code,
        set_name=of.name,
        number=number,
        language=language,
        name=fields.text(first, "name"),
        rarity=fields.text(first, "rarity", limit=20),
        finishes=tuple(finishes),
        released_on=of.released_on,
        uuids=tuple(dict.fromkeys(fields.text(row, "uuid") for row in group)),
        identifiers=_identifiers(group, tuple(finishes)),
    )


def _finishes_of_old_files(row: Any) -> list[str]:
    """Files before 2021 said hasFoil and hasNonFoil."""
    finishes = [Finish.NONFOIL.value] if row.get("hasNonFoil") is not False else []
    return (
        [*finishes, Finish.FOIL.value] if row.get("hasFoil") is True else finishes or [Finish.NONFOIL.value]
    )


def _identifiers(group: list[Any], finishes: tuple[str, ...]) -> tuple[IdentifierRecord, ...]:
    found: dict[IdentifierRecord, None] = {}
    for row in group:
        ids = fields.table(row, "identifiers")
        for key, source, finish in _CARD_IDENTIFIERS:
            if value := fields.text(ids, key, limit=100):
                found.setdefault(IdentifierRecord(source, value, _finish_of_id(finish, finishes)))
    return tuple(found)


def _finish_of_id(finish: str, finishes: tuple[str, ...]) -> str:
    """Some stores keep the etched or glossy card of a printing under the id of its plain or foil one."""
    if not finish or finish in finishes or not finishes:
        return finish
    return finishes[0] if len(finishes) == 1 else ""
