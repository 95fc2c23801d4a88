"""Tests of the parsers of shops that list products: what is believed, what is refused, how it is counted."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.choices import LiveAdapter, MarketSide
from scrapers.errors import MarkupDrift, UnreadableAnswer
from scrapers.giftcards import Market, Reading, bitrefill, reloadly

from .strategies import anything

RELOADLY = Market("reloadly", LiveAdapter.RELOADLY, MarketSide.SELL)


def product(**change: Any) -> dict[str, Any]:
    return {
        "productId": 5, "productName": "Amazon US", "senderFee": 0.5, "discountPercentage": 2,
        "denominationType": "FIXED", "recipientCurrencyCode": "USD", "senderCurrencyCode": "USD",
        "fixedRecipientToSenderDenominationsMap": {"25.00": 24.0, "50.00": 48.0},
        "brand": {"brandId": 2, "brandName": "Amazon"}, "country": {"isoName": "US"}, **change,
    }  # fmt: skip


def products(*found: Any, market: Market = RELOADLY) -> Reading:
    reading = Reading()
    reloadly.read_products(list(found), market, reading)
    return reading


def test_reloadly_prices_are_sender_face_plus_fee():
    assert [(quote.symbol, quote.price) for quote in products(product()).quotes] == [
        ("giftcard:amazon:25:USD:US", Decimal("24.5")),
        ("giftcard:amazon:50:USD:US", Decimal("48.5")),
    ]


def test_a_discount_is_taken_off_only_where_the_operator_says_so():
    market = Market("reloadly", LiveAdapter.RELOADLY, MarketSide.SELL, field_map={"discount": "subtract"})

    assert [quote.price for quote in products(product(), market=market).quotes] == [
        Decimal("24.02"),
        Decimal("47.54"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"denominationType": "RANGE", "fixedRecipientToSenderDenominationsMap": None}, "range"),
        ({"recipientCurrencyCode": "EUR"}, "foreign_price"),
        ({"fixedRecipientToSenderDenominationsMap": {}}, "denominations"),
        ({"brand": None}, "brand"),
        ({"country": {}}, "region"),
        ({"senderFee": -1}, "fee"),
    ],
)
def test_reloadly_products_without_a_price_list_are_counted(change, code):
    reading = products(product(), product(**change))

    assert (len(reading.quotes), dict(reading.refused)) == (2, {code: 1})


def test_products_of_another_shape_are_drift():
    with pytest.raises(MarkupDrift):
        products({"id": 1}, {"id": 2})
    with pytest.raises(UnreadableAnswer):
        reloadly.read_products(None, RELOADLY, Reading())


def test_recorded_reloadly_products_are_read(shared_data: Path):
    page = json.loads(
        (shared_data / "wire" / "giftcards" / "reloadly_products_page.json").read_text(), parse_float=Decimal
    )

    reading = products(*page["content"])

    assert "giftcard:1-800-petsupplies:25:USD:US" in {quote.symbol for quote in reading.quotes}
    assert set(reading.refused) <= {"foreign_price", "range", "price_above_face"}
    assert all(quote.currency == "USD" for quote in reading.quotes)
    single = json.loads(
        (shared_data / "wire" / "giftcards" / "reloadly_product_10.json").read_text(), parse_float=Decimal
    )
    assert dict(products(single).refused) == {"foreign_price": 1}


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", {"a": 1}])
def test_products_are_named_in_printable_signs_or_refused(name):
    found = products(product(), product(productId=name))
    packages = bitrefill_products(
        packaged(), packaged(packages=[{"id": name, "value": "25", "prices": {"USD": "24"}}])
    )

    assert (len(found.quotes), dict(found.refused)) == (2, {"quote_id": 1})
    assert (len(packages.quotes), dict(packages.refused)) == (1, {"quote_id": 1})


@pytest.mark.parametrize("price", [Decimal("9e999999"), Decimal("1e-999999"), 10**30])
def test_an_absurd_number_spoils_only_its_own_item(price):
    found = products(product(fixedRecipientToSenderDenominationsMap={"25.00": price, "50.00": 48}))

    assert (len(found.quotes), dict(found.refused)) == (1, {"price": 1})


BITREFILL = Market("bitrefill", LiveAdapter.BITREFILL, MarketSide.SELL)


def packaged(**change: Any) -> dict[str, Any]:
    return {
        "id": "amazon-usa", "name": "Amazon.com", "brand": "Amazon", "country_code": "US", "currency": "USD",
        "packages": [{"id": "amazon-usa<&>25", "value": "25", "usdPrice": Decimal("24.1"), "prices": {}}],
        **change,
    }  # fmt: skip


def bitrefill_products(*found: Any) -> Reading:
    reading = Reading()
    bitrefill.read_products(list(found), BITREFILL, reading)
    return reading


def test_bitrefill_packages_are_quotes():
    (quote,) = bitrefill_products(packaged()).quotes

    assert (quote.symbol, quote.price, quote.quote_id) == (
        "giftcard:amazon:25:USD:US",
        Decimal("24.1"),
        "amazon-usa<&>25",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"packages": [], "range": {"min": 1}}, "range"),
        ({"packages": []}, "denominations"),
        ({"in_stock": False}, "sold_out"),
        ({"currency": "GBP"}, "foreign_price"),
        ({"country_code": "somewhere"}, "region"),
        ({"packages": [{"value": "25", "usdPrice": 0}]}, "price"),
        ({"packages": ["25"]}, "item"),
    ],
)
def test_bitrefill_products_without_a_price_are_counted(change, code):
    reading = bitrefill_products(packaged(), packaged(**change))

    assert (len(reading.quotes), dict(reading.refused)) == (1, {code: 1})


@given(
    st.lists(
        st.one_of(
            anything,
            st.builds(
                lambda x: product(**x),
                st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(
                        ("brand", "country", "senderFee", "fixedRecipientToSenderDenominationsMap"), anything
                    ),
                ),
            ),
        ),
        max_size=3,
    )
)
def test_whatever_reloadly_answers_is_read_or_refused_in_our_words(found):
    try:
        products(*found)
    except UnreadableAnswer:
        return


@given(
    st.lists(
        st.one_of(
            anything,
            st.builds(
                lambda x: packaged(**x),
                st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(
                        ("brand", "country_code", "packages", "currency", "range", "in_stock"), anything
                    ),
                ),
            ),
        ),
        max_size=3,
    )
)
def test_whatever_bitrefill_answers_is_read_or_refused_in_our_words(found):
    try:
        bitrefill_products(*found)
    except UnreadableAnswer:
        return
