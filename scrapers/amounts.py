"""Reading prices as venues write them, in text and in JSON, without guessing. Every parser of a page uses it.

A shop's page shows struck prices, unit prices, discounts and ranges beside the price, in the viewer's locale.
So a text is an amount only if it is nothing else, and every reading that could be two amounts is refused.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from quant.money import InvalidAmount, Money, UnknownCurrency, currency_exponent, parse_amount
from scrapers.errors import EvidenceMissing, UnreadableAnswer

MAX_AMOUNT: Final = Decimal("9999999999.99")
"""What the price columns hold; anything above is no price of an article."""

_MAX_LENGTH: Final = 80
_SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\t\r\n"), " ")
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"))
_NUMBER: Final = re.compile(r"(?P<before>[^0-9]*?)(?P<number>[0-9](?:[0-9.,'’ ]*[0-9])?)(?P<after>[^0-9]*)")
_WHOLE: Final = re.compile(r"[.,] ?[-–—]$")  # "Fr. 12.–": no centimes
_RANGE: Final = re.compile(r"\s+(?:to|bis|à|a|hasta|-|–|—)\s+|(?<=[0-9])\s*[-–—]\s*(?=[^0-9]*[0-9])")
_JSON_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?")

_SYMBOLS: Final[dict[str, tuple[str, ...]]] = {
    "$": ("USD", "CAD", "AUD", "HKD", "SGD", "NZD", "MXN"),
    "US$": ("USD",), "C$": ("CAD",), "CA$": ("CAD",), "CDN$": ("CAD",), "A$": ("AUD",), "AU$": ("AUD",),
    "HK$": ("HKD",), "NZ$": ("NZD",), "S$": ("SGD",), "MX$": ("MXN",), "R$": ("BRL",),
    "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "￥": ("JPY", "CNY"), "円": ("JPY",), "元": ("CNY",),
    "Fr.": ("CHF",), "SFr.": ("CHF",), "zł": ("PLN",), "Kč": ("CZK",), "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK", "NOK", "SEK"), "₩": ("KRW",), "₹": ("INR",), "₺": ("TRY",),
}  # fmt: skip
"""Currency signs and what they may stand for; a sign of several currencies needs the caller's word."""


class AmountUnclear(UnreadableAnswer):
    """A text that is not exactly one amount, or could be read as two different ones."""

    default_code = "amount_unclear"


class CurrencyUnclear(EvidenceMissing):
    """An amount without a known currency."""

    default_code = "currency_unclear"


@dataclass(frozen=True, slots=True)
class PriceRange:
    """What a listing of several variations costs: from `low` to `high`, one currency."""

    low: Money
    high: Money


def parse_price_text(text: str, *, currency: str = "", decimal_mark: str = "") -> Money:
    """Read one price from a page.

    Args:
        text: the price and nothing else: "$1,234.50", "1 234,50 €", "EUR 19.500,00", "CHF 1’234.50".
        currency: what a sign of several currencies ("$", "¥", "kr") or a bare number stands for; a currency
            that the text states itself always wins, so compare the result's.
        decimal_mark: "." or "," by the page's language; text that contradicts it is refused. Empty: the text
            must tell by itself, and "1.500" is refused.

    Returns:
        The amount, zero included ("$0.00" shipping); whole units or exactly the currency's decimals.

    Raises:
        AmountUnclear: for anything else: a range, percentages, unit prices, negative amounts, exponents,
            digits that are not ASCII, misplaced separators.
        CurrencyUnclear: if the currency is not known.
    """
    body = _normalise(text)
    match = _NUMBER.fullmatch(_WHOLE.sub("", body))
    if match is None:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not one amount.")
    code = _currency(match["before"].strip(), match["after"].strip(), currency, text)
    return Money(_amount(match["number"], code, decimal_mark, text), code)


