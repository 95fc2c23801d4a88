"""Whether stated chances come true: bins of forecasts, their Brier score and Wilson intervals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Final

Z_95: Final = Decimal("1.959963984540054")
"""The normal quantile of a two-sided 95 % interval."""

_FOUR_PLACES: Final = Decimal("0.0001")
_DIGITS: Final = 40


class InvalidForecast(ValueError):
    """A forecast is no probability, or more of them came true than were made."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """So many forecasts of one probability, and how many came true.

    Raises:
        InvalidForecast: if the probability is not within 0..1 or the counts contradict each other.
    """

    probability: Decimal
    count: int
    hits: int

    def __post_init__(self) -> None:
        if not (self.probability.is_finite() and 0 <= self.probability <= 1):
            raise InvalidForecast(f"{self.probability} is no probability")
        if not 0 <= self.hits <= self.count:
            raise InvalidForecast(f"{self.hits} of {self.count} cannot have come true")


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Forecasts within [low, high), of the last bin [low, high]. All shares are fractions to four places.

    Args:
        low, high: the bin.
        count: forecasts in it, at least one.
        expected: their mean probability.
        share: of them that came true.
        wilson_low, wilson_high: 95 % interval of the true share, rounded outwards.
    """

    low: Decimal
    high: Decimal
    count: int
    hits: int
    expected: Decimal
    share: Decimal
    wilson_low: Decimal
    wilson_high: Decimal


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins that hold forecasts, lowest first, and the Brier score of all of them; None without any."""

    bins: tuple[CalibrationBin, ...]
    brier: Decimal | None
    count: int
    hits: int


def wilson_interval(hits: int, count: int, *, z: Decimal = Z_95) -> tuple[Decimal, Decimal]:
    """Return Wilson's score interval of a share, within 0..1 and rounded outwards to four places.

    E. B. Wilson (1927). Unlike the textbook interval it stays sensible for few trials and shares near 0 or 1.

    Args:
        hits: how often it happened.
        count: trials, at least one.
        z: normal quantile.

    Raises:
        InvalidForecast: without trials, or with more hits than trials.
    """
    if not 0 <= hits <= count or count == 0:
        raise InvalidForecast(f"no interval for {hits} of {count}")
    with localcontext(prec=_DIGITS):
        share, square = Decimal(hits) / count, z * z
        scale = 1 + square / count
        middle = share + square / (2 * count)
        half = z * (share * (1 - share) / count + square / (4 * count * count)).sqrt()
        low, high = (middle - half) / scale, (middle + half) / scale
    # at the ends the formula gives 0 and 1 but for the last digit
    low = Decimal(0) if hits == 0 else max(low, Decimal(0))
    high = Decimal(1) if hits == count else min(high, Decimal(1))
    return (
        low.quantize(_FOUR_PLACES, rounding=ROUND_FLOOR),
        high.quantize(_FOUR_PLACES, rounding=ROUND_CEILING),
    )


def brier_score(forecasts: Iterable[Forecast]) -> Decimal | None:
    """Return the mean squared error of probability forecasts, half even to four places; None without any.

    0 is perfect; always saying one half gives 0.25.
    """
    total, count = Fraction(0), 0
    for forecast in forecasts:
        chance = Fraction(forecast.probability)
        missed = forecast.count - forecast.hits
        total += forecast.hits * (1 - chance) ** 2 + missed * chance**2
        count += forecast.count
    return None if count == 0 else _decimal(total / count)


def calibrate(forecasts: Iterable[Forecast], *, bins: int = 10) -> Calibration:
    """Sort forecasts into equal bins of 0..1 and say how many of each came true.

    Args:
        forecasts: in any order; equal probabilities may come several times.
        bins: how many, at least one. Empty ones are left out.

    Raises:
        ValueError: if `bins` is not positive.
    """
    if bins < 1:
        raise ValueError("at least one bin is needed")
    known = list(forecasts)
    sorted_in: dict[int, list[Forecast]] = {}
    for forecast in known:
        if forecast.count:
            place = min(int(Fraction(forecast.probability) * bins), bins - 1)
            sorted_in.setdefault(place, []).append(forecast)
    found = tuple(_bin(place, bins, sorted_in[place]) for place in sorted(sorted_in))
    return Calibration(
        bins=found,
        brier=brier_score(known),
        count=sum(part.count for part in found),
        hits=sum(part.hits for part in found),
    )


def _bin(place: int, bins: int, forecasts: list[Forecast]) -> CalibrationBin:
    count = sum(forecast.count for forecast in forecasts)
    hits = sum(forecast.hits for forecast in forecasts)
    mean = sum((Fraction(item.probability) * item.count for item in forecasts), Fraction(0)) / count
    low, high = wilson_interval(hits, count)
    return CalibrationBin(
        low=_decimal(Fraction(place, bins)),
        high=_decimal(Fraction(place + 1, bins)),
        count=count,
        hits=hits,
        expected=_decimal(mean),
        share=_decimal(Fraction(hits, count)),
        wilson_low=low,
        wilson_high=high,
    )


def _decimal(value: Fraction) -> Decimal:
    with localcontext(prec=_DIGITS):
        return (Decimal(value.numerator) / value.denominator).quantize(_FOUR_PLACES, rounding=ROUND_HALF_EVEN)
