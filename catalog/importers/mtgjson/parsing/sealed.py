"""Sealed products of a set."""

from typing import Any

from ..records import IdentifierRecord, SealedRecord, SetFacts
from ..report import Issues
from . import fields
from .contents import ContentsParser

_SEALED_IDENTIFIERS: tuple[tuple[str, str], ...] = (
    ("mcmId", "mcm"),
    ("tcgplayerProductId", "tcgplayer"),
    ("cardKingdomId", "ck"),
    ("cardtraderId", "cardtrader"),
    ("abuId", "abu"),
    ("csiId", "csi"),
    ("hareruyaId", "hareruya"),
    ("scgId", "scg"),
    ("tntId", "tnt"),
    ("miniaturemarketId", "miniaturemarket"),
    ("scryfallId", "scryfall"),
)
_UNKNOWN = "unknown"


def parse_sealed(row: Any, of: SetFacts, *, issues: Issues) -> SealedRecord | None:
    """Read one sealed product of a set; None when it has no uuid or no name."""
    uuid, name = fields.text(row, "uuid", limit=100), fields.text(row, "name")
    if not uuid or not name:
        issues.add("sealed_unreadable", f"{of.code} {name or uuid or 'a product without name'}")
        return None
    own_date, usable = fields.day(row, "releaseDate")
    if not usable:
        issues.add("date_unreadable", f"{name} ({of.code})")
    ids = fields.table(row, "identifiers")
    identifiers = [
        IdentifierRecord(source, value, "")
        for key, source in _SEALED_IDENTIFIERS
        if (value := fields.text(ids, key, limit=100))
    ]
    return SealedRecord(
        uuid=uuid,
        name=name,
        set_code=of.code,
        set_name=of.name,
        kind=_kind(row, "category"),
        subtype=_kind(row, "subtype"),
        language=fields.text(row, "language", limit=30) or "English",
        released_on=own_date or of.released_on,
        identifiers=tuple(identifiers),
        contents=ContentsParser(f"{name} ({of.code})", issues).parse(row.get("contents")),
    )


def _kind(row: Any, key: str) -> str:
    value = fields.text(row, key, limit=40).lower()
    return "" if value == _UNKNOWN else value
