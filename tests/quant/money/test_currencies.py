"""The currency table."""

import pytest

from quant.money import UnknownCurrency, currency_exponent
from quant.money.currencies import EXPONENTS


@pytest.mark.parametrize(
    ("code", "exponent"),
    [
        ("USD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("IDR", 2),
        ("BTC", 8),
        ("USDT", 6),
    ],
)
def test_exponent_of_known_currency(code, exponent):
    assert currency_exponent(code) == exponent


@pytest.mark.parametrize("code", ["", "eur", "XXX", "EURO", None, ["EUR"]])
def test_unknown_currency_has_no_default(code):
    with pytest.raises(UnknownCurrency) as caught:
        currency_exponent(code)

    assert caught.value.code == code


def test_table_holds_only_upper_case_codes_of_plausible_exponents():
    assert all(code.isupper() and 3 <= len(code) <= 4 for code in EXPONENTS)
    assert set(EXPONENTS.values()) <= {0, 2, 3, 4, 6, 8, 9, 18}
