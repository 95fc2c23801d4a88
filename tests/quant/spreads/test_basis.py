"""USDT is worth what it sells for and costs what it is bought for, and nothing without a fresh rate."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.basis import Factors, Rate, RateLimits, convert, factors

from .strategies import bps, fraction, prices

NOW = 1_795_000_000_000
LIMITS = RateLimits(max_age_ms=5_000, max_skew_ms=1_000, haircut_bps=Decimal(5))
PEG = Rate(Decimal("0.9985"), Decimal("0.9987"), NOW - 1_000)


def test_bids_convert_at_the_bid_and_asks_at_the_ask():
    plain = RateLimits(max_age_ms=5_000, max_skew_ms=1_000)
    assert factors(PEG, now_ms=NOW, limits=plain) == Factors(sell=Decimal("0.9985"), buy=Decimal("0.9987"))


def test_the_haircut_makes_both_sides_worse():
    converted = convert(Decimal(100_000), Decimal(100_010), PEG, now_ms=NOW, limits=LIMITS)
    assert converted == (Decimal("99800.075"), Decimal("99929.9269935"))


@given(prices, prices, st.decimals("0.5", "1.5", places=4), st.decimals(0, "0.1", places=4), bps)
def test_converting_follows_the_formula(bid, ask, rate_bid, width, haircut):
    rate = Rate(rate_bid, rate_bid + width, NOW)
    limits = RateLimits(max_age_ms=0, max_skew_ms=0, haircut_bps=haircut)
    converted = convert(bid, ask, rate, now_ms=NOW, limits=limits)
    assert converted is not None
    converted_bid, converted_ask = converted
    share = fraction(haircut) / 10_000
    assert Fraction(converted_bid) == fraction(bid) * fraction(rate.bid) * (1 - share)
    assert Fraction(converted_ask) == fraction(ask) * fraction(rate.ask) * (1 + share)


@pytest.mark.parametrize("age_ms", [5_001, -1_001, NOW - NOW // 1_000])
def test_without_a_fresh_rate_there_is_no_price(age_ms):
    rate = Rate(PEG.bid, PEG.ask, NOW - age_ms)
    assert factors(rate, now_ms=NOW, limits=LIMITS) is None
    assert convert(Decimal(1), Decimal(1), rate, now_ms=NOW, limits=LIMITS) is None


def test_without_a_rate_nothing_is_taken_as_one_to_one():
    assert convert(Decimal(1), Decimal(1), None, now_ms=NOW, limits=LIMITS) is None


@pytest.mark.parametrize(
    ("bid", "ask"),
    [("0", "1"), ("-1", "1"), ("1.0001", "1"), ("NaN", "1"), ("1", "Infinity")],
)
def test_what_is_no_rate_is_refused(bid, ask):
    with pytest.raises(InvalidAmount):
        Rate(Decimal(bid), Decimal(ask), NOW)


@pytest.mark.parametrize("haircut", ["-1", "10000", "NaN"])
def test_a_haircut_leaves_something(haircut):
    with pytest.raises(InvalidAmount):
        RateLimits(max_age_ms=1, max_skew_ms=1, haircut_bps=Decimal(haircut))
