"""Cost and margin: rounding always to our disadvantage."""

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.margin import CostNotPositive, margin_percentage, total_cost
from quant.money import InvalidAmount

from .strategies import amounts, positive_prices, prices


@pytest.mark.parametrize(
    ("value", "cost", "margin"),
    [
        ("116.68", "69.55", "67.76"),
        ("163.80", "112.16", "46.04"),
        ("66.00", "40.00", "65.00"),
        ("0", "5", "-100.00"),
        ("1", "3", "-66.67"),
        ("2.99999", "1", "199.99"),
        ("999999999.80", "0.01", "9999999997900.00"),
    ],
)
def test_margin_is_floored_to_two_places(value, cost, margin):
    assert margin_percentage(Decimal(value), cost=Decimal(cost)) == Decimal(margin)


@pytest.mark.parametrize("cost", ["0", "0.00", "-1"])
def test_cost_of_nothing_gives_no_margin(cost):
    with pytest.raises(CostNotPositive) as caught:
        margin_percentage(Decimal(1), cost=Decimal(cost))

    assert caught.value.cost == Decimal(cost)


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("Infinity"), 1.5])
def test_figures_that_are_not_decimals_are_refused(bad):
    with pytest.raises(InvalidAmount):
        margin_percentage(bad, cost=Decimal(1))
    with pytest.raises(InvalidAmount):
        margin_percentage(Decimal(1), cost=bad)
    with pytest.raises(InvalidAmount):
        total_cost(bad, currency="EUR")


def test_cost_adds_shipping_tax_and_fees():
    cost = partial(
        total_cost,
        Decimal("60.00"),
        currency="USD",
        shipping=Decimal("4.99"),
        tax_rate=Decimal("0.0675"),
        buy_fees=Decimal("0.10"),
    )

    assert cost() == Decimal("69.14")
    assert cost(taxes_shipping=True) == Decimal("69.48")


def test_tax_is_rounded_half_up_and_the_total_up():
    assert total_cost(Decimal("0.50"), currency="EUR", tax_rate=Decimal("0.01")) == Decimal("0.51")
    assert total_cost(Decimal("1.001"), currency="EUR") == Decimal("1.01")


def test_negative_part_of_the_cost_is_refused():
    cent = Decimal("-0.01")

    for make in (
        lambda: total_cost(cent, currency="EUR"),
        lambda: total_cost(Decimal(1), currency="EUR", shipping=cent),
        lambda: total_cost(Decimal(1), currency="EUR", tax_rate=cent),
        lambda: total_cost(Decimal(1), currency="EUR", buy_fees=cent),
    ):
        with pytest.raises(InvalidAmount):
            make()


@given(value=prices, cost=positive_prices, more=amounts)
def test_margin_rises_with_value_and_falls_with_cost(value, cost, more):
    margin = margin_percentage(value, cost=cost)

    assert margin_percentage(value + more, cost=cost) >= margin
    assert margin_percentage(value, cost=cost + more) <= margin


@given(value=prices, cost=positive_prices, factor=st.integers(1, 1000))
def test_scaling_leaves_the_margin_unchanged(value, cost, factor):
    assert margin_percentage(value * factor, cost=cost * factor) == margin_percentage(value, cost=cost)
