"""Tests of `catalog.instruments`: what a route key is made of can be read from it, and nothing else can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.choices import InstrumentKind
from catalog.instruments import read_symbol
from quant.spreads.symbols import brand_slug, crypto_symbol, gift_card_symbol

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
faces = st.decimals("0.01", 1_000_000, places=2)
codes = st.from_regex(r"[A-Z]{3}", fullmatch=True)
regions = st.from_regex(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", fullmatch=True)
assets = st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True)


@given(slugs, faces, codes, regions)
def test_a_card_is_read_from_its_symbol(brand, face, currency, region):
    parts = read_symbol(gift_card_symbol(brand_slug(brand), face, currency, region))

    assert (parts.kind, parts.base, parts.quote) == (InstrumentKind.GIFT_CARD, brand, currency)
    assert (parts.denomination, parts.region) == (face, region)


@given(assets, assets)
def test_a_pair_is_read_from_its_symbol(base, quote):
    if base == quote:
        return
    parts = read_symbol(crypto_symbol(f"{base}/{quote}"))

    assert (parts.kind, parts.base, parts.quote) == (InstrumentKind.CRYPTO, base, quote)
    assert (parts.denomination, parts.region) == (None, "")


@given(faces, faces)
def test_only_equal_denominations_have_one_symbol(one, other):
    symbols = {gift_card_symbol("amazon", face, "USD", "US") for face in (one, other)}

    assert (len(symbols) == 1) == (one == other)


@pytest.mark.parametrize(
    "symbol",
    [
        "",
        "giftcard:amazon:50:USD",
        "giftcard:amazon:0:USD:US",
        "giftcard:amazon:0.00:USD:US",
        "giftcard:amazon:-5:USD:US",
        "giftcard:amazon:5e1:USD:US",
        "giftcard:Amazon:50:USD:US",
        "giftcard:amazon:50:usd:US",
        "giftcard:amazon:50:USD:USA",
        "giftcard:amazon:50:USD:US\n",
        "giftcard:amazon:٥٠:USD:US",
        "crypto:BTC/BTC",
        "crypto:BTC",
        "crypto:btc/usd",
        "crypto:BTC/USD/EUR",
        "stock:BTC/USD",
    ],
)
def test_what_is_no_symbol_is_refused(symbol):
    with pytest.raises(ValueError, match="no symbol"):
        read_symbol(symbol)


def test_a_refusal_repeats_no_endless_text():
    with pytest.raises(ValueError, match="no symbol") as caught:
        read_symbol("x" * 100_000)

    assert len(str(caught.value)) < 200
