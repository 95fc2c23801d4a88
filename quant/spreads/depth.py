"""How much of a gap two order books can carry: take the best slices while each still pays (MATHS 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

from .net import BPS, NO_CUSHIONS, NO_TERMS, Cushions, VenueTerms

_ZERO = Decimal(0)


class Slice(NamedTuple):
    """A part of the quantity that trades at one price on each side (quoted, before fees)."""

    ask: Decimal
    bid: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True)
class DepthFill:
    """What merging two books yields; all amounts unrounded, in the currency of the prices.

    Attributes:
        size: units to trade; 0 if it does not pay.
        cost: of all units, with the buying venue's fee and slippage.
        proceeds: of all units, less the selling venue's fee and slippage.
        cushion: on all asks paid.
        fixed: fees per order of both venues; 0 if nothing is traded.
        profit: proceeds - cost - cushion - fixed.
        levels: what is taken, best first.
    """

    size: Decimal = _ZERO
    cost: Decimal = _ZERO
    proceeds: Decimal = _ZERO
    cushion: Decimal = _ZERO
    fixed: Decimal = _ZERO
    profit: Decimal = _ZERO
    levels: tuple[Slice, ...] = ()


NOTHING = DepthFill()


def merge(  # noqa: PLR0913 - two books, their terms and how far to go
    asks: Sequence[tuple[Decimal, Decimal]],
    bids: Sequence[tuple[Decimal, Decimal]],
    buy_terms: VenueTerms = NO_TERMS,
    sell_terms: VenueTerms = NO_TERMS,
    cushions: Cushions = NO_CUSHIONS,
    threshold_bps: Decimal = _ZERO,
    cap: Decimal | None = None,
) -> DepthFill:
    """Buy from one book and sell into the other while the next slice earns more than 0 and the threshold.

    The greedy result is the optimum of the linear program that maximises what is earned above the threshold.
    Linear in the levels once they are sorted.

    Args:
        asks: (price, size) of the venue we buy at, in any order; empty sizes do not count.
        bids: (price, size) of the venue we sell at.
        buy_terms: of the venue we buy at.
        sell_terms: of the venue we sell at.
        cushions: safety margins on the asks.
        threshold_bps: least net of each slice and, fixed fees included, of the whole; inclusive, unrounded.
        cap: most units to trade, such as a balance or MAX_CARDS_PER_TRADE; None for no limit, 0 for nothing.

    Raises:
        InvalidAmount: for prices that are not above 0 or sizes below 0, or anything but finite Decimals.
    """
    if cap is not None and as_amount(cap, name="cap") < 0:
        raise InvalidAmount(cap, "a cap must not be negative")
    sellers, buyers = sorted(_checked(asks)), sorted(_checked(bids), reverse=True)
    with localcontext(MONEY_CONTEXT):
        pays = _Test(buy_terms, sell_terms, cushions, threshold_bps)
        slices = _slices(sellers, buyers, pays, cap)
        return _added_up(slices, pays, fixed=buy_terms.fixed_fee + sell_terms.fixed_fee)


class _Test:
    """Factors of one route, worked out once."""

    __slots__ = ("ask_factor", "buy", "cushion", "sell", "threshold")

    def __init__(self, buy: VenueTerms, sell: VenueTerms, cushions: Cushions, threshold_bps: Decimal) -> None:
        self.buy, self.sell, self.cushion = buy.buy_factor, sell.sell_factor, cushions.rate
        self.ask_factor = self.buy + self.cushion
        self.threshold = threshold_bps

    def passes(self, profit: Decimal, outlay: Decimal) -> bool:
        return profit > 0 and BPS * profit >= self.threshold * outlay


def _checked(levels: Sequence[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    for price, size in levels:
        if as_amount(price, name="price") <= 0 or as_amount(size, name="size") < 0:
            raise InvalidAmount((price, size), "a level needs a price above 0 and a size of at least 0")
    return [(price, size) for price, size in levels if size > 0]


def _slices(
    asks: list[tuple[Decimal, Decimal]],
    bids: list[tuple[Decimal, Decimal]],
    pays: _Test,
    cap: Decimal | None,
) -> list[Slice]:
    slices: list[Slice] = []
    left = cap
    ask_at = bid_at = 0
    asked = bidden = _ZERO  # taken of the current levels
    while ask_at < len(asks) and bid_at < len(bids) and (left is None or left > 0):
        (ask, ask_size), (bid, bid_size) = asks[ask_at], bids[bid_at]
        outlay = ask * pays.ask_factor
        if not pays.passes(bid * pays.sell - outlay, outlay):
            break
        room = min(ask_size - asked, bid_size - bidden)
        size = room if left is None else min(room, left)
        slices.append(Slice(ask, bid, size))
        asked, bidden = asked + size, bidden + size
        left = None if left is None else left - size
        if asked == ask_size:
            ask_at, asked = ask_at + 1, _ZERO
        if bidden == bid_size:
            bid_at, bidden = bid_at + 1, _ZERO
    return slices


def _added_up(slices: list[Slice], pays: _Test, *, fixed: Decimal) -> DepthFill:
    paid = sum((slice_.ask * slice_.size for slice_ in slices), _ZERO)
    earned = sum((slice_.bid * slice_.size for slice_ in slices), _ZERO)
    fill = DepthFill(
        size=sum((slice_.size for slice_ in slices), _ZERO),
        cost=paid * pays.buy,
        proceeds=earned * pays.sell,
        cushion=paid * pays.cushion,
        fixed=fixed,
        profit=earned * pays.sell - paid * pays.ask_factor - fixed,
        levels=tuple(slices),
    )
    return fill if pays.passes(fill.profit, fill.cost + fill.cushion + fixed) else NOTHING
