"""Conversion: the spread is paid, old rates are refused, round trips never gain."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.fx import FxError, FxQuote, FxTable, RateMissing, RateStale
from quant.money import InvalidAmount, Money, UnknownCurrency

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def quote(base, counter, bid, ask, age=HOUR):
    return FxQuote(base, counter, Decimal(bid), Decimal(ask), NOW - age, "test")


EURUSD = quote("EUR", "USD", "1.05", "1.06")
EURGBP = quote("EUR", "GBP", "0.83", "0.84", age=5 * HOUR)
TABLE = FxTable([EURUSD, EURGBP], now=NOW)


def money(text, currency):
    return Money(Decimal(text), currency)


@pytest.mark.parametrize(
    ("given_amount", "to", "received"),
    [
        (("100", "EUR"), "USD", "105.00"),  # base sold at the bid
        (("100", "USD"), "EUR", "94.33"),  # base bought at the ask, rounded down
        (("100", "EUR"), "EUR", "100.00"),
        (("100", "USD"), "GBP", "78.30"),  # over the euro, rounded once
        (("0.001", "EUR"), "EUR", "0.00"),
    ],
)
def test_convert_pays_the_spread_and_rounds_down(given_amount, to, received):
    assert TABLE.convert(money(*given_amount), to) == money(received, to)


@pytest.mark.parametrize(
    ("wanted", "paid_in", "paid"),
    [
        (("100", "USD"), "EUR", "95.24"),
        (("100", "EUR"), "USD", "106.00"),
        (("100", "GBP"), "USD", "127.72"),
        (("5", "EUR"), "EUR", "5.00"),
    ],
)
def test_cost_is_rounded_up(wanted, paid_in, paid):
    assert TABLE.cost_of(money(*wanted), paid_in=paid_in) == money(paid, paid_in)


def test_latest_quote_of_a_pair_counts():
    older = quote("EUR", "USD", "2", "2", age=3 * HOUR)

    for quotes in ([older, EURUSD], [EURUSD, older]):
        assert FxTable(quotes, now=NOW).convert(money("1", "EUR"), "USD") == money("1.05", "USD")


def test_missing_rate_is_never_one():
    with pytest.raises(RateMissing) as caught:
        TABLE.convert(money("1", "EUR"), "JPY")

    assert (caught.value.source, caught.value.target) == ("EUR", "JPY")


@pytest.mark.parametrize("age", [timedelta(hours=37), timedelta(minutes=-6)])
def test_stale_or_future_rate_is_refused(age):
    table = FxTable([quote("EUR", "USD", "1", "1", age=age)], now=NOW)

    with pytest.raises(RateStale) as caught:
        table.convert(money("1", "EUR"), "USD")

    assert caught.value.age == age


def test_fresh_way_round_replaces_a_stale_direct_rate():
    quotes = [EURUSD, EURGBP, quote("GBP", "USD", "9", "9", age=timedelta(days=9))]

    assert FxTable(quotes, now=NOW).convert(money("100", "USD"), "GBP") == money("78.30", "GBP")


def test_table_says_which_rates_it_used_and_how_old_they_are():
    assert TABLE.quotes_used("USD", "GBP") == (EURUSD, EURGBP)
    assert TABLE.age("USD", "GBP") == 5 * HOUR
    assert TABLE.age("EUR", "EUR") == timedelta()


def test_unknown_currency_is_refused():
    with pytest.raises(UnknownCurrency):
        TABLE.convert(money("1", "EUR"), "QQQ")


@pytest.mark.parametrize(
    ("bid", "ask"), [("0", "1"), ("-1", "1"), ("2", "1"), ("NaN", "1"), ("1", "Infinity")]
)
def test_impossible_quote_is_refused(bid, ask):
    with pytest.raises(InvalidAmount):
        quote("EUR", "USD", bid, ask)


def test_quote_needs_two_currencies_and_a_time_zone():
    with pytest.raises(FxError):
        quote("EUR", "EUR", "1", "1")
    with pytest.raises(FxError):
        FxQuote("EUR", "USD", Decimal(1), Decimal(1), NOW.replace(tzinfo=None))


rates = st.decimals(min_value="0.05", max_value=20, places=4)


@given(bid=rates, spread=st.decimals(min_value=0, max_value=1, places=4), cents=st.integers(0, 10**7))
def test_round_trip_never_gains_and_cost_is_enough(bid, spread, cents):
    table = FxTable([FxQuote("EUR", "USD", bid, bid + spread, NOW)], now=NOW)
    start = Money(Decimal(cents).scaleb(-2), "EUR")

    for there, back in (("USD", "EUR"), ("EUR", "USD")):
        own = Money(start.amount, back)
        assert table.convert(table.convert(own, there), back) <= own
        assert table.convert(table.cost_of(own, paid_in=there), back) >= own


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [
        ("EUR", "USD", Decimal("1.055")),
        ("USD", "EUR", 1 / Decimal("1.055")),
        ("EUR", "EUR", Decimal(1)),
        ("USD", "GBP", Decimal("0.835") / Decimal("1.055")),
    ],
)
def test_the_mid_rate_is_halfway_between_bid_and_ask(source: str, target: str, rate: Decimal):
    assert TABLE.mid_rate(source, target) == pytest.approx(rate, abs=Decimal("1e-20"))


def test_there_is_no_mid_rate_without_a_fresh_quote():
    old = FxTable([quote("EUR", "USD", "1.05", "1.06", age=48 * HOUR)], now=NOW)

    with pytest.raises(RateStale):
        old.mid_rate("EUR", "USD")
    with pytest.raises(RateMissing):
        TABLE.mid_rate("EUR", "JPY")
