"""The two ways to sum draws that are not put back, and the tail bound's algebra."""

import itertools
import math

import numpy as np
import pytest

from quant.sealed.distribution.algebra import Cumulants, split_to_grid
from quant.sealed.distribution.spectrum import MAX_AMPLIFICATION, Spectrum, newton_amplification

CENTS = np.array([0, 3, 3, 7, 11, 20], dtype=np.int64)


def averages(grid):
    """Mean of z^(sum of a subset) over all subsets, by enumeration."""
    spectrum = Spectrum(128, grid)
    singles = [spectrum.constant(int(value)) for value in CENTS]
    return spectrum, [
        np.mean([spectrum.product(list(part)) for part in itertools.combinations(singles, size)], axis=0)
        for size in range(len(CENTS) + 1)
    ]


@pytest.mark.parametrize("grid", [1, 5])
def test_newton_and_one_by_one_equal_enumeration(grid):
    spectrum, wanted = averages(grid)

    quick = spectrum._newton(CENTS, 3)
    stable = spectrum.subsets_of([spectrum.constant(int(value)) for value in CENTS], len(CENTS))

    for size in range(4):
        assert quick[size] == pytest.approx(wanted[size], abs=1e-12)
    for size, mean in enumerate(stable):
        assert mean == pytest.approx(wanted[size], abs=1e-12)


@pytest.mark.parametrize("draws", [1, 3, 6])
def test_subsets_choose_a_way_that_is_right(draws):
    spectrum, wanted = averages(1)

    for mean, expected in zip(spectrum.subsets(CENTS, draws), wanted, strict=False):
        assert mean == pytest.approx(expected, abs=1e-12)


def test_amplification_is_small_for_real_sheets_and_hopeless_for_whole_ones():
    assert newton_amplification(101, 10) < 3
    assert newton_amplification(15, 15) == math.inf
    assert newton_amplification(20, 10) <= MAX_AMPLIFICATION


def test_power_is_repeated_multiplication():
    spectrum = Spectrum(64, 1)
    part = spectrum.mixture(CENTS, np.full(6, 1 / 6))

    assert spectrum.power(part, 5) == pytest.approx(part**5)
    assert spectrum.power(part, 0) == pytest.approx(np.ones(33))


def test_splitting_keeps_the_mean_of_every_value():
    index, mass = split_to_grid(np.array([0, 12, 25, 49], dtype=np.int64), np.full(4, 0.25), 25)

    assert float(index @ mass) * 25 == pytest.approx(86 / 4)
    assert mass.sum() == pytest.approx(1)


def test_cumulants_of_draws_not_put_back_are_bounded_from_above():
    tilts = np.array([-0.3, -0.01, 0.01, 0.2, 1.0])
    cumulants = Cumulants(tilts, 1)
    draws = 3
    sums = [sum(part) for part in itertools.combinations(CENTS.tolist(), draws)]

    exact = np.log(np.mean(np.exp(np.outer(sums, tilts)), axis=0))

    assert (cumulants.subsets(CENTS, draws)[draws] >= exact - 1e-12).all()
    parts = [cumulants.constant(int(value)) for value in CENTS]
    assert (cumulants.subsets_of(parts, draws)[draws] >= exact - 1e-12).all()
