"""What a sealed product's contents are worth: gross at market prices, and net of what selling costs."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from quant.fees import FeeSchedule, net_proceeds
from quant.money import InvalidAmount, as_amount, currency_exponent

from .contents import CardKey, Contents, expected_copies, guaranteed_copies
from .moments import MomentCalculator

MIN_COVERAGE = Decimal("0.95")
"""Share of the expected copies that must have a price before an opportunity may be raised."""

IMPORTANT_SHARE = Fraction(5, 100)
"""A guaranteed line worth at least this share of the value must have a price."""

_DEFAULT_PLACES = 2
_LINE_PLACES = 4
_COPIES_PLACES = 10
_NUMBER = re.compile(r"[0-9]+")
_KEY_DIGITS = 10


@dataclass(frozen=True, slots=True)
class ValuedLine:
    """One card of the contents with its worth.

    Args:
        card: the key.
        guaranteed: copies that are certainly inside.
        expected_copies: guaranteed and random together, to ten places.
        price: market price of one copy; None if there is none.
        copy_value: what one copy counts for in the executable value: its net proceeds if it is sold on its
            own, else the bulk value; 0 without a price.
        gross_value: expected copies times price, to four places.
        net_value: expected copies times copy value, to four places.
        share: of the gross value of all lines, 0..1 to four places.
        counted: whether copies are sold one by one (at or above the floor, with net proceeds above bulk).
    """

    card: CardKey
    guaranteed: int
    expected_copies: Decimal
    price: Decimal | None
    copy_value: Decimal
    gross_value: Decimal
    net_value: Decimal
    share: Decimal
    counted: bool


@dataclass(frozen=True, slots=True)
class Valuation:
    """The worth of ONE sealed product. Totals are rounded once, from exact sums, down.

    Args:
        lines: every card, most valuable first; equal ones by key, numbers in keys by their size.
        expected_value: gross, every priced card at its market price.
        value_above_floor: gross, only cards at or above the floor.
        executable_value: net, after floor, fees, postage and packing.
        coverage: priced expected copies over all expected copies, floored to four places.
        standard_deviation: of the gross value, half even.
        effective_cards: 1 over the sum of squared shares: how many cards carry the value; None without value.
        unresolved: what is inside but unknown.
    """

    lines: tuple[ValuedLine, ...]
    expected_value: Decimal
    value_above_floor: Decimal
    executable_value: Decimal
    coverage: Decimal
    standard_deviation: Decimal
    effective_cards: Decimal | None
    unresolved: tuple[str, ...]

    @property
    def lines_counted(self) -> int:
        """Number of cards that are sold one by one."""
        return sum(line.counted for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a copy is turned into money; the net of equal prices is computed once."""

    fees: FeeSchedule | None
    floor: Decimal
    bulk_value: Decimal
    items_per_order: int
    known: dict[Decimal, tuple[Decimal, bool]]

    def copy_value(self, price: Decimal) -> tuple[Decimal, bool]:
        """Give what one copy brings, and whether it is sold on its own."""
        if price not in self.known:
            self.known[price] = self._copy_value(price)
        return self.known[price]

    def _copy_value(self, price: Decimal) -> tuple[Decimal, bool]:
        net = price
        if self.fees is not None:
            net = net_proceeds(price, schedule=self.fees, items_per_order=self.items_per_order)
        if price < self.floor or net <= self.bulk_value:
            return self.bulk_value, False
        return net, True


def value_contents(
    contents: Contents,
    *,
    prices: Mapping[CardKey, Decimal],
    fees: FeeSchedule | None = None,
    floor: Decimal = Decimal(0),
    bulk_value: Decimal = Decimal(0),
    items_per_order: int = 1,
) -> Valuation:
    """Value the contents of one sealed product, naively and as it can be carried out.

    Args:
        contents: of the product; unresolved parts are worth nothing and listed.
        prices: market price of one copy by card, one currency; a card that is missing or at 0 has no price,
            is worth nothing and lowers the coverage.
        fees: what selling a single costs, in the same currency; None means nothing.
        floor: copies priced below it are not sold one by one but go for the bulk value.
        bulk_value: of one such copy, >= 0; also for copies whose own sale would bring no more than that.
        items_per_order: copies a buyer takes at once (see `net_proceeds`).

    Raises:
        InvalidAmount: for a price, floor or bulk value that is negative or not a finite Decimal.
    """
    _check_not_negative({"floor": floor, "bulk value": bulk_value})
    copies = expected_copies(contents)
    known = {card: prices[card] for card in copies if card in prices}
    _check_not_negative(known)
    priced = {card: price for card, price in known.items() if price}
    terms = _Terms(fees, floor, bulk_value, items_per_order, {})
    lines = _lines(contents, copies, priced, terms)
    gross = {card: copies[card] * Fraction(price) for card, price in priced.items()}
    net = sum(
        (copies[card] * Fraction(terms.copy_value(price)[0]) for card, price in priced.items()), Fraction(0)
    )
    above = sum((value for card, value in gross.items() if priced[card] >= floor), Fraction(0))
    total = sum(gross.values(), Fraction(0))
    places = currency_exponent(fees.currency) if fees is not None else _DEFAULT_PLACES
    all_copies = sum(copies.values(), Fraction(0))
    covered = sum((copies[card] for card in priced), Fraction(0))
    return Valuation(
        lines=lines,
        expected_value=_rounded(total, places, ROUND_FLOOR),
        value_above_floor=_rounded(above, places, ROUND_FLOOR),
        executable_value=_rounded(net, places, ROUND_FLOOR),
        coverage=_rounded(covered / all_copies if all_copies else Fraction(0), 4, ROUND_FLOOR),
        standard_deviation=_standard_deviation(contents, priced, places),
        effective_cards=_effective_cards(list(gross.values()), total),
        unresolved=contents.all_unresolved(),
    )


