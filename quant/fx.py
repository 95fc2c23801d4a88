"""Converting money through quoted rates that know their spread, their time and their source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import NamedTuple

from quant.money import MONEY_CONTEXT, InvalidAmount, Money, as_amount, currency_exponent

MAX_AGE = timedelta(hours=36)
MAX_CLOCK_SKEW = timedelta(minutes=5)


class FxError(ValueError):
    """Base of what keeps an amount from being converted."""


class RateMissing(FxError):
    """No rate leads from one currency to the other."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"no rate from {source} to {target}")
        self.source = source
        self.target = target


class RateStale(FxError):
    """The rate is too old, or lies in the future. A stale rate is never used, and never replaced by 1."""

    def __init__(self, quote: "FxQuote", age: timedelta) -> None:
        super().__init__(f"{quote.base}/{quote.quote} of {quote.observed_at.isoformat()} is {age} old")
        self.quote = quote
        self.age = age


@dataclass(frozen=True, slots=True)
class FxQuote:
    """Price of one unit of `base` in `quote`: `bid` when selling base, `ask` when buying it.

    Raises:
        InvalidAmount: unless 0 < bid <= ask, both finite Decimals.
        UnknownCurrency: for the currencies; FxError if they are the same or the time has no zone.
    """

    base: str
    quote: str
    bid: Decimal
    ask: Decimal
    observed_at: datetime
    source: str = ""

    def __post_init__(self) -> None:
        currency_exponent(self.base)
        currency_exponent(self.quote)
        if self.base == self.quote:
            raise FxError(f"{self.base} needs no rate to itself")
        if self.observed_at.tzinfo is None:
            raise FxError("observed_at must carry a time zone")
        if not 0 < as_amount(self.bid, name="bid") <= as_amount(self.ask, name="ask"):
            raise InvalidAmount((self.bid, self.ask), "needs 0 < bid <= ask")


class _Step(NamedTuple):
    """One conversion: the quote, and whether the base is what we give."""

    quote: FxQuote
    sells_base: bool


class FxTable:
    """Rates as of one moment. Converts directly, or over one currency in between; rounds once, at the end.

    Args:
        quotes: any number; of several for one pair the latest counts.
        now: the moment of use.
        max_age: older rates are refused when they are needed.
    """

    def __init__(self, quotes: Iterable[FxQuote], *, now: datetime, max_age: timedelta = MAX_AGE) -> None:
        self._now = now
        self._max_age = max_age
        self._quotes: dict[tuple[str, str], FxQuote] = {}
        for quote in quotes:
            known = self._quotes.get((quote.base, quote.quote))
            if known is None or quote.observed_at >= known.observed_at:
                self._quotes[(quote.base, quote.quote)] = quote

    def convert(self, money: Money, to: str) -> Money:
        """Say what we get in another currency for money we give, rounded down to its unit.

        Base is sold at the bid and bought at the ask, so a round trip never gains.

        Raises:
            RateMissing, RateStale: if no usable rate leads there; UnknownCurrency for the target.
        """
        with localcontext(MONEY_CONTEXT):
            amount = money.amount
            for step in self._path(money.currency, to):
                amount = amount * step.quote.bid if step.sells_base else amount / step.quote.ask
            return Money(amount, to).quantized(ROUND_FLOOR)

    def cost_of(self, money: Money, *, paid_in: str) -> Money:
        """Say what we must give in another currency to end up with `money`, rounded up to its unit.

        Raises:
            RateMissing, RateStale: if no usable rate leads there; UnknownCurrency for the currency.
        """
        with localcontext(MONEY_CONTEXT):
            amount = money.amount
            for step in reversed(self._path(paid_in, money.currency)):
                amount = amount / step.quote.bid if step.sells_base else amount * step.quote.ask
            return Money(amount, paid_in).quantized(ROUND_CEILING)

    def quotes_used(self, source: str, target: str) -> tuple[FxQuote, ...]:
        """List the rates a conversion takes, to be kept beside its result; empty within one currency."""
        return tuple(step.quote for step in self._path(source, target))

    def mid_rate(self, source: str, target: str) -> Decimal:
        """Give how much of one currency is worth one unit of another, halfway between bid and ask.

        For comparing amounts only: nobody is paid at the middle. Unrounded; 1 within one currency.

        Raises:
            RateMissing, RateStale: if no usable rate leads there; UnknownCurrency for the target.
        """
        with localcontext(MONEY_CONTEXT):
            rate = Decimal(1)
            for step in self._path(source, target):
                middle = (step.quote.bid + step.quote.ask) / 2
                rate = rate * middle if step.sells_base else rate / middle
            return rate

    def age(self, source: str, target: str) -> timedelta:
        """Give the age of the oldest rate a conversion takes; 0 within one currency."""
        return max(
            (self._now - quote.observed_at for quote in self.quotes_used(source, target)), default=timedelta()
        )

    def _path(self, source: str, target: str) -> list[_Step]:
        currency_exponent(target)
        if source == target:
            return []
        stale: RateStale | None = None
        for path in self._paths(source, target):
            try:
                return [self._fresh(step) for step in path]
            except RateStale as error:
                stale = stale or error
        raise stale or RateMissing(source, target)

    def _paths(self, source: str, target: str) -> Iterator[list[_Step]]:
        direct = self._steps(source, target)
        yield from ([step] for step in direct)
        currencies = sorted({currency for pair in self._quotes for currency in pair})
        for between in currencies:
            for first in self._steps(source, between):
                for second in self._steps(between, target):
                    yield [first, second]

    def _steps(self, source: str, target: str) -> list[_Step]:
        steps = []
        if quote := self._quotes.get((source, target)):
            steps.append(_Step(quote, sells_base=True))
        if quote := self._quotes.get((target, source)):
            steps.append(_Step(quote, sells_base=False))
        return steps

    def _fresh(self, step: _Step) -> _Step:
        age = self._now - step.quote.observed_at
        if not -MAX_CLOCK_SKEW <= age <= self._max_age:
            raise RateStale(step.quote, age)
        return step
