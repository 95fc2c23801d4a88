"""Ways around several assets that end with more than they began: triangular arbitrage (MATHS 2).

Bellman-Ford over -ln(rate x (1 - fee)) finds candidates in floats; whether one pays is decided by the exact
product. A way out and back whose product is exactly 1 is never reported.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import log
from typing import Final

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

from .net import BPS

_NOISE: Final = 1e-12
"""Less than this is rounding of logarithms, not a shorter way."""


@dataclass(frozen=True, slots=True)
class Step:
    """One conversion: give an asset, get another.

    Args:
        give: asset we hand in.
        get: asset we receive, a different one.
        rate: units received for one handed in, before fees, > 0: a bid, or 1/ask.
        fee_bps: taken from what is received, below 1e4; negative for a rebate.
        venue: code of where.

    Raises:
        InvalidAmount: for a rate or fee out of bounds, or an asset given for itself.
    """

    give: str
    get: str
    rate: Decimal | Fraction
    fee_bps: Decimal = Decimal(0)
    venue: str = ""

    def __post_init__(self) -> None:
        rate = self.rate if isinstance(self.rate, Fraction) else as_amount(self.rate, name="rate")
        if rate <= 0 or not -BPS < as_amount(self.fee_bps, name="fee_bps") < BPS:
            raise InvalidAmount((self.rate, self.fee_bps), "needs a rate above 0 and a fee below the amount")
        if self.give == self.get:
            raise InvalidAmount(self.give, "cannot be given for itself")

    @property
    def yields(self) -> Fraction:
        """Units received for one handed in after the fee, exactly."""
        return Fraction(self.rate) * (1 - Fraction(self.fee_bps) / 10_000)


def bought_at(ask: Decimal) -> Fraction:
    """Return the rate of buying at an ask, exactly: 1/ask.

    Raises:
        InvalidAmount: unless it is a finite Decimal above 0.
    """
    if as_amount(ask, name="ask") <= 0:
        raise InvalidAmount(ask, "a price must be above 0")
    return 1 / Fraction(ask)


@dataclass(frozen=True, slots=True)
class Cycle:
    """Conversions that lead back to where they began, each asset once.

    Attributes:
        steps: in order, beginning with the asset that sorts first.
        product: units at the end for one at the start, exactly.
    """

    steps: tuple[Step, ...]
    product: Fraction

    @property
    def gain_bps(self) -> Decimal:
        """1e4 x (product - 1), to 50 digits."""
        with localcontext(MONEY_CONTEXT):
            gain = (self.product - 1) * 10_000
            return Decimal(gain.numerator) / Decimal(gain.denominator)


def find_cycle(steps: Iterable[Step], *, min_gain_bps: Decimal = Decimal(0)) -> Cycle | None:
    """Return a cycle whose exact product exceeds 1 by more than a gain, or None.

    If any cycle pays more than rounding noise, one is found; it need not be the best of several, so that a
    small one may hide another that gains more than is asked for. O(assets x steps).

    Args:
        steps: conversions on offer; of several for one pair only the best counts.
        min_gain_bps: to be exceeded strictly.
    """
    offers = _best_offers(steps)
    floor = 1 + Fraction(min_gain_bps) / 10_000
    cycles = (_cycle(found) for found in _candidates(offers))
    paying = [cycle for cycle in cycles if cycle.product > floor]
    return max(paying, key=lambda cycle: cycle.product, default=None)


def _best_offers(steps: Iterable[Step]) -> list[Step]:
    best: dict[tuple[str, str], Step] = {}
    for step in steps:
        known = best.get((step.give, step.get))
        if known is None or step.yields > known.yields:
            best[step.give, step.get] = step
    return [best[pair] for pair in sorted(best)]


def _candidates(offers: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield cycles of the predecessor graph after as many passes as there are assets.

    All distances start at 0, which is a virtual source with a free way to every asset.
    """
    assets = sorted({asset for step in offers for asset in (step.give, step.get)})
    weights = [-log(step.yields) for step in offers]
    distance = dict.fromkeys(assets, 0.0)
    arrived: dict[str, Step] = {}
    for _ in assets:
        has_moved = False
        for step, weight in zip(offers, weights, strict=True):
            through = distance[step.give] + weight
            if through < distance[step.get] - _NOISE:
                distance[step.get] = through
                arrived[step.get] = step
                has_moved = True
        if not has_moved:
            return
    yield from _loops(arrived)


def _loops(arrived: dict[str, Step]) -> Iterator[list[Step]]:
    """Follow each asset back to where it came from; every loop met is yielded once."""
    seen: set[str] = set()
    for start in arrived:
        trail: list[str] = []
        asset = start
        while asset in arrived and asset not in seen:
            seen.add(asset)
            trail.append(asset)
            asset = arrived[asset].give
        if asset in trail:
            yield [arrived[name] for name in reversed(trail[trail.index(asset) :])]


def _cycle(steps: Sequence[Step]) -> Cycle:
    first = min(range(len(steps)), key=lambda position: steps[position].give)
    product = Fraction(1)
    for step in steps:
        product *= step.yields
    return Cycle((*steps[first:], *steps[:first]), product)
