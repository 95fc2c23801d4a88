"""What buying at one venue and selling at another leaves after every cost (MATHS 2).

Exact Decimals; nothing is rounded here but quotients, to 50 digits. Whoever shows a figure rounds it.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

BPS: Final = Decimal(10_000)
"""Basis points in one."""
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class VenueTerms:
    """What trading at one venue costs us on top of its price.

    Args:
        fee_bps: of the price; negative for a rebate.
        slippage_bps: of the price, >= 0; by how much worse than quoted we expect to trade.
        fixed_fee: per order, >= 0, in the currency of the price.

    Raises:
        InvalidAmount: for figures that are not finite, out of bounds, or that leave nothing of a sale.
    """

    fee_bps: Decimal = _ZERO
    slippage_bps: Decimal = _ZERO
    fixed_fee: Decimal = _ZERO

    def __post_init__(self) -> None:
        fee, slippage = as_amount(self.fee_bps, name="fee_bps"), as_amount(self.slippage_bps, name="slippage")
        if slippage < 0 or as_amount(self.fixed_fee, name="fixed_fee") < 0:
            raise InvalidAmount((slippage, self.fixed_fee), "slippage and fixed fee must not be negative")
        if not -BPS < fee + slippage < BPS:
            raise InvalidAmount(fee + slippage, "fee and slippage must stay below the price itself")

    @property
    def buy_factor(self) -> Decimal:
        """What a unit costs per unit of its ask: 1 + (fee + slippage)/1e4."""
        return 1 + (self.fee_bps + self.slippage_bps) / BPS

    @property
    def sell_factor(self) -> Decimal:
        """What a unit brings per unit of its bid: 1 - (fee + slippage)/1e4."""
        return 1 - (self.fee_bps + self.slippage_bps) / BPS


@dataclass(frozen=True, slots=True)
class Cushions:
    """Safety margins on the ask, taken on every route (R000's FX_SPREAD_BPS and NETWORK_FEE_BPS).

    Raises:
        InvalidAmount: for negative or non-finite figures.
    """

    fx_bps: Decimal = _ZERO
    network_bps: Decimal = _ZERO

    def __post_init__(self) -> None:
        if as_amount(self.fx_bps, name="fx_bps") < 0 or as_amount(self.network_bps, name="network_bps") < 0:
            raise InvalidAmount((self.fx_bps, self.network_bps), "a cushion must not be negative")

    @property
    def rate(self) -> Decimal:
        """Both together, as a fraction of the ask."""
        return (self.fx_bps + self.network_bps) / BPS


NO_TERMS: Final = VenueTerms()
NO_CUSHIONS: Final = Cushions()


@dataclass(frozen=True, slots=True)
class NetSpread:
    """A gap after all costs. All amounts are in the currency of the prices and unrounded.

    Attributes:
        cost: of one unit: ask with the buying venue's fee and slippage.
        proceeds: of one unit: bid less the selling venue's fee and slippage.
        cushion: of one unit, on the ask.
        quantity: units that `gross_profit`, `profit` and `net_bps` are about.
        fixed: fees per order of both venues and of the route, once.
        gross_profit: quantity x (bid - ask).
        profit: quantity x (proceeds - cost - cushion) - fixed.
        gross_bps: 1e4 x (bid - ask)/ask.
        net_bps: 1e4 x profit/(quantity x (cost + cushion) + fixed).
    """

    cost: Decimal
    proceeds: Decimal
    cushion: Decimal
    gross_profit: Decimal
    profit: Decimal
    gross_bps: Decimal
    net_bps: Decimal
    fixed: Decimal
    quantity: Decimal

    @property
    def outlay(self) -> Decimal:
        """What the profit is measured against: quantity x (cost + cushion) + fixed."""
        with localcontext(MONEY_CONTEXT):
            return self.quantity * (self.cost + self.cushion) + self.fixed

    @property
    def unit_net(self) -> Decimal:
        """What one more unit adds: proceeds - cost - cushion."""
        with localcontext(MONEY_CONTEXT):
            return self.proceeds - self.cost - self.cushion

    def at(self, quantity: Decimal) -> "NetSpread":
        """Return the same gap for another quantity, > 0; fixed fees stay what they are.

        Raises:
            InvalidAmount: for any other quantity.
        """
        if as_amount(quantity, name="quantity") <= 0:
            raise InvalidAmount(quantity, "a quantity must be above 0")
        with localcontext(MONEY_CONTEXT):
            profit = quantity * self.unit_net - self.fixed
            return replace(
                self,
                gross_profit=quantity * self.gross_profit / self.quantity,
                profit=profit,
                net_bps=BPS * profit / (quantity * (self.cost + self.cushion) + self.fixed),
                quantity=quantity,
            )


def net_spread(
    ask: Decimal,
    bid: Decimal,
    buy: VenueTerms = NO_TERMS,
    sell: VenueTerms = NO_TERMS,
    cushions: Cushions = NO_CUSHIONS,
    *,
    fixed: Decimal = _ZERO,
) -> NetSpread:
    """Work out what buying one unit at `ask` and selling it at `bid` leaves; `at` gives other quantities.

    Args:
        ask: price we buy one unit at, > 0.
        bid: price we sell it at, > 0, in the same currency.
        buy: terms of the venue we buy at.
        sell: terms of the venue we sell at.
        cushions: safety margins on the ask.
        fixed: further costs that do not depend on the quantity, >= 0; the venues' fixed fees are added to it.

    Raises:
        InvalidAmount: for anything but finite Decimals within these bounds.
    """
    if as_amount(ask, name="ask") <= 0 or as_amount(bid, name="bid") <= 0:
        raise InvalidAmount((ask, bid), "prices must be above 0")
    if as_amount(fixed, name="fixed") < 0:
        raise InvalidAmount(fixed, "fixed costs must not be negative")
    with localcontext(MONEY_CONTEXT):
        cost, proceeds, cushion = ask * buy.buy_factor, bid * sell.sell_factor, ask * cushions.rate
        fees = fixed + buy.fixed_fee + sell.fixed_fee
        profit = proceeds - cost - cushion - fees
        return NetSpread(
            cost=cost,
            proceeds=proceeds,
            cushion=cushion,
            gross_profit=bid - ask,
            profit=profit,
            gross_bps=BPS * (bid - ask) / ask,
            net_bps=BPS * profit / (cost + cushion + fees),
            fixed=fees,
            quantity=Decimal(1),
        )


def is_executable(spread: NetSpread, threshold_bps: Decimal) -> bool:
    """Tell whether a gap pays: a profit above 0 and at least the threshold (inclusive, unrounded)."""
    with localcontext(MONEY_CONTEXT):
        return spread.profit > 0 and BPS * spread.profit >= threshold_bps * spread.outlay


def minimum_size(spread: NetSpread) -> Decimal | None:
    """Return the quantity at which the fixed fees are earned back; None if no quantity ever does.

    Fixed/unit_net, unrounded: at exactly this size the profit is 0.
    """
    if spread.unit_net <= 0:
        return None
    with localcontext(MONEY_CONTEXT):
        return spread.fixed / spread.unit_net
