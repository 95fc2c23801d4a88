"""The net gap: the formula of MATHS 2 against fractions, its threshold, and what must never change it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.net import Cushions, VenueTerms, is_executable, minimum_size, net_spread

from .strategies import cushions, fixed_fees, fraction, prices, profit_by_fractions, sizes, terms


def decimals(*texts):
    return tuple(Decimal(text) for text in texts)


def quoted(ask: str, bid: str) -> tuple[Decimal, Decimal]:
    return Decimal(ask), Decimal(bid)


def fee(bps, fixed="0"):
    return VenueTerms(fee_bps=Decimal(bps), fixed_fee=Decimal(fixed))


@given(prices, prices, terms, terms, cushions, sizes, fixed_fees)
def test_the_formula_holds_exactly(ask, bid, buy, sell, margins, quantity, fixed):
    spread = net_spread(ask, bid, buy, sell, margins, fixed=fixed).at(quantity)
    profit, outlay = profit_by_fractions(ask, bid, buy, sell, margins, quantity=quantity, fixed=fixed)
    assert Fraction(spread.profit) == profit
    assert Fraction(spread.outlay) == outlay
    assert Fraction(spread.gross_profit) == fraction(quantity) * (fraction(bid) - fraction(ask))
    assert abs(Fraction(spread.net_bps) - 10_000 * profit / outlay) < Fraction(1, 10**30)


def test_every_part_of_a_worked_gap():
    spread = net_spread(
        *quoted("50", "52"),
        VenueTerms(*decimals("20", "10", "0.05")),
        VenueTerms(*decimals("30", "10", "0.10")),
        Cushions(*decimals("5", "15")),
        fixed=Decimal("0.15"),
    ).at(Decimal(4))
    assert (spread.cost, spread.proceeds, spread.cushion) == decimals("50.15", "51.792", "0.1")
    assert (spread.gross_profit, spread.fixed, spread.outlay) == decimals("8", "0.30", "201.30")
    assert spread.profit == Decimal("5.868")
    assert spread.unit_net == Decimal("1.542")
    assert round(spread.net_bps, 4) == Decimal("291.5052")
    assert spread.gross_bps == 400


def test_adding_up_basis_points_is_only_an_approximation():
    spread = net_spread(*quoted("100", "100.30"), fee("12"), fee("13"))
    assert spread.gross_bps - 12 - 13 == 5
    assert round(spread.net_bps, 2) == Decimal("4.96")


def test_the_threshold_is_inclusive_and_compared_unrounded():
    exactly_50 = net_spread(*quoted("100", "100.50"))
    assert is_executable(exactly_50, Decimal(50))
    hair_below = net_spread(Decimal(100), Decimal("100.4999999999999999999999"))
    assert round(hair_below.net_bps, 2) == 50
    assert not is_executable(hair_below, Decimal(50))


def test_a_third_of_a_basis_point_is_not_lost_in_the_quotient():
    spread = net_spread(*quoted("3", "3.0001"))
    assert is_executable(spread, Decimal("0.3333333333333333333333333333"))
    assert not is_executable(spread, Decimal("0.33333333333333333333333333333333333333334"))


@pytest.mark.parametrize("bid", ["100", "99.99"])
def test_no_profit_is_never_executable_whatever_the_threshold(bid):
    spread = net_spread(*quoted("100", bid))
    assert not is_executable(spread, Decimal(0))
    assert not is_executable(spread, Decimal(-10_000))


@given(prices, prices, terms, terms, cushions, st.integers(-6, 6))
def test_scaling_prices_changes_no_ratio(ask, bid, buy, sell, margins, power):
    buy, sell = replace(buy, fixed_fee=Decimal(0)), replace(sell, fixed_fee=Decimal(0))
    scale = Decimal(7).scaleb(power)
    spread = net_spread(ask, bid, buy, sell, margins)
    scaled = net_spread(ask * scale, bid * scale, buy, sell, margins)
    assert abs(scaled.net_bps - spread.net_bps) < Decimal("1e-30")
    assert scaled.profit == spread.profit * scale
    for threshold in (Decimal(0), Decimal(50)):
        assert is_executable(scaled, threshold) == is_executable(spread, threshold)


@given(prices, prices, terms, terms, cushions, sizes, st.sampled_from(["buy", "sell"]), st.data())
def test_raising_a_fee_never_raises_profit(ask, bid, buy, sell, margins, quantity, side, data):
    field = data.draw(st.sampled_from(["fee_bps", "slippage_bps", "fixed_fee"]))
    extra = data.draw(st.decimals(min_value=0, max_value=100, places=2))
    before = net_spread(ask, bid, buy, sell, margins).at(quantity)
    dearer = {"buy": buy, "sell": sell}
    dearer[side] = replace(dearer[side], **{field: getattr(dearer[side], field) + extra})
    after = net_spread(ask, bid, dearer["buy"], dearer["sell"], margins).at(quantity)
    assert after.profit <= before.profit
    if before.profit >= 0:
        assert after.net_bps <= before.net_bps


@given(prices, prices, terms, terms, cushions)
def test_the_minimum_size_earns_exactly_the_fixed_fees(ask, bid, buy, sell, margins):
    spread = net_spread(ask, bid, buy, sell, margins)
    size = minimum_size(spread)
    if size is None or size <= 0:
        reject()
    assert abs(spread.at(size).profit) < Decimal("1e-30")
    assert spread.at(size * 2).profit > 0


def test_no_size_earns_back_a_fee_at_a_loss_per_unit():
    assert minimum_size(net_spread(*quoted("10", "10"), fixed=Decimal(1))) is None
    assert minimum_size(net_spread(*quoted("10", "9"))) is None


def test_the_minimum_size_of_a_fixed_fee():
    assert minimum_size(net_spread(*quoted("10", "10.25"), fee("0", "1.50"), fee("0", "1"))) == 10


def test_usdt_labelled_as_usd_hides_a_loss():
    """15 bps of depeg turn +5.2 bps into -9.8 (MATHS, finding 7)."""
    labelled = net_spread(*quoted("100000", "100052"))
    converted = net_spread(Decimal(100_000), Decimal(100_052) * Decimal("0.9985"))
    assert labelled.net_bps == Decimal("5.2")
    assert round(converted.net_bps, 1) == Decimal("-9.8")


@pytest.mark.parametrize(
    ("ask", "bid"),
    [(0.1, Decimal(1)), (Decimal(0), Decimal(1)), (Decimal(1), Decimal(-1)), (Decimal("NaN"), Decimal(1))],
)
def test_prices_that_are_none_are_refused(ask, bid):
    with pytest.raises(InvalidAmount):
        net_spread(ask, bid)


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1), Decimal("Infinity")])
def test_a_quantity_must_be_above_zero(quantity):
    with pytest.raises(InvalidAmount):
        net_spread(*quoted("1", "2")).at(quantity)


@pytest.mark.parametrize(
    "figures",
    [
        {"fee_bps": Decimal(9_999), "slippage_bps": Decimal(1)},
        {"fee_bps": Decimal(-10_000)},
        {"fee_bps": Decimal("NaN")},
        {"slippage_bps": Decimal(-1)},
        {"fixed_fee": Decimal("-0.01")},
    ],
)
def test_terms_that_leave_nothing_are_refused(figures):
    with pytest.raises(InvalidAmount):
        VenueTerms(**figures)


@pytest.mark.parametrize("figures", [{"fx_bps": Decimal(-1)}, {"network_bps": Decimal("Infinity")}])
def test_negative_cushions_are_refused(figures):
    with pytest.raises(InvalidAmount):
        Cushions(**figures)


def test_negative_fixed_costs_are_refused():
    with pytest.raises(InvalidAmount):
        net_spread(*quoted("1", "2"), fixed=Decimal("-0.01"))