def important_unpriced(
    valuation: Valuation, *, reference_prices: Mapping[CardKey, Decimal] | None = None
) -> tuple[CardKey, ...]:
    """List guaranteed cards without a price that matter: at least 5 % of the value, as far as one can tell.

    Args:
        valuation: of the contents.
        reference_prices: older or other prices by which a card without a price is judged. A card that has
            none there either is judged by its share of the copies.
    """
    references = reference_prices or {}
    missing = [line for line in valuation.lines if line.guaranteed and line.price is None]
    all_copies = sum((Fraction(line.expected_copies) for line in valuation.lines), Fraction(0))
    guessed = {line.card: line.guaranteed * Fraction(references.get(line.card, 0)) for line in missing}
    total = Fraction(valuation.expected_value) + sum(guessed.values(), Fraction(0))
    found = []
    for line in missing:
        if guessed[line.card]:
            share = guessed[line.card] / total
        else:
            share = Fraction(line.guaranteed) / all_copies
        if share >= IMPORTANT_SHARE:
            found.append(line.card)
    return tuple(found)


def is_covered(valuation: Valuation, *, reference_prices: Mapping[CardKey, Decimal] | None = None) -> bool:
    """Say whether enough has a price: 95 % of the expected copies and every important guaranteed card."""
    return valuation.coverage >= MIN_COVERAGE and not important_unpriced(
        valuation, reference_prices=reference_prices
    )


def minor_units(amounts: Mapping[CardKey, Decimal], *, currency: str) -> dict[CardKey, int]:
    """Turn amounts into whole smallest units, rounded down, as `value_distribution` takes them."""
    scale = Decimal(10) ** currency_exponent(currency)
    return {card: int((amount * scale).to_integral_value(ROUND_FLOOR)) for card, amount in amounts.items()}


def _lines(
    contents: Contents, copies: Mapping[CardKey, Fraction], priced: Mapping[CardKey, Decimal], terms: _Terms
) -> tuple[ValuedLine, ...]:
    certain = guaranteed_copies(contents)
    total = sum((copies[card] * Fraction(price) for card, price in priced.items()), Fraction(0))
    lines = []
    for card, expected in copies.items():
        price = priced.get(card)
        value, counted = terms.copy_value(price) if price is not None else (Decimal(0), False)
        gross = expected * Fraction(price or 0)
        line = ValuedLine(
            card=card,
            guaranteed=certain.get(card, 0),
            expected_copies=_rounded(expected, _COPIES_PLACES, ROUND_HALF_EVEN),
            price=price,
            copy_value=value,
            gross_value=_rounded(gross, _LINE_PLACES, ROUND_HALF_EVEN),
            net_value=_rounded(expected * Fraction(value), _LINE_PLACES, ROUND_HALF_EVEN),
            share=_rounded(gross / total if total else Fraction(0), 4, ROUND_HALF_EVEN),
            counted=counted,
        )
        lines.append(line)
    return tuple(sorted(lines, key=lambda line: (-line.gross_value, _key_text(line.card))))


def _key_text(card: CardKey) -> str:
    """Return a key as text that sorts numbers by size: 99 comes before 100."""
    return _NUMBER.sub(lambda digits: digits[0].zfill(_KEY_DIGITS), repr(card))


def _standard_deviation(contents: Contents, priced: Mapping[CardKey, Decimal], places: int) -> Decimal:
    finest = max((-int(price.as_tuple().exponent) for price in priced.values()), default=0)
    scale = max(finest, 0)
    units = {card: int(price.scaleb(scale)) for card, price in priced.items()}
    variance = MomentCalculator(units).of_contents(contents).variance
    return _rounded(Fraction(math.sqrt(variance)) / 10**scale, places, ROUND_HALF_EVEN)


def _effective_cards(values: list[Fraction], total: Fraction) -> Decimal | None:
    if not total:
        return None
    return _rounded(total**2 / sum((value**2 for value in values), Fraction(0)), 2, ROUND_HALF_EVEN)


def _rounded(value: Fraction, places: int, rounding: str) -> Decimal:
    scaled = value * 10**places
    units = math.floor(scaled) if rounding == ROUND_FLOOR else round(scaled)
    return Decimal(units).scaleb(-places)


def _check_not_negative(amounts: Mapping[CardKey, Decimal]) -> None:
    for name, amount in amounts.items():
        if as_amount(amount, name=str(name)) < 0:
            raise InvalidAmount(amount, f"{name} must not be negative")
