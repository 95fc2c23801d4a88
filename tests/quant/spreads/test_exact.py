"""From floats back to the text of the venue, and the decision made again on it."""

from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.best_two import BestTwo
from quant.spreads.exact import exact, recompute
from quant.spreads.net import VenueTerms, net_spread

from .strategies import fees_bps


@given(st.decimals(min_value="0.00000001", max_value=9_999_999, places=8))
def test_a_venues_text_survives_the_float(price):
    assert exact(float(str(price))) == price


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InvalidAmount):
        exact(value)


def test_a_gap_that_only_floats_see_is_gone():
    """0.1 + 0.2 > 0.3 in floats: fees folded into floats may cross where the exact prices are equal."""
    fee = VenueTerms(fee_bps=Decimal(10))
    assert 3.0 * 1.001 < 3.003 * 1.0000000000000002
    assert recompute(3.0, 3.003, fee).profit == 0


cents = st.decimals(min_value=95, max_value=105, places=2)


@given(st.lists(st.tuples(cents, cents, fees_bps), min_size=2, max_size=5))
def test_the_pair_of_the_hot_path_is_the_best_one_in_decimal(venues):
    book = BestTwo(len(venues))
    for index, (bid, ask, fee) in enumerate(venues):
        rate = float(fee) / 1e4
        book.update(index, float(bid) * (1 - rate), float(ask) * (1 + rate))
    found = book.pair()
    assert found is not None
    terms = [VenueTerms(fee_bps=fee) for _, _, fee in venues]
    chosen = recompute(
        float(venues[found.buy][1]), float(venues[found.sell][0]), terms[found.buy], terms[found.sell]
    )
    best = max(
        net_spread(venues[buy][1], venues[sell][0], terms[buy], terms[sell]).net_bps
        for buy in range(len(venues))
        for sell in range(len(venues))
        if buy != sell
    )
    assert abs(chosen.net_bps - best) < Decimal("1e-9")
