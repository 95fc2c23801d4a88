"""R001's signal, against its own engine as printed, and at the edge of its threshold."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.r001 import around_last, is_signal, signal_of, spread_pct

prices = st.decimals(min_value="0.01", max_value=200_000, places=2)


def as_printed(buy_price, sell_price):
    """R001's arithmetic on floats: percent to 4 places, profit to 2."""
    percent = ((sell_price - buy_price) / buy_price) * 100
    return round(percent, 4), round(sell_price - buy_price, 2)


@given(prices, prices)
def test_figures_are_those_of_the_engine_as_printed(buy_price, sell_price):
    exact = (sell_price - buy_price) / buy_price * 100
    to_a_tie = (exact * 10_000 - Decimal("0.5")) % 1
    assume(min(to_a_tie, 1 - to_a_tie) > Decimal("1e-6"))  # there a float cannot tell either way
    signal = signal_of(
        "BTC/USDT",
        buy_exchange="a",
        sell_exchange="b",
        buy_price=buy_price,
        sell_price=sell_price,
        timestamp_ms=1,
    )
    percent, profit = as_printed(float(buy_price), float(sell_price))
    assert (signal["spread_pct"], signal["profit_estimate"]) == (percent, profit)


def test_the_signal_has_exactly_the_fields_of_r001():
    signal = signal_of(
        "BTC/USDT",
        buy_exchange="binance",
        sell_exchange="coinbase",
        buy_price=Decimal("45123.50"),
        sell_price=Decimal("45398.7566"),
        timestamp_ms=1_705_670_123_456,
    )
    assert list(signal.items()) == [
        ("type", "ARBITRAGE_OPPORTUNITY"),
        ("action", "BUY_BINANCE_SELL_COINBASE"),
        ("symbol", "BTC/USDT"),
        ("spread_pct", 0.61),
        ("buy_price", 45123.5),
        ("sell_price", 45398.7566),
        ("profit_estimate", 275.26),
        ("timestamp", 1_705_670_123_456),
    ]


@pytest.mark.parametrize(
    ("sell_price", "percent", "signals"),
    [
        ("100.5", "0.5", False),  # strictly above
        ("100.50005", "0.5", False),  # a tie rounds to the even digit
        ("100.50006", "0.5001", True),
        ("100.49999", "0.5", False),
    ],
)
def test_the_rounded_percent_must_exceed_the_threshold(sell_price, percent, signals):
    rounded = spread_pct(Decimal(100), Decimal(sell_price))
    assert rounded == Decimal(percent)
    assert is_signal(rounded, Decimal("0.5")) is signals


def test_a_price_is_widened_by_a_basis_point_on_each_side():
    assert around_last(Decimal(50_000)) == (Decimal(49_995), Decimal(50_005))


@pytest.mark.parametrize("price", [Decimal(0), Decimal(-1), Decimal("NaN"), 1.0])
def test_what_is_no_price_is_refused(price):
    for call in (lambda: spread_pct(price, Decimal(1)), lambda: spread_pct(Decimal(1), price)):
        with pytest.raises(InvalidAmount):
            call()
    with pytest.raises(InvalidAmount):
        around_last(price)
