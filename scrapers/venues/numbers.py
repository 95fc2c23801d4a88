"""Numbers as venues write them in JSON: ids as floats, prices as strings, 0 and null for "none"."""

import re
from decimal import Decimal
from typing import Final

from scrapers.errors import RequestRejected, UnreadableAnswer

MAX_PRICE: Final = Decimal(100_000_000)
MAX_COUNT: Final = 1_000_000_000
_MAX_ID: Final = Decimal(10) ** 18
_ID: Final = re.compile(r"[1-9][0-9]{0,17}")


def price_or_none(value: Decimal | None) -> Decimal | None:
    """Return an amount above zero; None, zero, negative, absurd and non-finite ones are no price."""
    if value is None or not value.is_finite() or not 0 < value < MAX_PRICE:
        return None
    return value


def id_text(value: Decimal, *, name: str) -> str:
    """Return an id as text: 84597, 84597.0 and "84597" are the same id.

    Raises:
        UnreadableAnswer: if it is no whole number above zero; `name` says which field.
    """
    if not value.is_finite() or not 0 < value < _MAX_ID or value != value.to_integral_value():
        raise UnreadableAnswer(detail=f"{name} is no id: {str(value)[:40]!r}.")
    return str(int(value))


def count_or_none(value: Decimal | None) -> int | None:
    """Return a count, also if it is written as a float or a string; anything else is unknown."""
    if value is None or not value.is_finite() or not 0 <= value <= MAX_COUNT:
        return None
    return int(value)


def checked_id(text: str, *, venue: str) -> str:
    """Return an id of ours that is to be asked for, if it can be one of a venue that numbers its articles.

    Raises:
        RequestRejected: if it is no number as the venue writes it; nothing is asked then.
    """
    if not _ID.fullmatch(text):
        raise RequestRejected(detail=f"{text[:40]!r} is no id of {venue}.")
    return text
