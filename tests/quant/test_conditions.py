"""Played cards: their own price first, a multiplier only in its place."""

from decimal import Decimal

import pytest

from quant.conditions import condition_price, opened_price
from quant.money import InvalidAmount

TEN = Decimal(10)


@pytest.mark.parametrize(
    ("condition", "price"),
    [
        ("near_mint", "10"),
        ("lightly_played", "8.50"),
        ("moderately_played", "7.00"),
        ("heavily_played", "5.00"),
        ("damaged", "3.50"),
    ],
)
def test_multiplier_stands_in_for_an_unseen_price(condition, price):
    assert condition_price(TEN, condition) == Decimal(price)


def test_observed_price_wins():
    assert condition_price(TEN, "damaged", observed=Decimal("9.00")) == Decimal("9.00")


def test_opened_card_is_a_little_below_near_mint():
    assert opened_price(TEN) == Decimal("9.955")
    assert opened_price(TEN, near_mint_rate=Decimal(1)) == TEN


@pytest.mark.parametrize("make", [
    lambda: condition_price(TEN, "chewed"),
    lambda: condition_price(-TEN, "damaged"),
    lambda: condition_price(TEN, "damaged", observed=Decimal("NaN")),
    lambda: opened_price(TEN, near_mint_rate=Decimal("1.1")),
])  # fmt: skip
def test_bad_figures_are_refused(make):
    with pytest.raises(InvalidAmount):
        make()