def parse_price_range(text: str, *, currency: str = "", decimal_mark: str = "") -> Money | PriceRange:
    """Read one price or a range of two ("$10.75 to $30.93", "171 - 796 €").

    Takes and raises what `parse_price_text` does; also AmountUnclear if the two are of different currencies
    or the second is the smaller.
    """
    ends = _RANGE.split(_normalise(text))
    if len(ends) == 1:
        return parse_price_text(text, currency=currency, decimal_mark=decimal_mark)
    if len(ends) != 2:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not one range.")
    try:
        high = parse_price_text(ends[1], currency=currency, decimal_mark=decimal_mark)
        low = parse_price_text(ends[0], currency=currency or high.currency, decimal_mark=decimal_mark)
    except CurrencyUnclear:  # "$10.75 to 30.93": the first names it
        low = parse_price_text(ends[0], currency=currency, decimal_mark=decimal_mark)
        high = parse_price_text(ends[1], currency=low.currency, decimal_mark=decimal_mark)
    if low.currency != high.currency or high.amount < low.amount:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not a range of one currency.")
    return PriceRange(low, high)


def read_json_amount(value: object, *, name: str = "price") -> Decimal | None:
    """Read an amount from decoded JSON: a number, or text of plain digits.

    Args:
        value: str, int, Decimal, float or None as the decoder made it.
        name: the field, for messages.

    Returns:
        The amount; None for null, empty text and zero, which all mean "no price" at every venue.

    Raises:
        AmountUnclear: for negative amounts, NaN, infinities, exponents, separators, booleans, other types and
            more than the price columns hold.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | float):
        raise AmountUnclear(detail=f"{name} is a {type(value).__name__}, not an amount.")
    written = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if not _JSON_AMOUNT.fullmatch(written):
        raise AmountUnclear(detail=f"{name} {written[:_MAX_LENGTH]!r} is not a plain amount.")
    amount = Decimal(written)
    if amount > MAX_AMOUNT:
        raise AmountUnclear(detail=f"{name} {written} is more than any price.")
    return amount or None


def read_currency(value: object) -> str:
    """Check a currency code an answer states.

    Raises:
        CurrencyUnclear: if it is missing or no active ISO 4217 code.
    """
    if isinstance(value, str) and len(value) == 3:
        try:
            currency_exponent(value)
        except UnknownCurrency:
            pass
        else:
            return value
    raise CurrencyUnclear(detail=f"{str(value)[:20]!r} is no currency.")


def _normalise(text: str) -> str:
    if len(text) > _MAX_LENGTH:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r}… is too long to be an amount.")
    return re.sub(r" {2,}", " ", text.translate(_INVISIBLE).translate(_SPACES)).strip()


def _currency(before: str, after: str, hint: str, text: str) -> str:
    candidates = [_candidates(mark, text) for mark in (before, after) if mark]
    common = set(candidates[0]).intersection(*candidates[1:]) if candidates else {hint}
    if len(common) == 1 and common != {""}:
        return read_currency(common.pop())
    if hint and hint in common:
        return read_currency(hint)
    if len(candidates) == 2 and not common:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} names two currencies.")
    raise CurrencyUnclear(detail=f"{text[:_MAX_LENGTH]!r} does not say which currency it is in.")


def _candidates(mark: str, text: str) -> tuple[str, ...]:
    known = _SYMBOLS.get(mark.replace(" ", "")) or _SYMBOLS.get(mark)
    if known:
        return known
    try:
        return (read_currency(mark),)
    except CurrencyUnclear:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not one amount: {mark!r}?") from None


def _amount(number: str, currency: str, decimal_mark: str, text: str) -> Decimal:
    places = currency_exponent(currency)
    mark = decimal_mark or _decimal_mark(number, places, text)
    try:
        amount = parse_amount(number, decimal_mark=mark)
    except InvalidAmount as error:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not one amount: {error.reason}.") from error
    _, _, decimals = number.partition(mark)
    has_leading_zero = number.startswith("0") and number[:2] not in ("0", f"0{mark}")
    if len(decimals) not in (0, places) or has_leading_zero or amount > MAX_AMOUNT:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} is not an amount of {currency}.")
    return amount


def _decimal_mark(number: str, places: int, text: str) -> str:
    """Tell the decimal mark from the number itself; a lone mark before three digits could be either."""
    marks = [letter for letter in number if letter in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if not marks:
        return "."
    other = "," if marks[0] == "." else "."
    if len(marks) > 1 or places == 0:
        return other
    if len(number) - number.index(marks[0]) - 1 == 3:
        raise AmountUnclear(detail=f"{text[:_MAX_LENGTH]!r} could be two different amounts.")
    return marks[0]
