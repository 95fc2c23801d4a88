"""Reading prices from text without guessing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount, parse_amount

from ..strategies import prices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.50", "12.50"),
        (" 7 ", "7"),
        (".5", "0.5"),
        ("-3.20", "-3.20"),
        ("$1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("EUR 12.50", "12.50"),
        ("12.50 €", "12.50"),
        ("-$4.00", "-4.00"),
        ("US$ 9.99", "9.99"),
        ("1\u00a0234.50", "1234.50"),
        ("1\u202f234.50 USD", "1234.50"),
        ("1'234.50", "1234.50"),
    ],
)
def test_point_as_decimal_mark(text, expected):
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12,50", "12.50"), ("1.234,56 €", "1234.56"), ("1.234", "1234"), ("1 234,5", "1234.5"), ("7", "7")],
)
def test_comma_as_decimal_mark(text, expected):
    assert parse_amount(text, decimal_mark=",") == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "$", "abc", "NaN", "Infinity", "-inf", "1e5", "1E-2", "0x10", "1_000", "$10 - $25",
        "10-25", "12,50", "1,23,456", "1,2345", "1.2.3", "1..2", "12.", "٣٤", "１２",
        "1 2", "10 20.5", "EUR USD 5", "--5", "+5", "5" * 41,
    ],
)  # fmt: skip
def test_text_that_is_not_exactly_one_amount_is_refused(text):
    with pytest.raises(InvalidAmount):
        parse_amount(text)


@pytest.mark.parametrize("text", ["12.50", "1.23", "1,234.56", "1.234.5"])
def test_misplaced_marks_are_refused_with_comma_as_decimal_mark(text):
    with pytest.raises(InvalidAmount):
        parse_amount(text, decimal_mark=",")


def test_unknown_decimal_mark_is_refused():
    with pytest.raises(InvalidAmount):
        parse_amount("1", decimal_mark=";")


@given(price=prices)
def test_written_price_reads_back(price):
    assert parse_amount(f"{price:,}") == price
    assert parse_amount(f"€ {price}") == price
    assert parse_amount(str(price).replace(".", ","), decimal_mark=",") == price


@given(text=st.text(max_size=45))
def test_any_text_gives_a_finite_amount_or_the_typed_error(text):
    try:
        amount = parse_amount(text)
    except InvalidAmount:
        return
    assert amount.is_finite()
