"""What losses are expected to take: the worked gift card, and the formula of MATHS 2 in fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.net import net_spread
from quant.spreads.reserve import expected_profit, loss_reserve

from .strategies import cushions, prices, profit_by_fractions, sizes, terms

rates = st.decimals(min_value=0, max_value=1, places=4)


def test_one_and_a_half_percent_erase_most_of_a_small_gap():
    card = net_spread(Decimal("45.57"), Decimal("46.67"))
    assert card.profit == Decimal("1.10")
    assert round(loss_reserve(card, Decimal("0.015")), 2) == Decimal("0.70")
    assert round(expected_profit(card, Decimal("0.015")), 2) == Decimal("0.40")


def test_what_comes_back_makes_the_reserve_smaller():
    card = net_spread(Decimal(40), Decimal(50)).at(Decimal(10))
    assert loss_reserve(card, Decimal("0.02")) == 10
    assert loss_reserve(card, Decimal("0.02"), Decimal("0.5")) == 6


@given(prices, prices, terms, terms, cushions, sizes, rates, rates)
def test_the_expected_profit_follows_the_formula(ask, bid, buy, sell, margins, quantity, loss, recovery):
    spread = net_spread(ask, bid, buy, sell, margins).at(quantity)
    profit, _ = profit_by_fractions(ask, bid, buy, sell, margins, quantity=quantity)
    lost = Fraction(loss) * (Fraction(spread.proceeds) - Fraction(recovery) * Fraction(spread.cost))
    assert Fraction(expected_profit(spread, loss, recovery)) == profit - Fraction(quantity) * lost


@pytest.mark.parametrize("rate", [Decimal("-0.01"), Decimal("1.01"), Decimal("NaN"), 0.5])
def test_a_rate_is_a_share(rate):
    spread = net_spread(Decimal(1), Decimal(2))
    with pytest.raises(InvalidAmount):
        loss_reserve(spread, rate)
    with pytest.raises(InvalidAmount):
        loss_reserve(spread, Decimal(0), rate)
