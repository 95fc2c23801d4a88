"""How the singles of a product moved together: a chained index over its most valuable cards."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pricing.selectors import DailyMedian
from quant.sealed.valuation import ValuedLine

BASKET_LINES = 30
"""The most valuable cards stand for all: in the boxes looked at they carry well over half of the value."""

Series = Mapping[tuple[int, str], Mapping[date, Decimal]]
"""(product key, finish of the price) -> day -> price."""


def basket_cards(lines: Iterable[ValuedLine]) -> list[ValuedLine]:
    """Return the lines of the basket: priced, most valuable first, at most `BASKET_LINES`."""
    priced = [line for line in lines if line.price is not None and line.gross_value > 0]
    return sorted(priced, key=lambda line: -line.gross_value)[:BASKET_LINES]


def basket_series(weights: Mapping[tuple[int, str], Decimal], series: Series) -> list[Decimal]:
    """Return the basket as an index that starts at 100.

    Each step is the ratio of the value of the cards that have a price on both days, so that a card which
    appears or disappears does not look like a move. Days without a common card are skipped.

    Args:
        weights: expected copies by the series' key.
        series: daily median prices of the cards.
    """
    days = sorted({day for key in weights for day in series.get(key, {})})
    index: list[Decimal] = []
    previous: date | None = None
    for day in days:
        if previous is None:
            index.append(Decimal(100))
            previous = day
            continue
        before, after = _common_values(weights, series, previous, day)
        if before > 0 and after > 0:
            index.append(index[-1] * after / before)
            previous = day
    return index


def _common_values(
    weights: Mapping[tuple[int, str], Decimal], series: Series, first: date, second: date
) -> tuple[Decimal, Decimal]:
    before = after = Decimal(0)
    for key, copies in weights.items():
        prices = series.get(key, {})
        if first in prices and second in prices:
            before += copies * prices[first]
            after += copies * prices[second]
    return before, after


def by_day(
    daily: Mapping[tuple[int, str], Iterable[DailyMedian]],
) -> dict[tuple[int, str], dict[date, Decimal]]:
    """Turn pricing's lists of daily medians into mappings by day."""
    return {key: {point.day: point.price for point in points} for key, points in daily.items()}
