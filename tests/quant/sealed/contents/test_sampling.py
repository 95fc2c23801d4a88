"""Drawing without putting back: worked values, oracles, and the integral for hopeless sheets."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quant.sealed.contents import SheetDraw, inclusion_probabilities
from quant.sealed.contents.sampling import _integrated_inclusion, class_counts, is_enumerable, weight_classes

from ..brute_force import mean_copies
from .test_expectation import pack_of

weights_and_draws = st.lists(st.integers(1, 9), min_size=1, max_size=5).flatmap(
    lambda weights: st.tuples(st.just(tuple(weights)), st.integers(1, len(weights)))
)


def test_two_draws_of_weights_two_one_one():
    assert inclusion_probabilities((2, 1, 1), 2) == (Fraction(5, 6), Fraction(7, 12), Fraction(7, 12))


def test_equal_weights_give_draws_over_cards():
    assert inclusion_probabilities((7,) * 101, 9) == (Fraction(9, 101),) * 101


@given(case=weights_and_draws)
def test_inclusion_equals_enumeration(case):
    weights, draws = case
    sheet = SheetDraw("s", tuple(range(len(weights))), weights, draws)

    expected = mean_copies(pack_of(sheet))

    assert inclusion_probabilities(weights, draws) == tuple(expected[card] for card in sheet.cards)


@given(case=weights_and_draws)
def test_integral_agrees_with_enumeration(case):
    weights, draws = case
    classes = weight_classes(weights)
    exact = dict(zip(weights, inclusion_probabilities(weights, draws), strict=True))

    integrated = _integrated_inclusion(classes, draws)

    for (weight, _), chance in zip(classes, integrated, strict=True):
        assert float(chance) == pytest.approx(float(exact[weight]), abs=1e-12)


def test_sheet_of_many_weights_is_integrated_and_still_sums_to_its_draws():
    weights = tuple(1 + number * number for number in range(60))
    assert not is_enumerable(weight_classes(weights), 8)

    chances = inclusion_probabilities(weights, 8)

    assert float(sum(chances)) == pytest.approx(8, abs=1e-9)
    assert list(chances) == sorted(chances)
    assert chances[-1] < 1


def test_class_counts_of_equal_cards_are_hypergeometric():
    """Two classes of nearly equal weight approach the hypergeometric distribution."""
    outcomes = dict(class_counts(((10**9, 12), (10**9 + 1, 8)), 6))

    for heavy in range(7):
        wanted = stats.hypergeom(20, 8, 6).pmf(heavy)
        assert float(outcomes[(6 - heavy, heavy)]) == pytest.approx(wanted, abs=1e-8)
        assert wanted == pytest.approx(comb(8, heavy) * comb(12, 6 - heavy) / comb(20, 6))


@given(case=weights_and_draws)
def test_class_counts_are_a_distribution(case):
    weights, draws = case

    outcomes = class_counts(weight_classes(weights), draws)

    assert sum(chance for _, chance in outcomes) == 1
    assert all(sum(counts) == draws for counts, _ in outcomes)


def test_more_draws_than_cards_is_an_error():
    with pytest.raises(ValueError, match="more draws"):
        class_counts(((1, 2),), 3)


def test_real_sheet_of_six_weights_is_enumerated():
    """The widest spread of weights in print: 41 commons of six weights, six draws."""
    classes = ((1, 1), (2, 2), (3, 5), (4, 25), (5, 7), (11, 1))

    assert is_enumerable(classes, 6)
    assert sum(chance for _, chance in class_counts(classes, 6)) == 1
