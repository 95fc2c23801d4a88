"""R001's signal, kept for its consumers: gross percent to 4 places, strictly above the threshold.

Every figure is worked out in Decimal from the venues' own texts and only then becomes a JSON number.
"""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final, TypedDict

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

SIGNAL_TYPE: Final = "ARBITRAGE_OPPORTUNITY"
SYNTHETIC_HALF_SPREAD: Final = Decimal("0.0001")
_PERCENT_STEP: Final = Decimal("0.0001")
_PROFIT_STEP: Final = Decimal("0.01")


class Signal(TypedDict):
    """Exactly R001's fields, in its order."""

    type: str
    action: str
    symbol: str
    spread_pct: float
    buy_price: float
    sell_price: float
    profit_estimate: float
    timestamp: int


def spread_pct(buy_price: Decimal, sell_price: Decimal) -> Decimal:
    """Return (sell - buy)/buy x 100, gross, rounded to 4 places (half even, as Python's `round`).

    Raises:
        InvalidAmount: unless both prices are finite Decimals above 0.
    """
    for price in (buy_price, sell_price):
        if as_amount(price, name="price") <= 0:
            raise InvalidAmount(price, "a price must be above 0")
    with localcontext(MONEY_CONTEXT):
        return ((sell_price - buy_price) / buy_price * 100).quantize(_PERCENT_STEP, ROUND_HALF_EVEN)


def is_signal(percent: Decimal, threshold_pct: Decimal) -> bool:
    """Tell whether R001 would signal: the rounded percent is strictly above the threshold."""
    return percent > threshold_pct


def signal_of(
    symbol: str,
    *,
    buy_exchange: str,
    sell_exchange: str,
    buy_price: Decimal,
    sell_price: Decimal,
    timestamp_ms: int,
) -> Signal:
    """Return R001's signal for a route, whether or not it passes a threshold.

    Args:
        symbol: the pair, such as `BTC/USDT`.
        buy_exchange: code of the exchange whose ask we take.
        sell_exchange: code of the exchange whose bid we take.
        buy_price: that ask, gross.
        sell_price: that bid, gross.
        timestamp_ms: Unix milliseconds.

    Raises:
        InvalidAmount: as `spread_pct`.
    """
    percent = spread_pct(buy_price, sell_price)
    with localcontext(MONEY_CONTEXT):
        profit = (sell_price - buy_price).quantize(_PROFIT_STEP, ROUND_HALF_EVEN)
    return {
        "type": SIGNAL_TYPE,
        "action": f"BUY_{buy_exchange.upper()}_SELL_{sell_exchange.upper()}",
        "symbol": symbol,
        "spread_pct": float(percent),
        "buy_price": float(buy_price),
        "sell_price": float(sell_price),
        "profit_estimate": float(profit),
        "timestamp": timestamp_ms,
    }


def around_last(price: Decimal) -> tuple[Decimal, Decimal]:
    """Return R001's stand-in for a missing book: bid and ask 1 bp below and above the last trade.

    It invents liquidity: whoever shows it labels it, and nothing is ever executed on it.

    Raises:
        InvalidAmount: unless the price is a finite Decimal above 0.
    """
    if as_amount(price, name="price") <= 0:
        raise InvalidAmount(price, "a price must be above 0")
    with localcontext(MONEY_CONTEXT):
        half = price * SYNTHETIC_HALF_SPREAD
        return price - half, price + half
