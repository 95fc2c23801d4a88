"""How the invented prices move: mean-reverting walks that depend on the date alone.

The walk of a date is the same whatever window it is asked in: a market can be brought up to a later day, and
its past does not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from .market import Card, Listing, Market, Trap

Matrix = NDArray[np.float64]

PERSISTENCE = 0.93  # of a day's shock, what is left the next day
MEMORY_DAYS = 64
LEAD_IN_DAYS = 30  # for the thirty-day averages of the first guide
TRAP_DAYS = 4  # longer than a price may be old, so that no honest price is left to fall back on
GAP_SHARE = 0.01
LEAST_TREND = 0.02


@dataclass(frozen=True, slots=True)
class Prices:
    """Trends and noise of every article: one row per day from `days[0]`, columns cards first, then listings.

    `trend` has `LEAD_IN_DAYS` rows more in front; `noise` is standard normal; `missing` marks gaps.
    """

    days: tuple[date, ...]
    trend: Matrix
    noise: Matrix
    missing: NDArray[np.bool_]

    def average(self, window: int) -> Matrix:
        """Return the trailing mean of the trend over `window` days, one row per day of `days`."""
        sums = np.cumsum(np.vstack([np.zeros((1, self.trend.shape[1])), self.trend]), axis=0)
        ends = np.arange(LEAD_IN_DAYS + 1, LEAD_IN_DAYS + 1 + len(self.days))
        averages: Matrix = (sums[ends] - sums[ends - window]) / window
        return averages

    @property
    def today(self) -> Matrix:
        """Return the trend without the lead-in, one row per day of `days`."""
        return self.trend[LEAD_IN_DAYS:]


def walk_prices(market: Market, *, first: date, last: date) -> Prices:
    """Walk every price of the market from `first` to `last`, both included.

    Raises:
        ValueError: when `last` lies before `first`.
    """
    if last < first:
        raise ValueError(f"the last day {last} lies before the first {first}")
    days = tuple(first + timedelta(days=offset) for offset in range((last - first).days + 1))
    articles: Sequence[Card | Listing] = [*market.cards, *market.listings]
    base = np.array([article.price for article in articles])
    volatility = np.array([article.behaviour.volatility for article in articles])

    width = len(articles)
    start = first.toordinal() - LEAD_IN_DAYS - MEMORY_DAYS + 1
    shocks = np.empty((last.toordinal() - start + 1, width))
    noise = np.empty((len(days), width))
    missing = np.zeros((len(days), width), dtype=bool)
    for row in range(len(shocks)):
        chance = np.random.default_rng([market.seed, start + row])
        shocks[row] = chance.standard_normal(width)
        day = row - LEAD_IN_DAYS - MEMORY_DAYS + 1
        if day >= 0:
            noise[day] = chance.standard_normal(width)
            missing[day] = chance.random(width) < GAP_SHARE

    weights = PERSISTENCE ** np.arange(MEMORY_DAYS)[::-1]
    windows = np.lib.stride_tricks.sliding_window_view(shocks, MEMORY_DAYS, axis=0)
    deviation = (windows @ weights) * volatility
    trend = np.maximum(np.round(base * np.exp(deviation), 2), LEAST_TREND)
    return Prices(days=days, trend=trend, noise=noise, missing=missing)


def trapped(trend: float, trap: Trap) -> tuple[float | None, float | None, float | None]:
    """Return the wrong (low, trend, average) that a trap shows where the honest trend is `trend`."""
    wrong: dict[Trap, tuple[float | None, float | None, float | None]] = {
        Trap.PENNY_TREND: (trend, 0.02, None),
        Trap.ZERO_TREND: (trend, 0, None),
        Trap.PARKED_LOW: (trend * 12, trend, trend),
        Trap.NO_OFFERS: (None, trend * 0.35, None),
        Trap.HALF_PRICE_NAME: (trend, trend * 0.2, trend),
        Trap.SKY_HIGH: (trend, trend * 9, trend),
    }
    return wrong[trap]
