from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import Money, currency_exponent
from scrapers.amounts import (
    AmountUnclear,
    CurrencyUnclear,
    PriceRange,
    parse_price_range,
    parse_price_text,
    read_currency,
    read_json_amount,
)
from scrapers.errors import FetchFailed

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("£6.50", "GBP", "6.50"),
        ("HKD 297.54", "HKD", "297.54"),
        ("EUR 19.500,00", "EUR", "19500.00"),
        ("19.500,00 €", "EUR", "19500.00"),
        (f"102,49{NBSP}€", "EUR", "102.49"),
        (f"1{NARROW}234,50{NBSP}€", "EUR", "1234.50"),
        (f"1{THIN}234,50 EUR", "EUR", "1234.50"),
        ("CHF 1’234.50", "CHF", "1234.50"),
        ("Fr. 1'234.50", "CHF", "1234.50"),
        ("CHF 12.–", "CHF", "12"),
        ("￥1,234", "JPY", "1234"),
        ("1,234円", "JPY", "1234"),
        ("US $1,234.50", "USD", "1234.50"),
        ("$1,234.50 USD", "USD", "1234.50"),
        ("C $26.55", "CAD", "26.55"),
        ("AU $5", "AUD", "5"),
        ("$1,234,567.89", "USD", "1234567.89"),
        ("\u200e$0.00 ", "USD", "0.00"),
        (f"139,00{NBSP}zł", "PLN", "139.00"),
        ("KWD 1.250", "KWD", "1.250"),
    ],
)
def test_price_text_of_many_countries_is_read(text, currency, amount):
    hint = {"￥1,234": "JPY", "\u200e$0.00 ": "USD", "$1,234,567.89": "USD"}.get(text, "")
    mark = "." if "KWD" in text else ""

    assert parse_price_text(text, currency=hint, decimal_mark=mark) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "", "free", "$", "$10 - $25", "$10.75 to $30.93", "-40% $18.79", "-40%", "-$18.79", "$-18.79",
        "($0.47 / ounce)", "$0.47 / ounce", "0,47 €/kg", "$1e3", "$1E3", "1e3", "NaN", "$NaN", "Infinity",
        "\u0664\u0662\u0665 $", "$\uff11\uff12", "$12\u00b2", "$1.50.25", "$12,34.50", "$1,2345.00",
        "$29.9", "$007.50", "Was $31.99", "$19.99 $31.99", "$19.99 each", "x" * 200, "$99999999999.99",
        "$1.2345", "£5.00 EUR", "12 34 $", "$1,,234.50", "$1 234,5",
    ],
)  # fmt: skip
def test_text_that_is_not_one_amount_is_refused(text):
    with pytest.raises(AmountUnclear):
        parse_price_text(text, currency="USD")


@pytest.mark.parametrize(("mark", "amount"), [(",", "1500"), (".", None), ("", None)])
def test_lone_mark_before_three_digits_needs_a_locale(mark, amount):
    if amount is None:
        with pytest.raises(AmountUnclear):
            parse_price_text("1.500 €", decimal_mark=mark)
    else:
        assert parse_price_text("1.500 €", decimal_mark=mark).amount == Decimal(amount)


def test_text_that_contradicts_the_locale_is_refused():
    with pytest.raises(AmountUnclear):
        parse_price_text("EUR 19.500,00", decimal_mark=".")


@pytest.mark.parametrize("text", ["$5.00", "kr 5", "5.00", "¥500"])
def test_sign_of_several_currencies_needs_the_callers_word(text):
    with pytest.raises(CurrencyUnclear):
        parse_price_text(text)


def test_stated_currency_wins_over_the_expected_one():
    assert parse_price_text("HKD 297.54", currency="USD").currency == "HKD"
    assert parse_price_text("C $5.00", currency="USD").currency == "CAD"


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("$10.75 to $30.93", "10.75", "30.93", "USD"),
        ("$171 - $796", "171", "796", "USD"),
        ("EUR 19.500,00 bis EUR 20.000,00", "19500.00", "20000.00", "EUR"),
        ("10,75 – 30,93 €", "10.75", "30.93", "EUR"),
        ("£10.75 to 30.93", "10.75", "30.93", "GBP"),
        (f"10,75{NBSP}€ à 30,93{NBSP}€", "10.75", "30.93", "EUR"),
    ],
)
def test_range_is_read_as_a_range(text, low, high, currency):
    found = parse_price_range(text, currency="USD" if "$" in text else "")

    assert found == PriceRange(Money(Decimal(low), currency), Money(Decimal(high), currency))


