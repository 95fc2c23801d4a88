"""The generating function at the roots of unity; its inverse Fourier transform is the distribution."""

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .algebra import FloatArray, IntArray, split_to_grid

ComplexArray: TypeAlias = NDArray[np.complex128]

MAX_AMPLIFICATION = 1e4
"""Newton's identities may amplify rounding this much (to 1e-12); beyond, the slower stable way is taken."""


class Spectrum:
    """Generating functions at the n-th roots of unity, of values on a circle of n grid points.

    Args:
        points: n, even; the values' range must fit into n grid steps, wherever it starts.
        grid: step in cents; values between two points are split so that their mean stays.
    """

    def __init__(self, points: int, grid: int) -> None:
        self._points = points
        self._grid = grid
        self._frequencies = points // 2 + 1

    def constant(self, cents: int) -> ComplexArray:
        """Give z^value."""
        return self.mixture(np.asarray([cents], dtype=np.int64), np.ones(1))

    def mixture(self, cents: IntArray, chances: FloatArray) -> ComplexArray:
        """Transform the distribution of one draw."""
        index, mass = split_to_grid(cents, chances, self._grid)
        return np.fft.rfft(np.bincount(index % self._points, weights=mass, minlength=self._points))

    def subsets(self, cents: IntArray, highest: int) -> list[ComplexArray]:
        """Give the elementary symmetric polynomials of z^value, each over its number of subsets."""
        size = len(cents)
        if highest == 1:
            return [self._one(), self.mixture(cents, np.full(size, 1.0 / size))]
        if newton_amplification(size, highest) <= MAX_AMPLIFICATION:
            return self._newton(cents, highest)
        return self._one_by_one((self.constant(int(value)) for value in cents), highest)

    def product(self, parts: Sequence[ComplexArray]) -> ComplexArray:
        """Multiply."""
        result = self._one()
        for part in parts:
            result = result * part
        return result

    def power(self, part: ComplexArray, times: int) -> ComplexArray:
        """Raise to a whole power by repeated squaring."""
        result: ComplexArray | None = None
        while times:
            if times & 1:
                result = part if result is None else result * part
            times >>= 1
            if times:
                part = part * part
        return self._one() if result is None else result

    def blend(self, parts: Sequence[ComplexArray], chances: Sequence[float]) -> ComplexArray:
        """Add with weights."""
        result = np.zeros(self._frequencies, dtype=np.complex128)
        for part, chance in zip(parts, chances, strict=True):
            result += part * chance
        return result

    def subsets_of(self, parts: Sequence[ComplexArray], highest: int) -> list[ComplexArray]:
        """Give the mean over all subsets of the product of the parts, for subsets of 0..highest."""
        return self._one_by_one(parts, highest)

    def _one_by_one(self, parts: Iterable[ComplexArray], highest: int) -> list[ComplexArray]:
        """Add one part at a time: with i parts seen, a subset of k holds the newest with chance k/i.

        Only averages are taken, so rounding errors do not grow.
        """
        means = np.zeros((highest + 1, self._frequencies), dtype=np.complex128)
        means[0] = 1.0
        for seen, part in enumerate(parts, start=1):
            top = min(seen, highest)
            held = np.arange(1, top + 1)[:, None] / seen
            means[1 : top + 1] = (1.0 - held) * means[1 : top + 1] + held * part * means[:top]
        return list(means)

    def probabilities(self, spectrum: ComplexArray) -> FloatArray:
        """Transform back; entry i is the chance of all values congruent to i modulo the number of points."""
        return np.fft.irfft(spectrum, self._points)

    def _one(self) -> ComplexArray:
        return np.ones(self._frequencies, dtype=np.complex128)

    def _newton(self, cents: IntArray, highest: int) -> list[ComplexArray]:
        """Use Newton's identities between power sums and elementary symmetric polynomials.

        The j-th power sum at frequency m is the first at frequency j m, so on the 1-cent grid one transform
        gives them all.
        """
        size = len(cents)
        sums = self._power_sums(cents, highest)
        means = [self._one()]
        for draws in range(1, highest + 1):
            total = np.zeros(self._frequencies, dtype=np.complex128)
            for order, factor in enumerate(_newton_factors(size, draws), start=1):
                total += (factor if order % 2 else -factor) * (means[draws - order] * sums[order - 1])
            means.append(total)
        return means

    def _power_sums(self, cents: IntArray, highest: int) -> list[ComplexArray]:
        if self._grid == 1:
            counts = np.bincount(cents % self._points, minlength=self._points).astype(np.float64)
            full = np.fft.fft(counts)
            frequency = np.arange(self._frequencies)
            return [full[(order * frequency) % self._points] for order in range(1, highest + 1)]
        values, counts_of = np.unique(cents, return_counts=True)
        sums = [np.zeros(self._frequencies, dtype=np.complex128) for _ in range(highest)]
        for value, count in zip(values, counts_of, strict=True):
            single = self.constant(int(value))
            raised = single * count
            for order in range(highest):
                sums[order] += raised
                raised = raised * single
        return sums


def _newton_factors(size: int, draws: int) -> list[float]:
    """C(size, draws - j) / C(size, draws) / draws for j = 1..draws."""
    factors = []
    ratio = 1.0 / draws
    for order in range(draws):
        ratio *= (draws - order) / (size - draws + order + 1)
        factors.append(ratio)
    return factors


def newton_amplification(size: int, highest: int) -> float:
    """Bound how much Newton's identities amplify rounding errors; infinity when hopeless."""
    bounds = [1.0]
    for draws in range(1, highest + 1):
        factors = _newton_factors(size, draws)
        bounds.append(size * math.fsum(f * bounds[draws - 1 - j] for j, f in enumerate(factors)))
        if bounds[-1] > MAX_AMPLIFICATION:
            return math.inf
    return max(bounds)
