"""A distribution of values on an even grid of cents, with the questions one asks of it."""

from dataclasses import dataclass, field

import numpy as np

from quant.sealed.moments import Moments

from .algebra import FloatArray

_ROUND_OFF = 1e-12
_DRAWN_TAIL = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Probabilities of values `start_cents + i * step_cents`.

    On the 1-cent grid `quantile` and `probability_above` are exact; on a coarser one they interpolate between
    its points.

    Args:
        grid_cents: the grid that was used, which may be coarser than the one asked for.
        start_cents: value of the first entry.
        step_cents: from entry to entry. On a coarse grid a little less than it: splitting values between
            neighbours widens the distribution, and the steps are shrunk about the mean to undo that.
        probabilities: >= 0, summing to 1; do not change.
        mean: exact, in cents (not of the grid).
        standard_deviation: exact, in cents (not of the grid).
        standard_error: of the mean of the probabilities, in cents; 0 when nothing had to be simulated.
        outside_mass: upper bound of the chance of values outside the grid.
    """

    grid_cents: int
    start_cents: float
    step_cents: float
    probabilities: FloatArray
    mean: float
    standard_deviation: float
    standard_error: float
    outside_mass: float
    _cumulative: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        cumulative = np.cumsum(self.probabilities)
        if self.grid_cents > 1:
            cumulative = cumulative - self.probabilities / 2
        object.__setattr__(self, "_cumulative", cumulative)

    @classmethod
    def certain(cls, cents: int) -> "Distribution":
        """Make the distribution of a value without chance; its one point needs no grid."""
        return cls(1, cents, 1, np.ones(1), float(cents), 0.0, 0.0, 0.0)

    @classmethod
    def from_grid(
        cls,
        *,
        start_cents: int,
        grid_cents: int,
        probabilities: FloatArray,
        moments: Moments,
        outside_mass: float,
    ) -> "Distribution":
        """Clear rounding noise (entries below 0) and attach the exact moments."""
        cleaned = np.clip(probabilities, 0.0, None)
        cleaned /= cleaned.sum()
        mean, deviation = float(moments.mean), moments.standard_deviation
        shrink = 1.0
        if grid_cents > 1:
            away = start_cents + grid_cents * np.arange(len(cleaned)) - mean
            shrink = deviation / float(np.sqrt(cleaned @ away**2))
        return cls(
            grid_cents=grid_cents,
            start_cents=start_cents if grid_cents == 1 else mean + (start_cents - mean) * shrink,
            step_cents=grid_cents * shrink,
            probabilities=cleaned,
            mean=mean,
            standard_deviation=deviation,
            standard_error=moments.error,
            outside_mass=outside_mass,
        )

    @property
    def values(self) -> FloatArray:
        """The value of each entry, in cents."""
        return self.start_cents + self.step_cents * np.arange(len(self.probabilities), dtype=np.float64)

    def probability_above(self, cents: float) -> float:
        """Give the chance that the value is strictly above an amount in cents."""
        position = (cents - self.start_cents) / self.step_cents
        if self.grid_cents > 1:
            # Values are whole cents: the border between "not above" and "above" lies half a cent higher.
            position += 0.5 / self.step_cents
            below = np.interp(
                position, np.arange(len(self._cumulative)), self._cumulative, left=0.0, right=1.0
            )
            return min(max(1.0 - float(below), 0.0), 1.0)
        index = int(np.floor(position))
        if index < 0:
            return 1.0
        if index >= len(self._cumulative) - 1:
            return 0.0
        return min(max(1.0 - float(self._cumulative[index]), 0.0), 1.0)

    def quantile(self, p: float) -> int:
        """Give the smallest value in cents that is not exceeded with chance p.

        Raises:
            ValueError: if p is not within 0..1.
        """
        if not 0 <= p <= 1:
            raise ValueError(f"a quantile of {p}")
        if self.grid_cents > 1:
            return round(float(np.interp(p, self._cumulative, self.values)))
        index = int(np.searchsorted(self._cumulative, p - _ROUND_OFF))
        return round(self.start_cents) + min(index, len(self._cumulative) - 1)

    def points(self, max_points: int = 200) -> list[tuple[int, float]]:
        """Give bins for a drawing: (middle of the bin in cents, its probability), in order, summing to 1.

        Bins are equally wide and span all but the outermost thousandth on either side, which is added to the
        outer bins.

        Raises:
            ValueError: if `max_points` is below 1.
        """
        if max_points < 1:
            raise ValueError(f"{max_points} points")
        total = np.cumsum(self.probabilities)
        last = len(total) - 1
        first = min(int(np.searchsorted(total, _DRAWN_TAIL)), last)
        final = max(min(int(np.searchsorted(total, 1.0 - _DRAWN_TAIL)), last), first)
        width = -(-(final - first + 1) // max_points)
        bins = (np.clip(np.arange(len(total)), first, final) - first) // width
        masses = np.bincount(bins, weights=self.probabilities)
        middle = self.start_cents + self.step_cents * (first + (width - 1) / 2)
        return [
            (round(middle + position * width * self.step_cents), float(mass))
            for position, mass in enumerate(masses)
        ]
