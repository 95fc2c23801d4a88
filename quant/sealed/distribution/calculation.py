"""Choose the window and the grid, transform, and hand back the distribution."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from quant.sealed.contents.model import CardKey, Contents
from quant.sealed.moments import MomentCalculator, Moments

from .algebra import Cumulants, FloatArray
from .generating import GeneratingFunction, certain_cents, work_per_point
from .result import Distribution
from .spectrum import Spectrum

MAX_POINTS = 1 << 18
"""Most grid points; a wider window gets a coarser grid, so memory and time stay bounded."""

OUTSIDE_MASS = 1e-9
"""Upper bound of the chance that lies outside the window, by Chernoff's inequality on either side."""

MAX_CENTS = 10**10
_MAX_WORK = 4 * 10**8
_MIN_POINTS = 1 << 10
_MARGIN = 2
_TILTS = np.geomspace(1e-4, 60.0, 40)


@dataclass(frozen=True, slots=True)
class _Window:
    """Where the part left to chance lies, in cents, both ends included."""

    low: int
    high: int


def value_distribution(
    contents: Contents, *, cents: Mapping[CardKey, int], grid_cents: int = 1
) -> Distribution:
    """Compute the distribution of the value of ONE sealed product.

    Exact on the 1-cent grid: draws without putting back, mixtures of configurations and nested products are
    composed as generating functions and transformed back once. On a coarser grid each value is split between
    its neighbours so that the mean stays. Where the window of all likely values has more than MAX_POINTS
    points, a coarser grid than asked for is taken; the result says which. Draws whose exact answer is out of
    reach are simulated with a fixed seed; the result's `standard_error` is then not 0.

    Args:
        contents: of the product; unresolved parts are worth nothing.
        cents: value of one copy by card, whole cents >= 0; a card that is missing is worth 0.
        grid_cents: the finest grid wanted, >= 1.

    Raises:
        ValueError: for a grid below 1, or a value that is not a whole number within 0..MAX_CENTS.
    """
    if grid_cents < 1:
        raise ValueError(f"a grid of {grid_cents} cents")
    _check_values(cents)
    moments = MomentCalculator(cents).of_contents(contents)
    offset = certain_cents(contents, cents)
    if not moments.variance:
        return Distribution.certain(round(moments.mean))
    grid, window = _choose_grid(contents, cents, moments, grid_cents)
    first = window.low // grid
    points = fast_even_length((window.high // grid) - first + 1 + _MARGIN)
    algebra = Spectrum(points, grid)
    circle = algebra.probabilities(GeneratingFunction(algebra, cents).of_chance(contents))
    probabilities = np.roll(circle, -(first % points))
    return Distribution.from_grid(
        start_cents=offset + first * grid,
        grid_cents=grid,
        probabilities=probabilities,
        moments=moments,
        outside_mass=OUTSIDE_MASS,
    )


def fast_even_length(least: int) -> int:
    """Give the smallest even number >= least with no prime factor above 5; such transforms are fast."""
    best = 1 << max(1, (least - 1).bit_length())
    fives = 1
    while fives < best:
        threes = fives
        while threes < best:
            twos = 2 * threes
            while twos < least:
                twos *= 2
            best = min(best, twos)
            threes *= 3
        fives *= 5
    return best


def _check_values(cents: Mapping[CardKey, object]) -> None:
    for card, value in cents.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_CENTS:
            raise ValueError(f"value of {card!r} must be whole cents within 0..{MAX_CENTS}, not {value!r}")


def _choose_grid(
    contents: Contents, cents: Mapping[CardKey, int], moments: Moments, wanted: int
) -> tuple[int, _Window]:
    most = max(_MIN_POINTS, min(MAX_POINTS, _MAX_WORK // work_per_point(contents)))
    grid = wanted
    window = _window(contents, cents, moments, grid)
    while (window.high - window.low) // grid + 1 + _MARGIN > most:
        grid = _coarser(grid, (window.high - window.low) / (most - _MARGIN - 1))
        window = _window(contents, cents, moments, grid)
    return grid, window


def _coarser(grid: int, least: float) -> int:
    """Give the next of 1, 2, 5, 10, 20, 50, … cents that is above the grid and at least `least`."""
    decade = 1
    while True:
        for lead in (1, 2, 5):
            if lead * decade > grid and lead * decade >= least:
                return lead * decade
        decade *= 10


def _window(contents: Contents, cents: Mapping[CardKey, int], moments: Moments, grid: int) -> _Window:
    """Bound both tails: P(X >= x) <= E[e^(tX)] e^(-tx), at the best of many t."""
    tilts: FloatArray = _TILTS / moments.standard_deviation
    slack = -math.log(OUTSIDE_MASS / 2)
    both = Cumulants(np.concatenate((tilts, -tilts)), grid)
    upper, lower = np.split(GeneratingFunction(both, cents).of_chance(contents), 2)
    high = math.ceil(float(np.min((upper + slack) / tilts)))
    low = math.floor(float(np.max(-(lower + slack) / tilts)))
    return _Window(low=max(low, 0), high=max(high, low))
