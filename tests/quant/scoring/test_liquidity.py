"""What a thin market takes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quant.money import InvalidAmount
from quant.scoring.liquidity import binomial_chances, expected_ladder_value, ladder_value, sellable_copies

from ..strategies import amounts


@pytest.mark.parametrize(("units", "copies"), [("0", 0), ("0.28", 0), ("0.29", 1), ("1", 3), ("10", 35)])
def test_sellable_copies_are_a_quarter_of_two_weeks(units, copies):
    assert sellable_copies(Decimal(units)) == copies


def test_ladder_undercuts_itself_and_leaves_the_rest_to_the_buylist():
    value = ladder_value(5, net_price=Decimal(10), sellable=3, buylist_price=Decimal(4))

    assert value == Decimal(10) + Decimal("9.8") + Decimal("9.604") + 2 * Decimal(4)


def test_ladder_stops_where_the_buylist_pays_more():
    assert ladder_value(3, net_price=Decimal(10), sellable=9, buylist_price=Decimal("9.9")) == Decimal("29.8")
    assert ladder_value(0, net_price=Decimal(10), sellable=9) == 0


@pytest.mark.parametrize("make", [
    lambda: sellable_copies(Decimal(-1)),
    lambda: sellable_copies(Decimal(1), share=Decimal(2)),
    lambda: ladder_value(-1, net_price=Decimal(1), sellable=1),
    lambda: ladder_value(1, net_price=Decimal(-1), sellable=1),
    lambda: ladder_value(1, net_price=Decimal(1), sellable=1, undercut=Decimal(2)),
    lambda: ladder_value(1, net_price=Decimal("NaN"), sellable=1),
])  # fmt: skip
def test_figures_out_of_range_are_refused(make):
    with pytest.raises(InvalidAmount):
        make()


def test_binomial_chances_are_scipys():
    chances = binomial_chances(36, Fraction(1, 8))

    assert sum(chances.values()) == 1
    assert [float(chances[copies]) for copies in range(37)] == pytest.approx(
        stats.binom(36, 1 / 8).pmf(range(37))
    )


@pytest.mark.parametrize(("trials", "probability"), [(-1, Fraction(1, 2)), (1, Fraction(3, 2))])
def test_impossible_trials_are_refused(trials, probability):
    with pytest.raises(ValueError, match="trials"):
        binomial_chances(trials, probability)


@given(
    price=amounts,
    sellable=st.integers(0, 6),
    trials=st.integers(1, 12),
    share=st.fractions(0, 1, max_denominator=12),
)
def test_value_of_the_average_number_overstates(price, sellable, trials, share):
    chances = binomial_chances(trials, share)

    expected = expected_ladder_value(chances, net_price=price, sellable=sellable)

    ceiling = ladder_value(trials, net_price=price, sellable=sellable)
    assert 0 <= expected <= ceiling
    mean = trials * share
    if mean.denominator == 1:
        assert expected <= ladder_value(int(mean), net_price=price, sellable=sellable)
