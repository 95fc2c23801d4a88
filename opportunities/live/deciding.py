"""The decision about one route, exact: R001's strict threshold on the gross percent, a profit after fees.

What the floats of the hot path found is only a candidate. The figures are worked out on the venue's own text,
`Decimal(repr(price))`, with the bare operations: `quant.spreads.net` gives the same numbers (a test holds
them together) with checks that a signal has no time for. Products of a price (17 digits) and a fee factor
are exact in Decimal's 28 digits.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from math import inf
from typing import Final, NamedTuple

from quant.spreads.messages import Level, Quote

from .terms import Venue

_PERCENT_STEP: Final = Decimal("0.0001")
_HUNDRED: Final = Decimal(100)
_BPS: Final = Decimal(10_000)
_NO_ASK: Final = (inf, 0.0)
_NO_BID: Final = (0.0, 0.0)
_ROUNDING_PCT: Final = 1e-4
"""Rounding to 4 places moves a percent by less."""
ABSURD_RATIO: Final = 1_000.0
"""No market pays so many times its price elsewhere: one of the two prices is a mistake."""


class Decision(NamedTuple):
    """One unit of a route that is worth a signal; exact amounts in the quote currency."""

    buy_price: Decimal
    sell_price: Decimal
    cost: Decimal
    proceeds: Decimal
    profit: Decimal
    spread_pct: Decimal
    net_bps: Decimal


class Fill(NamedTuple):
    """How much the books take, in the base asset, and what that leaves; zeros where they do not say."""

    size: float
    profit: float
    flag: str


def may_qualify(ask: float, bid: float, threshold_pct: float) -> bool:
    """Tell in floats whether a gross gap can pass the threshold: False settles it, True needs `decide`."""
    return (bid - ask) * 100.0 > (threshold_pct - _ROUNDING_PCT) * ask


def is_absurd(ask: float, bid: float) -> bool:
    """Tell whether a gap is too wide to be one; exact arithmetic on it would not even be exact."""
    return bid > ask * ABSURD_RATIO


def decide(buy: Quote, sell: Quote, buyer: Venue, seller: Venue, threshold_pct: Decimal) -> Decision | None:
    """Decide exactly about buying at `buyer`'s ask and selling at `seller`'s bid.

    Args:
        buy: quote of the venue we buy at.
        sell: quote of the venue we sell at, in the same currency.
        buyer: its fee.
        seller: its fee.
        threshold_pct: R001's; equality is no signal.

    Returns:
        The figures if the gross percent, rounded to 4 places, is above the threshold and a profit is left
        after both fees; else None. A gap too wide to be one is none.
    """
    if is_absurd(buy.ask, sell.bid):
        return None
    ask, bid = Decimal(repr(buy.ask)), Decimal(repr(sell.bid))
    percent = ((bid - ask) / ask * _HUNDRED).quantize(_PERCENT_STEP, ROUND_HALF_EVEN)
    if percent <= threshold_pct:
        return None
    cost, proceeds = ask * buyer.buy_factor, bid * seller.sell_factor
    profit = proceeds - cost
    if profit <= 0:
        return None
    return Decision(ask, bid, cost, proceeds, profit, percent, _BPS * profit / cost)


def fill_of(buy: Quote, sell: Quote, buyer: Venue, seller: Venue) -> Fill:
    """Return how much of a route the books take while each further slice still leaves a profit.

    A rough figure for people, in floats: sizes are venues' own and gone within milliseconds.
    """
    has_depth = bool(buy.asks) and bool(sell.bids)
    asks = buy.asks or _top(buy.ask, buy.ask_size)
    bids = sell.bids or _top(sell.bid, sell.bid_size)
    if not (asks and bids):
        return Fill(0.0, 0.0, "size_unknown")
    size, profit = _merge(asks, bids, buyer.ask_factor, seller.bid_factor)
    return Fill(size, profit, "" if has_depth else "top_only")


def _top(price: float, size: float) -> list[Level]:
    return [(price, size)] if size > 0.0 else []


def _merge(asks: list[Level], bids: list[Level], ask_factor: float, bid_factor: float) -> tuple[float, float]:
    """Walk down both sides of two books until a slice does not pay (`quant.spreads.depth` in floats)."""
    buying, selling = iter(asks), iter(bids)
    ask, left = next(buying)
    bid, room = next(selling)
    size = profit = 0.0
    while (unit := bid * bid_factor - ask * ask_factor) > 0.0:
        step = min(left, room)
        size += step
        profit += step * unit
        left -= step
        room -= step
        if left <= 0.0:
            ask, left = next(buying, _NO_ASK)
        if room <= 0.0:
            bid, room = next(selling, _NO_BID)
    return size, profit
