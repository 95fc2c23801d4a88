from decimal import Decimal

import pytest

from scrapers.errors import UnreadableAnswer
from scrapers.venues.numbers import count_or_none, id_text, price_or_none


@pytest.mark.parametrize("text", ["0", "-1", "NaN", "sNaN", "Infinity", "-Infinity", "1e20", "100000000"])
def test_what_nobody_pays_is_no_price(text: str):
    assert price_or_none(Decimal(text)) is None


def test_prices_keep_their_digits():
    assert str(price_or_none(Decimal("1.10"))) == "1.10"
    assert price_or_none(None) is None


@pytest.mark.parametrize("text", ["84597", "84597.0", "84597.000", "8.4597E+4"])
def test_ids_are_whole_numbers_however_they_are_written(text: str):
    assert id_text(Decimal(text), name="id") == "84597"


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "NaN", "sNaN", "Infinity", "1e18"])
def test_other_numbers_are_no_ids(text: str):
    with pytest.raises(UnreadableAnswer, match="id is no id"):
        id_text(Decimal(text), name="id")


@pytest.mark.parametrize(
    ("text", "count"), [("4.0", 4), ("0", 0), ("-1", None), ("NaN", None), ("1e12", None)]
)
def test_counts_are_known_or_not(text: str, count: int | None):
    assert count_or_none(Decimal(text)) == count
