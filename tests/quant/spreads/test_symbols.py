"""Names of the same thing: equal exactly when the things are, and ids that never change."""

from decimal import Decimal
from uuid import UUID

import pytest

from quant.spreads.symbols import brand_slug, crypto_symbol, gift_card_symbol, route_fingerprint, route_id


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Amazon", "amazon"),
        ("App Store & iTunes", "app-store-itunes"),
        ("  Google Play!  ", "google-play"),
        ("x" * 59 + " yz", "x" * 59),
    ],
)
def test_brands_become_slugs(name, slug):
    assert brand_slug(name) == slug


@pytest.mark.parametrize("name", ["", "  ", "&!", "日本"])
def test_what_leaves_nothing_is_no_brand(name):
    with pytest.raises(ValueError, match="no brand"):
        brand_slug(name)


@pytest.mark.parametrize("face", ["50", "50.00", "5E+1"])
def test_the_face_value_has_one_spelling(face):
    assert gift_card_symbol("amazon", Decimal(face), "USD", "US") == "giftcard:amazon:50:USD:US"


def test_cents_are_kept():
    symbol = gift_card_symbol("app-store-itunes", Decimal("12.50"), "EUR", "DE")
    assert symbol == "giftcard:app-store-itunes:12.5:EUR:DE"


@pytest.mark.parametrize(
    ("brand", "face", "currency", "region"),
    [
        ("Amazon", "50", "USD", "US"),
        ("amazon", "0", "USD", "US"),
        ("amazon", "-5", "USD", "US"),
        ("amazon", "NaN", "USD", "US"),
        ("amazon", "50", "usd", "US"),
        ("amazon", "50", "USD", "us"),
        ("amazon:50", "50", "USD", "US"),
        ("", "50", "USD", "US"),
    ],
)
def test_what_is_no_gift_card_is_refused(brand, face, currency, region):
    with pytest.raises(ValueError, match="no gift card"):
        gift_card_symbol(brand, Decimal(face), currency, region)


def test_usd_and_usdt_stay_two_things():
    assert crypto_symbol("BTC/USDT") == "crypto:BTC/USDT"
    assert crypto_symbol("BTC/USD") != crypto_symbol("BTC/USDT")


@pytest.mark.parametrize("pair", ["BTCUSDT", "BTC/", "/USD", "btc/usdt", "USD/USD", "BTC/USD/T", ""])
def test_what_is_no_pair_is_refused(pair):
    with pytest.raises(ValueError, match="no pair"):
        crypto_symbol(pair)


def test_the_id_of_a_route_is_the_same_everywhere():
    expected = UUID("213a8fab-a25f-5728-86ce-88c79da4d81b")
    assert route_id("crypto:BTC/USDT", "binance", "kraken") == expected
    assert route_fingerprint("s", "a", "b") == "cross_venue|s|a|b"


def test_a_route_has_a_direction():
    assert route_id("s", "a", "b") != route_id("s", "b", "a")
