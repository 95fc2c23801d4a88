"""What an eBay identifier of the catalogue may name: a product, a bar code, one listing, or a search."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scrapers.errors import RequestRejected
from scrapers.text import clean_text

SEARCH_PREFIX: Final = "q:"
MAX_WORDS: Final = 100  # characters of a search, the API's own limit
_FORMS: Final = {"epid": r"[0-9]{1,20}", "gtin": r"[0-9]{8}|[0-9]{12,14}", "item": r"[0-9]{9,19}"}


class IdentifierKind(StrEnum):
    """The forms of an identifier."""

    EPID = "epid"
    GTIN = "gtin"
    ITEM = "item"
    WORDS = "q"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier; `text` is the form the catalogue holds."""

    kind: IdentifierKind
    value: str
    text: str

    def __str__(self) -> str:
        return self.text

    def stated_as(self, value: str) -> str:
        """Return an id that an answer states, in the form this one is written in."""
        return self.text.replace(self.value, value)


def parse_identifier(text: str) -> Identifier:
    """Read `epid:<n>`, `gtin:<n>`, `item:<legacy listing id>` or `q:<words>`.

    A bare number is an ePID, which is what eBay calls its product id.

    Raises:
        RequestRejected: for any other form; nothing is asked of the venue.
    """
    kind, separator, value = text.partition(":")
    if not separator:
        kind, value = "epid", kind
    if kind == IdentifierKind.WORDS:
        if value and len(value) <= MAX_WORDS and value == clean_text(value):
            return Identifier(IdentifierKind.WORDS, value, text)
    elif kind in _FORMS and re.fullmatch(_FORMS[kind], value):
        return Identifier(IdentifierKind(kind), value, text)
    raise RequestRejected(
        "bad_identifier", f"{text[:120]!r} is no eBay identifier (epid:, gtin:, item: or q:)."
    )
