"""One cell of a price list as a value of ours. A cell that cannot be meant is refused, never repaired."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from catalog.choices import Category
from quant.money import InvalidAmount, UnknownCurrency, currency_exponent, parse_amount

from .table import Cell

MAX_COUNT: Final = 1_000_000
MAX_TEXT: Final = 255
_NOT_STATED: Final = frozenset(
    {"", "-", "--", "n/a", "na", "tba", "tbd", "call", "ask", "alloc", "allocated", "allocation"}
)
_SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_DATE_FORMATS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
_SIGNS: Final = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_GAMES: Final = (
    (Category.MTG, ("magic", "mtg", "wizards")),
    (Category.POKEMON, ("pokemon", "pokémon", "pkm", "pok")),
    (Category.YUGIOH, ("yugioh", "yu-gi-oh", "yu gi oh", "ygo")),
)


class CellRefused(ValueError):
    """The cell cannot be used; the message says why."""


def text_of(cell: Cell, *, limit: int = MAX_TEXT) -> str:
    """Return a cell as text, cut to `limit`; whole numbers without decimals."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")[:limit]
    return str(cell).replace("\x00", "")[:limit]


def gtin_of(cell: Cell) -> str:
    """Return a UPC or EAN as text with its leading zeros, "" if there is none.

    A workbook's number has lost its leading zeros: they are put back if the check digit then agrees.

    Raises:
        CellRefused: for scientific notation (digits are lost for good), another length, or a wrong check
            digit.
    """
    if is_not_stated(cell):
        return ""
    text = text_of(cell)
    if _SCIENTIFIC.search(text) and not text.isdigit():
        raise CellRefused(f"{text!r} is in scientific notation: its last digits are lost")
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        raise CellRefused(f"{text!r} is no UPC or EAN")
    if isinstance(cell, Decimal) or len(digits) not in _GTIN_LENGTHS:
        digits = next((digits.zfill(n) for n in (12, 13, 14) if n >= len(digits) >= 7), digits)
    if len(digits) not in _GTIN_LENGTHS:
        raise CellRefused(f"{text!r} has {len(digits)} digits, a UPC or EAN has 8, 12, 13 or 14")
    if not _has_check_digit(digits):
        raise CellRefused(f"{text!r} is no UPC or EAN: its check digit is wrong")
    return digits


def _has_check_digit(digits: str) -> bool:
    """GS1: weights 3 and 1 from the right, the sum a multiple of ten."""
    total = sum(int(digit) * (1 if at % 2 == 0 else 3) for at, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def amount_of(cell: Cell, *, decimal_mark: str, currency: str) -> Decimal | None:
    """Return an amount rounded half up to the currency's decimals; None if it is empty, zero or on request.

    Raises:
        CellRefused: for a range, a negative or anything else that is not one amount.
    """
    if is_not_stated(cell):
        return None
    if isinstance(cell, Decimal):
        amount = cell
    else:
        try:
            amount = parse_amount(text_of(cell), decimal_mark=decimal_mark)
        except InvalidAmount as error:
            raise CellRefused(str(error)) from error
    if not amount.is_finite() or amount < 0 or amount >= 10_000_000:
        raise CellRefused(f"{amount} is no cost")
    return amount.quantize(Decimal(1).scaleb(-currency_exponent(currency)), rounding="ROUND_HALF_UP") or None


def count_of(cell: Cell) -> tuple[int | None, bool]:
    """Return a quantity, and whether it means "at least so many" (`12+`, `>100`); None if it is not stated.

    Raises:
        CellRefused: for anything else that is not a whole number.
    """
    if is_not_stated(cell):
        return None, False
    text = text_of(cell).replace(" ", "")
    is_open = text.endswith("+") or text.startswith((">", "≥"))
    digits = re.sub(r"(?:pcs?|ea|units?|boxes|ct)$", "", text.strip("+>≥=").lower()).replace(",", "")
    if not (digits.isascii() and digits.isdigit() and int(digits) <= MAX_COUNT):
        raise CellRefused(f"{text_of(cell)[:40]!r} is no quantity")
    return int(digits), is_open


def date_of(cell: Cell) -> date | None:
    """Return a date; None if it is not stated, or ambiguous between day and month (03/04/2027).

    Raises:
        CellRefused: for anything that is no date.
    """
    if is_not_stated(cell):
        return None
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    numbers = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if not numbers:
        raise CellRefused(f"{text[:40]!r} is no date")
    first, second, year = (int(part) for part in numbers.groups())
    month, day = (first, second) if second > 12 else (second, first)
    if first <= 12 and second <= 12 and first != second:
        return None
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellRefused(f"{text[:40]!r} is no date") from error


def currency_of(cell: Cell, *, default: str) -> str:
    """Return an ISO 4217 code, upper case.

    Raises:
        CellRefused: if there is no such currency.
    """
    text = text_of(cell)
    code = _SIGNS.get(text, text.upper()) or default
    try:
        currency_exponent(code)
    except UnknownCurrency as error:
        raise CellRefused(f"{code[:10]!r} is no currency") from error
    return code


def game_of(cell: Cell) -> str:
    """Return the game a text names, "" if it is none of ours."""
    text = text_of(cell).lower()
    return next((game.value for game, words in _GAMES if any(word in text for word in words)), "")


def is_not_stated(cell: Cell) -> bool:
    """Tell whether a cell is empty or says that the value is to be asked for."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _NOT_STATED)
