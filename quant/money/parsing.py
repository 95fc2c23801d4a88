"""Reading prices as people and pages write them, without guessing."""

import re
from decimal import Decimal

from .amount import InvalidAmount

_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[A-Z]{0,3}[$€£¥₩₹₿]) ?|(?<=\d) ?(?:[A-Z]{3}|[$€£¥₩₹₿])$")
_PLAIN = {
    ".": re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"),
    ",": re.compile(r"[0-9]+(?:,[0-9]+)?|,[0-9]+"),
}
_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:[ '’][0-9]{3})+(?:\.[0-9]+)?"),
    ",": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]{1,3}(?:[ '’][0-9]{3})+(?:,[0-9]+)?"),
}
_MAX_LENGTH = 40


def parse_amount(text: str, *, decimal_mark: str = ".") -> Decimal:
    """Read one amount from text.

    Accepts an optional minus sign, one currency sign or code before or after, thousands grouped in threes by
    the other mark, blanks (also no-break ones) or apostrophes. Refuses ranges, exponents, NaN, infinities,
    digits that are not ASCII, and misplaced grouping: `$10 - $25` must not become 1025.

    Args:
        text: at most 40 characters.
        decimal_mark: "." or ","; the locale is the caller's knowledge, never guessed.

    Raises:
        InvalidAmount: if the text is not exactly one amount.
    """
    if decimal_mark not in _GROUPED:
        raise InvalidAmount(decimal_mark, "the decimal mark is '.' or ','")
    if len(text) > _MAX_LENGTH:
        raise InvalidAmount(text[:_MAX_LENGTH], f"longer than {_MAX_LENGTH} characters")
    body = text.translate(_SPACES).strip()
    is_negative = body.startswith("-")
    body = _CURRENCY.sub("", body.removeprefix("-"), count=1).strip()
    if not (_PLAIN[decimal_mark].fullmatch(body) or _GROUPED[decimal_mark].fullmatch(body)):
        raise InvalidAmount(text, f"not one amount with {decimal_mark!r} as decimal mark")
    amount = Decimal(re.sub(rf"[^0-9{decimal_mark}]", "", body).replace(",", "."))
    return -amount if is_negative else amount
