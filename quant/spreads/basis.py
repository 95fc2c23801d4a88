"""Prices in one quote asset turned into another by a live rate: USDT is not USD, and never 1:1 (MATHS 2)."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

from .freshness import is_fresh
from .net import BPS


@dataclass(frozen=True, slots=True)
class Rate:
    """Live price of one unit of an asset in another, such as of USDT in USD.

    Args:
        bid: what selling one unit brings, > 0.
        ask: what buying one unit costs, >= bid.
        received_ms: when we received it, Unix milliseconds.

    Raises:
        InvalidAmount: for any other prices; a crossed book is no rate.
    """

    bid: Decimal
    ask: Decimal
    received_ms: int

    def __post_init__(self) -> None:
        if not 0 < as_amount(self.bid, name="bid") <= as_amount(self.ask, name="ask"):
            raise InvalidAmount((self.bid, self.ask), "needs 0 < bid <= ask")


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How far a rate is trusted: its age and skew in milliseconds, and a haircut on both sides in bps."""

    max_age_ms: int
    max_skew_ms: int
    haircut_bps: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not 0 <= as_amount(self.haircut_bps, name="haircut_bps") < BPS:
            raise InvalidAmount(self.haircut_bps, "a haircut is at least 0 and less than everything")


class Factors(NamedTuple):
    """What one unit of the foreign quote asset is worth in ours, by what we do with it.

    Attributes:
        sell: multiplies bids: what the proceeds are worth.
        buy: multiplies asks: what the purchase costs.
    """

    sell: Decimal
    buy: Decimal


def factors(rate: Rate | None, *, now_ms: int, limits: RateLimits) -> Factors | None:
    """Return what to multiply bids and asks by; None without a fresh rate: the route is then suppressed.

    Proceeds are sold at the rate's bid less the haircut, purchases are paid at its ask plus the haircut.
    """
    if rate is None:
        return None
    if not is_fresh(
        rate.received_ms, now_ms=now_ms, max_age_ms=limits.max_age_ms, max_skew_ms=limits.max_skew_ms
    ):
        return None
    with localcontext(MONEY_CONTEXT):
        haircut = limits.haircut_bps / BPS
        return Factors(rate.bid * (1 - haircut), rate.ask * (1 + haircut))


def convert(
    bid: Decimal, ask: Decimal, rate: Rate | None, *, now_ms: int, limits: RateLimits
) -> tuple[Decimal, Decimal] | None:
    """Return a foreign bid and ask in our quote asset, each at its worse side; None without a fresh rate."""
    found = factors(rate, now_ms=now_ms, limits=limits)
    if found is None:
        return None
    with localcontext(MONEY_CONTEXT):
        return as_amount(bid, name="bid") * found.sell, as_amount(ask, name="ask") * found.buy