@pytest.mark.parametrize("text", ["$30.93 to $10.75", "$1 to $2 to $3", "to", "$5 to", "£5 to €6"])
def test_broken_range_is_refused(text):
    with pytest.raises(FetchFailed):
        parse_price_range(text, currency="USD")


def test_price_that_is_no_range_is_read_as_one_price():
    assert parse_price_range("$5.00", currency="USD") == Money(Decimal("5.00"), "USD")


def grouped(amount, *, currency, mark, separator):
    places = currency_exponent(currency)
    whole, _, decimals = f"{amount:.{places}f}".partition(".")
    parts: list[str] = []
    while len(whole) > 3:
        whole, tail = whole[:-3], whole[-3:]
        parts.insert(0, tail)
    return separator.join([whole, *parts]) + (mark + decimals if decimals else "")


LOCALES = [
    ("{} USD", "USD", ".", ","), ("{} €", "EUR", ",", "."), (f"{{}}{NBSP}€", "EUR", ",", NARROW),
    ("CHF {}", "CHF", ".", "’"), ("£{}", "GBP", ".", ","), ("{}円", "JPY", ".", ","),
]  # fmt: skip


@given(cents=st.integers(min_value=1, max_value=10**9), locale=st.sampled_from(LOCALES))
def test_every_amount_written_in_a_locale_is_read_back(cents, locale):
    form, currency, mark, separator = locale
    amount = Decimal(cents).scaleb(-currency_exponent(currency))
    text = form.format(grouped(amount, currency=currency, mark=mark, separator=separator))

    assert parse_price_text(text, decimal_mark=mark) == Money(amount, currency)


@given(cents=st.integers(min_value=1, max_value=10**9), locale=st.sampled_from(LOCALES))
def test_without_a_locale_an_amount_is_read_right_or_refused(cents, locale):
    form, currency, mark, separator = locale
    amount = Decimal(cents).scaleb(-currency_exponent(currency))
    text = form.format(grouped(amount, currency=currency, mark=mark, separator=separator))

    try:
        found = parse_price_text(text)
    except AmountUnclear:
        return
    assert found == Money(amount, currency)


@given(text=st.text(alphabet="0123456789.,'’ $€£-–%/()eEtoNabc\u00a0\u202f\u0664", max_size=30))
def test_any_text_is_a_plain_amount_or_a_typed_refusal(text):
    try:
        found = parse_price_text(text, currency="USD")
    except FetchFailed:
        return
    assert found.amount >= 0
    digits = "".join(letter for letter in text if letter in "0123456789")
    assert digits in (str(found.amount).replace(".", ""), "")


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("425.00", "425.00"), (29.99, "29.99"), (7, "7"), (Decimal("12.5"), "12.5"), (None, None), ("", None),
        (0, None), ("0.00", None), (0.0, None),
    ],
)  # fmt: skip
def test_json_amount_is_read_and_zero_means_none(value, amount):
    assert read_json_amount(value) == (amount and Decimal(amount))


@pytest.mark.parametrize(
    "value",
    [
        "-1.00", -1, "NaN", float("nan"), float("inf"), "Infinity", "1e3", 1e30, "1,234.50", "$5", " 5", True,
        False, [], {}, "\u0664\u0662", "99999999999", Decimal("NaN"), "5.",
    ],
)  # fmt: skip
def test_json_value_that_is_no_plain_amount_is_refused(value):
    with pytest.raises(AmountUnclear):
        read_json_amount(value)


@pytest.mark.parametrize("value", ["", "usd", "US", "XXX", None, 5, "USDT"])
def test_unknown_currency_is_refused(value):
    with pytest.raises(CurrencyUnclear):
        read_currency(value)
