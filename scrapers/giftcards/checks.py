"""What is believed of a desk's numbers. Everything refused is counted by its code, nothing is repaired."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from quant.spreads.symbols import brand_slug

MAX_FACE: Final = Decimal(1_000_000)
MAX_PRICE_TO_FACE: Final = Decimal("1.5")
"""No card is worth much more than its face; more means another unit, such as cents or a pack."""
MIN_PRICE_TO_FACE: Final = Decimal("0.05")
"""Below it the price is more likely a discount, or in another unit."""
MAX_QUANTITY: Final = Decimal(10_000_000)
MAX_QUOTE_ID: Final = 200
MAX_BRAND: Final = 60
"""As long as a slug: two longer names could share their first 60 signs."""
MAX_DIGITS: Final = 20
"""Before the point, and after it; numbers in texts are held to the same."""
_MIN_MS: Final = 946_684_800_000  # 2000-01-01; smaller numbers are seconds
_MAX_MS: Final = 4_102_444_800_000  # 2100-01-01; larger ones are microseconds
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


class Refused(Exception):
    """An item is not believed; `code` says why, in lower snake case."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number_of(value: Any, *, code: str) -> Decimal:
    """Return a JSON number or a numeric text as a Decimal.

    Args:
        value: as decoded with `parse_float=Decimal`; a float of other decoders is read by its shortest text.
        code: of the refusal.

    Raises:
        Refused: for booleans, NaN, infinities, exponents in texts, more than 20 digits before or after the
            point, and everything that is no number.
    """
    if isinstance(value, bool) or value is None:
        raise Refused(code)
    if isinstance(value, float):
        value = str(value)
    try:
        if isinstance(value, str):
            if not _NUMBER.fullmatch(value.strip()):
                raise Refused(code)
            value = value.strip()
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise Refused(code) from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= MAX_DIGITS or exponent < -MAX_DIGITS:
        raise Refused(code)
    return number


def face_of(value: Any) -> Decimal:
    """Return a face value: above 0, at most a million, at most two places.

    Raises:
        Refused: `denomination`.
    """
    face = number_of(value, code="denomination")
    if not 0 < face <= MAX_FACE or face != face.quantize(Decimal("0.01")):
        raise Refused("denomination")
    return face


def price_of(value: Any, *, face: Decimal) -> Decimal:
    """Return a price that can be one of a card with this face value.

    Raises:
        Refused: `price` (no number, zero, negative), `price_above_face` or `price_below_face` (implausible).
    """
    price = number_of(value, code="price")
    if price <= 0:
        raise Refused("price")
    if price > face * MAX_PRICE_TO_FACE:
        raise Refused("price_above_face")
    if price < face * MIN_PRICE_TO_FACE:
        raise Refused("price_below_face")
    return price


def quantity_of(value: Any) -> Decimal | None:
    """Return how many cards, whole; None for nothing said.

    Raises:
        Refused: `quantity`; `sold_out` for zero.
    """
    if value is None:
        return None
    quantity = number_of(value, code="quantity")
    if quantity == 0:
        raise Refused("sold_out")
    if not 0 < quantity <= MAX_QUANTITY or quantity != quantity.to_integral_value():
        raise Refused("quantity")
    return quantity.to_integral_value()


def brand_of(value: Any) -> str:
    """Return the slug of a brand's name, of which it must keep enough not to be another brand's.

    Raises:
        Refused: `brand`, also for names that a slug would cut off and for letters it would leave out.
    """
    if not isinstance(value, str) or len(value) > MAX_BRAND or any(_is_lost(letter) for letter in value):
        raise Refused("brand")
    try:
        return brand_slug(value)
    except ValueError:
        raise Refused("brand") from None


def _is_lost(letter: str) -> bool:
    """Tell whether a letter or digit of another script would vanish from a slug; accents are no script."""
    return letter.isalnum() and not unicodedata.normalize("NFKD", letter)[0].isascii()


def currency_of(value: Any, *, default: str, expected: str = "") -> str:
    """Return a currency code.

    Args:
        value: what the item says; None or an empty text for nothing.
        default: the market's own.
        expected: what it must be, where anything else is a mistake.

    Raises:
        Refused: `currency`.
    """
    text = default if value in (None, "") else value
    if not isinstance(text, str) or not _CURRENCY.fullmatch(text.strip().upper()):
        raise Refused("currency")
    text = text.strip().upper()
    if expected and text != expected:
        raise Refused("currency")
    return text


def region_of(value: Any, *, default: str) -> str:
    """Return a region code.

    Raises:
        Refused: `region`, also where neither item nor market say one: a card of nowhere matches nothing.
    """
    text = default if value in (None, "") else value
    if not isinstance(text, str) or not _REGION.fullmatch(text.strip().upper()):
        raise Refused("region")
    return text.strip().upper()


def moment_of(value: Any, *, code: str) -> int:
    """Return a time as Unix milliseconds, from milliseconds or an ISO 8601 text with its zone.

    Numbers that can only be seconds or microseconds are refused, not guessed at; so are times without a zone.

    Raises:
        Refused: with the code given.
    """
    if isinstance(value, bool):
        raise Refused(code)
    if isinstance(value, int):
        if not _MIN_MS <= value <= _MAX_MS:
            raise Refused(code)
        return value
    if not isinstance(value, str) or len(value) > 40:
        raise Refused(code)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise Refused(code)
        return (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise Refused(code) from None


@dataclass(frozen=True, slots=True)
class Times:
    """Our clock, and how much a venue's may differ.

    Args:
        now_ms: when the answer was complete.
        max_skew_ms: how far a venue's time may lie ahead.
    """

    now_ms: int
    max_skew_ms: int


def as_of(value: Any, *, times: Times) -> int | None:
    """Return when a list was made; None where the venue does not say.

    Raises:
        Refused: `as_of` for what is no time, `as_of_future` for one ahead of our clock.
    """
    if value is None:
        return None
    moment = moment_of(value, code="as_of")
    if moment > times.now_ms + times.max_skew_ms:
        raise Refused("as_of_future")
    return moment


def expiry_of(value: Any, *, times: Times) -> int | None:
    """Return when a quote ends; None where the venue does not say.

    Raises:
        Refused: `expires_at` for what is no time, `expired` for one that is over.
    """
    if value is None:
        return None
    moment = moment_of(value, code="expires_at")
    if moment <= times.now_ms:
        raise Refused("expired")
    return moment


def quote_id_of(value: Any) -> str:
    """Return the venue's name of a quote; empty for nothing said.

    Raises:
        Refused: `quote_id`, also for signs that are not printable: UTF-8 has no surrogates, PostgreSQL no
            zeros.
    """
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_QUOTE_ID or not value.isprintable():
        raise Refused("quote_id")
    return value


def at_path(body: Any, path: str) -> Any:
    """Return what lies at a dotted path of nested objects; None where there is nothing."""
    for name in path.split(".") if path else ():
        if not isinstance(body, Mapping):
            return None
        body = body.get(name)
    return body
