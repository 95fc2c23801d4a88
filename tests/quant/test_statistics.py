"""Robust statistics against scipy and against wild days."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quant.money import InvalidAmount
from quant.statistics import (
    is_outlier,
    is_price_unconfirmed,
    level_shift,
    log_returns,
    mad_volatility,
    median_price,
)

from .strategies import positive_prices

returns = st.lists(st.floats(-1, 1), min_size=1, max_size=40)


@given(returns=returns)
def test_volatility_is_scipys_median_absolute_deviation_unless_that_is_zero(returns):
    wanted = stats.median_abs_deviation(returns, scale=1 / 1.4826)

    found = mad_volatility(returns)

    if wanted > 0:
        assert found == pytest.approx(wanted)
    else:
        spread = np.mean(np.abs(np.array(returns) - np.median(returns)))
        assert found == pytest.approx(math.sqrt(math.pi / 2) * spread)


def test_volatility_of_normal_returns_is_their_standard_deviation():
    sample = np.random.default_rng(3).normal(0, 0.02, 20_000).tolist()

    assert mad_volatility(sample) == pytest.approx(0.02, rel=0.03)


def test_one_wild_day_hardly_moves_the_volatility():
    calm = [0.01, -0.012, 0.008, -0.009, 0.011] * 6
    wild = [*calm[:10], math.log(9), -math.log(9), *calm[12:]]

    assert mad_volatility(wild) < 1.3 * mad_volatility(calm)
    assert np.std(wild) > 10 * np.std(calm)


def test_no_returns_no_volatility():
    assert mad_volatility([]) == 0
    assert log_returns([Decimal(5)]) == log_returns([]) == []


def test_log_returns_are_ratios_of_neighbours():
    assert log_returns([Decimal(1), Decimal(2), Decimal(1)]) == pytest.approx([math.log(2), -math.log(2)])


@pytest.mark.parametrize("bad", [Decimal(0), Decimal(-1), Decimal("NaN"), 1.5])
def test_price_that_is_not_positive_is_refused(bad):
    for judge in (log_returns, median_price, level_shift):
        with pytest.raises(InvalidAmount):
            judge([Decimal(1), bad])


def test_jump_of_the_last_day_is_unconfirmed():
    flat = [Decimal(10)] * 30

    assert level_shift(flat) == 0
    assert level_shift([]) is None
    assert not is_price_unconfirmed([])
    assert not is_price_unconfirmed([*flat, Decimal("12.80")])
    assert is_price_unconfirmed([*flat, Decimal("12.90")])
    assert is_price_unconfirmed([*flat, Decimal("7.70")])


@given(prices=st.lists(positive_prices, min_size=1, max_size=9), data=st.data())
def test_median_price_is_in_the_middle_whatever_the_order(prices, data):
    middle = median_price(prices)

    assert middle == median_price(data.draw(st.permutations(prices)))
    assert sum(price <= middle for price in prices) >= len(prices) / 2
    assert sum(price >= middle for price in prices) >= len(prices) / 2


def test_median_of_no_prices_is_an_error():
    with pytest.raises(InvalidAmount):
        median_price([])


@pytest.mark.parametrize(
    ("price", "expected"), [("40.00", False), ("40.01", True), ("2.50", False), ("2.49", True), ("10", False)]
)
def test_outlier_is_more_than_four_times_off(price, expected):
    assert is_outlier(Decimal(price), reference=Decimal(10)) is expected
