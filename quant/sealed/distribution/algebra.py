"""Two ways to carry a generating function through the structure of a product.

Every random value has E[z^value]. Evaluated at the roots of unity it is the spectrum of the distribution
(`Spectrum`); evaluated at real z = e^t, as a logarithm, it bounds the tails (`Cumulants`).
"""

from collections.abc import Sequence
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
A = TypeVar("A")


class Algebra(Protocol[A]):
    """What can be done with generating functions of values in cents."""

    def constant(self, cents: int) -> A:
        """Give the function of a certain value."""
        ...

    def mixture(self, cents: IntArray, chances: FloatArray) -> A:
        """Give the function of one value drawn with the given chances, which sum to 1."""
        ...

    def subsets(self, cents: IntArray, highest: int) -> list[A]:
        """Give the functions of the sum of 0..highest values drawn evenly and not put back."""
        ...

    def product(self, parts: Sequence[A]) -> A:
        """Give the function of a sum of independent values."""
        ...

    def power(self, part: A, times: int) -> A:
        """Give the function of a sum of independent values of the same kind."""
        ...

    def blend(self, parts: Sequence[A], chances: Sequence[float]) -> A:
        """Give the function of a value that is one of the parts, with the given chances."""
        ...

    def subsets_of(self, parts: Sequence[A], highest: int) -> list[A]:
        """Give the functions of the sum of 0..highest of the parts drawn evenly and not put back."""
        ...


def split_to_grid(cents: IntArray, chances: FloatArray, grid: int) -> tuple[IntArray, FloatArray]:
    """Move every value to its two neighbours on the grid so that its mean stays where it is.

    Returns:
        Grid indices and their chances.
    """
    if grid == 1:
        return cents, chances
    lower, rest = np.divmod(cents, grid)
    share = rest / grid
    return np.concatenate((lower, lower + 1)), np.concatenate((chances * (1.0 - share), chances * share))


class Cumulants:
    """log E[e^(t value)] at real t: sums replace products and nothing overflows.

    Draws without putting back are replaced by draws with, which never lowers the function (Hoeffding 1963 for
    cards; Maclaurin's inequality for alternatives), so bounds taken from it hold.

    Args:
        t: where to evaluate, per cent.
        grid: the grid in cents on which values are split.
    """

    def __init__(self, t: FloatArray, grid: int) -> None:
        self._t = t
        self._grid = grid

    def constant(self, cents: int) -> FloatArray:
        """Give t times the value, split on the grid."""
        return self.mixture(np.asarray([cents], dtype=np.int64), np.ones(1))

    def mixture(self, cents: IntArray, chances: FloatArray) -> FloatArray:
        """Give the log of the mean of e^(t value)."""
        index, mass = split_to_grid(cents, chances, self._grid)
        kept = mass > 0
        return _log_sum(np.outer(index[kept] * self._grid, self._t) + np.log(mass[kept])[:, None])

    def subsets(self, cents: IntArray, highest: int) -> list[FloatArray]:
        """Give the functions with putting back, which are not smaller."""
        single = self.mixture(cents, np.full(len(cents), 1.0 / len(cents)))
        return [single * draws for draws in range(highest + 1)]

    def product(self, parts: Sequence[FloatArray]) -> FloatArray:
        """Add the logarithms."""
        return np.asarray(sum(parts, np.zeros_like(self._t)))

    def power(self, part: FloatArray, times: int) -> FloatArray:
        """Multiply the logarithm."""
        return part * times

    def blend(self, parts: Sequence[FloatArray], chances: Sequence[float]) -> FloatArray:
        """Mix before taking the logarithm."""
        return _log_sum(np.stack(parts) + np.log(np.asarray(chances))[:, None])

    def subsets_of(self, parts: Sequence[FloatArray], highest: int) -> list[FloatArray]:
        """Give the functions with putting back, which are not smaller."""
        single = self.blend(parts, [1.0 / len(parts)] * len(parts))
        return [single * draws for draws in range(highest + 1)]


def _log_sum(logs: FloatArray) -> FloatArray:
    highest = logs.max(axis=0)
    return np.asarray(highest + np.log(np.exp(logs - highest).sum(axis=0)))
