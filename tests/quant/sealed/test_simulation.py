"""Seeded draws: repeatable, and by the right law."""

import numpy as np
import pytest

from quant.sealed.contents import inclusion_probabilities
from quant.sealed.simulation import sampled_subsets


def test_same_arguments_give_the_same_draws():
    first, second = sampled_subsets((3, 1, 2), 2, trials=500), sampled_subsets((3, 1, 2), 2, trials=500)

    assert np.array_equal(first, second)
    assert not np.array_equal(first, sampled_subsets((3, 1, 2), 2, trials=500, seed=1))


def test_each_card_is_drawn_at_most_once_and_as_often_as_it_should():
    weights = (2, 1, 1, 8)

    subsets = sampled_subsets(weights, 2, trials=40_000)

    assert (np.sort(subsets, axis=1)[:, 0] != np.sort(subsets, axis=1)[:, 1]).all()
    shares = np.bincount(subsets.ravel(), minlength=4) / len(subsets)
    assert shares == pytest.approx(
        [float(chance) for chance in inclusion_probabilities(weights, 2)], abs=0.01
    )


def test_large_sheets_are_drawn_in_blocks():
    assert sampled_subsets((1,) * 50_000, 3, trials=100).shape == (100, 3)
