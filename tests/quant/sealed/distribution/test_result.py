"""Questions asked of a distribution."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.sealed.distribution import Distribution, value_distribution
from quant.sealed.moments import Moments

from ...strategies import card_cents, contents


def dice():
    """A die from 101 to 106 cents."""
    moments = Moments(Fraction(207, 2), Fraction(35, 12))
    return Distribution.from_grid(
        start_cents=101, grid_cents=1, probabilities=np.full(6, 1 / 6), moments=moments, outside_mass=0.0
    )


@pytest.mark.parametrize(
    ("cents", "chance"),
    [(0, 1), (100, 1), (100.99, 1), (101, 5 / 6), (103, 0.5), (103.5, 0.5), (105, 1 / 6), (106, 0), (999, 0)],
)
def test_probability_above_is_strict(cents, chance):
    assert dice().probability_above(cents) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("p", "cents"), [(0, 101), (0.1, 101), (1 / 6, 101), (0.2, 102), (0.5, 103), (0.95, 106), (1, 106)]
)
def test_quantile_is_the_smallest_value_reached(p, cents):
    assert dice().quantile(p) == cents


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_quantile_outside_its_range_is_refused(p):
    with pytest.raises(ValueError, match="quantile"):
        dice().quantile(p)


def test_rounding_noise_below_zero_is_cleared():
    noisy = np.array([0.5, -1e-17, 0.5])

    found = Distribution.from_grid(
        start_cents=0,
        grid_cents=1,
        probabilities=noisy,
        moments=Moments(Fraction(1), Fraction(1)),
        outside_mass=0.0,
    )

    assert found.probabilities.tolist() == [0.5, 0.0, 0.5]


@given(contents=contents(), cents=card_cents, grid=st.sampled_from([1, 1, 5]), count=st.integers(1, 50))
def test_drawn_points_sum_to_one_in_rising_order(contents, cents, grid, count):
    found = value_distribution(contents, cents=cents, grid_cents=grid)

    points = found.points(count)

    assert 1 <= len(points) <= count
    assert sum(mass for _, mass in points) == pytest.approx(1)
    assert [value for value, _ in points] == sorted(value for value, _ in points)


def test_points_need_room():
    with pytest.raises(ValueError, match="points"):
        dice().points(0)


@given(contents=contents(), cents=card_cents, grid=st.sampled_from([1, 5]))
def test_quantiles_rise_and_chances_fall(contents, cents, grid):
    found = value_distribution(contents, cents=cents, grid_cents=grid)

    quantiles = [found.quantile(p / 20) for p in range(21)]
    chances = [found.probability_above(cents) for cents in range(-5, 400, 5)]

    assert quantiles == sorted(quantiles)
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


@given(contents=contents(), cents=card_cents)
def test_mean_and_deviation_are_those_of_the_probabilities(contents, cents):
    found = value_distribution(contents, cents=cents)

    mean = float(found.probabilities @ found.values)
    spread = float(found.probabilities @ (found.values - mean) ** 2) ** 0.5

    assert mean == pytest.approx(found.mean, abs=1e-5)
    assert spread == pytest.approx(found.standard_deviation, abs=1e-3)
