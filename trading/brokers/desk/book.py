"""Reading a live quote as a book: what it offers to one side, at which price, and whether it is fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.conf import settings

from pricing.quotebook import GIFT_CARD, LiveQuote, is_fresh
from trading.choices import OrderSide

PLACES: Final = Decimal("0.000000000001")
"""What a price is stored to."""
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class BookFill:
    """What a book offers of a wanted quantity.

    Args:
        quantity: units, at most the wanted ones; 0 if nothing is offered.
        price: mean of one unit, to `PLACES`; 0 if nothing is offered.
        best: price of the first unit; 0 if nothing is offered.
        worst: price of the last unit; 0 if nothing is offered.
    """

    quantity: Decimal
    price: Decimal
    best: Decimal
    worst: Decimal


def is_quote_fresh(quote: LiveQuote, *, now: datetime) -> bool:
    """Tell whether a quote may be acted on, by the settings of its market."""
    most = settings.MAX_QUOTE_AGE_MS if quote.market == GIFT_CARD else settings.TICK_MAX_AGE_MS
    now_ms = int(now.timestamp() * 1_000)
    return is_fresh(quote, now_ms=now_ms, max_age_ms=most, max_skew_ms=settings.MAX_QUOTE_SKEW_MS)


def levels_of(quote: LiveQuote, *, side: str) -> Sequence[tuple[Decimal, Decimal | None]]:
    """Return price and size a venue offers to whoever buys or sells there, best first; None: size unknown."""
    is_buy = side == OrderSide.BUY
    top, size = (quote.ask, quote.ask_size) if is_buy else (quote.bid, quote.bid_size)
    book: Sequence[tuple[Decimal, Decimal]] = quote.asks if is_buy else quote.bids
    if top is None:
        return ()
    return [(price, amount) for price, amount in book] or [(top, size)]


def fill_within(
    levels: Sequence[tuple[Decimal, Decimal | None]],
    *,
    side: str,
    wanted: Decimal,
    limit: Decimal | None = None,
    taken: Decimal = _NOTHING,
) -> BookFill:
    """Take a quantity from a book, best levels first.

    Args:
        levels: of `levels_of`; a level of unknown size takes everything.
        side: ours.
        wanted: units, > 0.
        limit: worst price of one unit; None takes any.
        taken: units of the best levels that are gone already (`units_taken`).
    """
    got = paid = best = worst = _NOTHING
    for price, size in levels:
        is_beyond = limit is not None and (price > limit if side == OrderSide.BUY else price < limit)
        if got >= wanted or is_beyond:
            break
        gone = _NOTHING if size is None else min(size, taken)
        taken -= gone
        part = wanted - got if size is None else min(size - gone, wanted - got)
        if part > 0:
            got, paid, best, worst = got + part, paid + part * price, best or price, price
    mean = (paid / got).quantize(PLACES, ROUND_HALF_EVEN) if got else _NOTHING
    return BookFill(quantity=got, price=mean, best=best, worst=worst)
