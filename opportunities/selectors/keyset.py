"""Where a page by cursor begins: the ordering values of the row beside it, checked and turned into SQL."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

NULLABLE: Final = frozenset({"expires_at"})
_TIMES: Final = frozenset({"created_at", "updated_at", "expires_at"})
_MAX_LENGTH: Final = 600


class CursorInvalid(ValueError):
    """The text is no cursor of this list and order."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an ordered list.

    Args:
        order: columns with their direction (`-` for descending), the last one unique.
        values: of the row beside the page.
        is_backward: the page ends before that row instead of beginning after it.
    """

    order: tuple[str, ...]
    values: tuple[Any, ...]
    is_backward: bool

    def condition(self) -> Q:
        """Return the rows on the far side of the place."""
        order = reversed_order(self.order) if self.is_backward else self.order
        found = Q()
        same = Q()
        for step, value in zip(order, self.values, strict=True):
            found |= same & _beyond(step, value)
            same &= _equal(step, value)
        return _bound(order[0], self.values[0]) & found


def reversed_order(order: Sequence[str]) -> tuple[str, ...]:
    """Return the opposite order."""
    return tuple(step.removeprefix("-") if step.startswith("-") else f"-{step}" for step in order)


def encode_cursor(order: Sequence[str], values: Sequence[str | None], *, is_backward: bool) -> str:
    """Return a place as opaque text.

    Args:
        order: of the list.
        values: of the row as text, as PostgreSQL writes them in JSON.
        is_backward: whether the page ends before the row.
    """
    document = json.dumps([",".join(order), int(is_backward), *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def decode_cursor(text: str, order: Sequence[str]) -> Cursor:
    """Read a place back.

    Raises:
        CursorInvalid: if it was not made for this order by `encode_cursor`.
    """
    try:
        if len(text) > _MAX_LENGTH or not text.isascii():
            raise CursorInvalid(text[:20])
        document = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        named, is_backward, *values = document
        if named != ",".join(order) or is_backward not in (0, 1) or len(values) != len(order):
            raise CursorInvalid(named)
        read = tuple(_read(step.removeprefix("-"), value) for step, value in zip(order, values, strict=True))
    except (binascii.Error, InvalidOperation, TypeError, ValueError, RecursionError) as error:
        raise CursorInvalid("no cursor of this list") from error
    return Cursor(tuple(order), read, bool(is_backward))


def _read(column: str, value: Any) -> Any:
    if value is None:
        if column not in NULLABLE:
            raise CursorInvalid(column)
        return None
    if not isinstance(value, str):
        raise CursorInvalid(column)
    if column == "id":
        return UUID(value)
    if column in _TIMES:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise CursorInvalid(column)
        return moment
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 10**20:
        raise CursorInvalid(column)
    return number


def _bound(step: str, value: Any) -> Q:
    """Return what every later row fulfils: it lets the database start at the place in an index."""
    column = step.removeprefix("-")
    if value is None or (column in NULLABLE and not step.startswith("-")):
        return Q()
    return Q(**{f"{column}__{'lte' if step.startswith('-') else 'gte'}": value})


def _beyond(step: str, value: Any) -> Q:
    """Return what comes after a value: PostgreSQL puts nulls last, and first in descending order."""
    column = step.removeprefix("-")
    if step.startswith("-"):
        return Q(**{f"{column}__isnull": False}) if value is None else Q(**{f"{column}__lt": value})
    if value is None:
        return Q(pk__in=())
    later = Q(**{f"{column}__gt": value})
    return later | Q(**{f"{column}__isnull": True}) if column in NULLABLE else later


def _equal(step: str, value: Any) -> Q:
    column = step.removeprefix("-")
    return Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
