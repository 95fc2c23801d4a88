"""Amounts: no floats, no NaN, no mixed currencies; shares that add up."""

from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    FloatOperation,
    localcontext,
)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import (
    MONEY_CONTEXT,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    UnknownCurrency,
    as_amount,
    quantize_money,
)

cents = st.integers(-(10**9), 10**9).map(lambda units: Money(Decimal(units).scaleb(-2), "EUR"))
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)


def eur(text):
    return Money(Decimal(text), "EUR")


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), "1.50", None, True, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")]
)
def test_amount_that_is_not_a_finite_decimal_is_refused(value):
    with pytest.raises(InvalidAmount):
        as_amount(value)
    with pytest.raises(InvalidAmount):
        Money(value, "EUR")


def test_money_of_unknown_currency_is_refused():
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), "ZZZ")


@pytest.mark.parametrize(
    ("text", "rounding", "expected"),
    [
        ("1.005", ROUND_HALF_UP, "1.01"),
        ("1.005", ROUND_HALF_EVEN, "1.00"),
        ("2.345", ROUND_HALF_EVEN, "2.34"),
        ("0.0001", ROUND_UP, "0.01"),
        ("-0.0001", ROUND_FLOOR, "-0.01"),
        ("7", ROUND_HALF_EVEN, "7.00"),
    ],
)
def test_quantize_rounds_as_told(text, rounding, expected):
    assert str(quantize_money(Decimal(text), "EUR", rounding)) == expected


@pytest.mark.parametrize(
    ("currency", "expected"), [("JPY", "2"), ("KWD", "1.500"), ("BTC", "1.50000000"), ("EUR", "1.50")]
)
def test_quantize_uses_the_places_of_the_currency(currency, expected):
    assert str(quantize_money(Decimal("1.5"), currency)) == expected


def test_quantize_of_more_digits_than_the_context_has_is_refused():
    with pytest.raises(InvalidAmount):
        quantize_money(Decimal(10) ** 60, "EUR")


def test_money_context_refuses_floats():
    with localcontext(MONEY_CONTEXT), pytest.raises(FloatOperation):
        Decimal(1.5)  # noqa: RUF032 - the float is the point


def test_adding_two_currencies_raises_with_both():
    with pytest.raises(CurrencyMismatch) as caught:
        eur("1") + Money(Decimal(1), "USD")

    assert (caught.value.left, caught.value.right) == ("EUR", "USD")


def test_money_only_combines_with_money():
    with pytest.raises(InvalidAmount):
        eur("1") + Decimal(1)
    with pytest.raises(InvalidAmount):
        eur("1") * 1.5


def test_money_compares_negates_and_prints():
    assert eur("1.50") > eur("1.49") >= eur("1.49")
    assert eur("1") < eur("2") <= eur("2")
    assert -eur("1.50") == eur("-1.5")
    assert str(eur("1.50")) == "1.50 EUR"
    assert not eur("0.00")
    assert eur("1.005").quantized(ROUND_HALF_UP) == eur("1.01")
    assert 3 * eur("0.10") == eur("0.30")


@given(left=cents, right=cents)
def test_adding_then_subtracting_gives_the_same(left, right):
    assert left + right - right == left
    assert left + right == right + left


@given(money=cents, weights=weights)
def test_shares_add_up_and_stay_within_one_unit_of_exact(money, weights):
    shares = money.allocate(weights)

    assert sum((share.amount for share in shares), Decimal(0)) == money.amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.amount - money.amount * weight / sum(weights)) <= Decimal("0.01")


@given(money=cents, weights=weights)
def test_shares_are_symmetric_in_sign(money, weights):
    assert (-money).allocate(weights) == tuple(-share for share in money.allocate(weights))


def test_earlier_share_wins_a_tie():
    assert eur("0.01").allocate([1, 1, 1]) == (eur("0.01"), eur("0.00"), eur("0.00"))
    assert eur("10.00").allocate([1, 1, 1]) == (eur("3.34"), eur("3.33"), eur("3.33"))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [Decimal("NaN")]])
def test_bad_weights_are_refused(weights):
    with pytest.raises(InvalidAmount):
        eur("1").allocate(weights)


def test_amount_finer_than_the_unit_is_not_split():
    with pytest.raises(InvalidAmount, match="whole units"):
        eur("0.001").allocate([1])
