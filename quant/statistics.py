"""Robust statistics of price series: one wild day must not decide anything."""

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median

from quant.money import InvalidAmount, as_amount

MAD_TO_SIGMA = 1.4826
MEAN_DEVIATION_TO_SIGMA = math.sqrt(math.pi / 2)
MAX_RETURNS = 30
OUTLIER_RATIO = Decimal(4)
LEVEL_WINDOW = 7
LEVEL_SHIFT_LIMIT = 0.25


def log_returns(prices: Sequence[Decimal]) -> list[float]:
    """Give the logarithms of day-to-day ratios; one fewer than there are prices.

    Args:
        prices: in order of time, one currency, each > 0.

    Raises:
        InvalidAmount: for a price that is not a positive finite Decimal.
    """
    logs = [math.log(float(_positive(price))) for price in prices]
    return [later - earlier for earlier, later in pairwise(logs)]


def mad_volatility(returns: Sequence[float]) -> float:
    """Estimate the standard deviation of returns so that a few outliers do not matter.

    1.4826 times the median absolute deviation about the median; where that is 0 (more than half the days
    agree), sqrt(pi/2) times the mean absolute deviation about the median. Both equal the standard deviation
    for normal returns. No returns give 0.
    """
    if not returns:
        return 0.0
    centre = median(returns)
    deviations = [abs(value - centre) for value in returns]
    spread = median(deviations)
    if spread > 0:
        return MAD_TO_SIGMA * spread
    return MEAN_DEVIATION_TO_SIGMA * fmean(deviations)


def level_shift(prices: Sequence[Decimal]) -> float | None:
    """Give |ln(last price / median of the last seven days)|; None without prices.

    A median deviation ignores a move on the last day; above LEVEL_SHIFT_LIMIT the price is unconfirmed.
    """
    if not prices:
        return None
    recent = [_positive(price) for price in prices[-LEVEL_WINDOW:]]
    return abs(math.log(float(recent[-1]) / float(median(recent))))


def is_price_unconfirmed(prices: Sequence[Decimal]) -> bool:
    """Say whether the last price left the level of its last seven days."""
    shift = level_shift(prices)
    return shift is not None and shift > LEVEL_SHIFT_LIMIT


def median_price(prices: Sequence[Decimal]) -> Decimal:
    """Give the median of one or more prices, for example of the same card over several sources.

    Raises:
        InvalidAmount: without prices, or for one that is not positive.
    """
    if not prices:
        raise InvalidAmount(None, "no prices to take a median of")
    return median([_positive(price) for price in prices])


def is_outlier(price: Decimal, *, reference: Decimal, ratio: Decimal = OUTLIER_RATIO) -> bool:
    """Say whether a price is more than `ratio` times above or below its reference (both > 0)."""
    checked, level = _positive(price), _positive(reference)
    return checked > level * ratio or checked * ratio < level


def _positive(price: Decimal) -> Decimal:
    if as_amount(price, name="price") <= 0:
        raise InvalidAmount(price, "price must be positive")
    return price
