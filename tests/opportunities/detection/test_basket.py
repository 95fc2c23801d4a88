from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from opportunities.detection import basket_series

DAYS = [date(2026, 11, day) for day in range(1, 6)]
A, B = (1, "nonfoil"), (2, "foil")


def test_the_index_follows_the_value_of_the_basket():
    series = {A: {DAYS[0]: Decimal(10), DAYS[1]: Decimal(12)}, B: {DAYS[0]: Decimal(5), DAYS[1]: Decimal(4)}}

    index = basket_series({A: Decimal(1), B: Decimal(2)}, series)

    assert index == [Decimal(100), Decimal(100)]


def test_a_card_that_appears_is_no_move():
    series = {A: dict.fromkeys(DAYS[:3], Decimal(10)), B: {DAYS[1]: Decimal(90), DAYS[2]: Decimal(90)}}

    assert basket_series({A: Decimal(1), B: Decimal(1)}, series) == [Decimal(100)] * 3


def test_a_day_without_a_common_card_is_skipped():
    series = {A: {DAYS[0]: Decimal(10), DAYS[2]: Decimal(20)}, B: {DAYS[1]: Decimal(3)}}

    assert basket_series({A: Decimal(1), B: Decimal(1)}, series) == [Decimal(100), Decimal(200)]


def test_no_prices_give_no_index():
    assert basket_series({A: Decimal(1)}, {}) == []


@given(st.lists(st.decimals("0.01", "1000", places=2), min_size=1, max_size=5), st.integers(1, 50))
def test_scaling_all_prices_changes_nothing(prices, factor):
    plain = {A: dict(zip(DAYS, prices, strict=False))}
    scaled = {A: {day: price * factor for day, price in plain[A].items()}}

    first, second = basket_series({A: Decimal(3)}, plain), basket_series({A: Decimal(3)}, scaled)

    assert all(abs(one - other) < Decimal("1e-9") * one for one, other in zip(first, second, strict=True))
