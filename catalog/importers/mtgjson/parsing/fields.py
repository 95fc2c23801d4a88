"""Reads one field of untrusted JSON: the value if it is as it should be, else a default; never raises."""

from datetime import date
from decimal import Decimal
from typing import Any

_MAX_COUNT = 32_767  # a smallint; the largest real count is 4,005 cards of one deck
_MAX_WEIGHT = 2**62
_MAX_COUNT_SUM = 10**9  # chances are per cent or per mille in practice


def text(row: Any, key: str, *, limit: int = 255) -> str:
    """Return a clean string field, or "" when it is absent, no text, too long, or cannot be stored as UTF-8.

    Integers are accepted as text, because collector numbers and ids have been both.
    """
    value = row.get(key) if isinstance(row, dict) else None
    return clean(value, limit=limit)


def clean(value: Any, *, limit: int = 255) -> str:
    """Return `value` as stripped storable text, or ""."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < _MAX_WEIGHT else ""
    if not isinstance(value, str):
        return ""
    found: str = value.strip()
    if len(found) > limit or "\x00" in found or not (found.isascii() or _is_encodable(found)):
        return ""
    return found


def _is_encodable(value: str) -> bool:
    """Whether no half of a surrogate pair is in the text."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def whole(value: Any) -> int | None:
    """Return an integral number as int, or None for anything else, truth values, NaN and huge numbers too."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= _MAX_WEIGHT else None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite() and abs(value) <= _MAX_WEIGHT and value == int(value):
        return int(value)
    return None


def count(row: Any, key: str = "count") -> int | None:
    """Return a count of at least 1 (absent means 1), or None when it is stated and senseless."""
    if not isinstance(row, dict) or row.get(key) is None:
        return 1
    number = whole(row[key])
    return number if number is not None and 1 <= number <= _MAX_COUNT else None


def weight(value: Any) -> int | None:
    """Return a weight of at least 1, or None."""
    number = whole(value)
    return number if number is not None and number >= 1 else None


def flag(row: Any, key: str) -> bool:
    """Return whether the field is exactly true."""
    return isinstance(row, dict) and row.get(key) is True


def rows(value: Any, key: str) -> list[Any]:
    """Return a list field, or [] when it is absent or no list."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def table(value: Any, key: str) -> dict[str, Any]:
    """Return an object field, or {} when it is absent or no object."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def day(row: Any, key: str) -> tuple[date | None, bool]:
    """Return (date, whether the field was usable). An absent or null date is usable and None."""
    value = row.get(key) if isinstance(row, dict) else None
    if value is None or value == "":
        return None, True
    if not isinstance(value, str):
        return None, False
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return None, False
    return (found, True) if 1900 <= found.year <= 2200 else (None, False)


def number(value: Any) -> Decimal | int | None:
    """Return a finite number of at most 12 decimals and sane size, or None."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > _MAX_COUNT_SUM or abs(int(value.as_tuple().exponent)) > 12:
            return None
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX_COUNT_SUM:
        return value
    return None
