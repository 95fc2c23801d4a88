"""Tests of the parser of gift-card desks: what is believed, what is refused and how it is counted."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.quotebook import quote_json
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.errors import MarkupDrift, UnreadableAnswer
from scrapers.giftcards import CardQuote, Market, Reading, live_quotes
from scrapers.giftcards.checks import Times
from scrapers.giftcards.json_desk import read_desk

from .strategies import anything

NOW = 1_790_000_000_000
TIMES = Times(NOW, 2_000)
SELLER = Market("alpha", LiveAdapter.JSON, MarketSide.SELL)
BUYER = Market("beta", LiveAdapter.JSON, MarketSide.BUY)
BOTH = Market("gamma", LiveAdapter.JSON, MarketSide.BOTH)


def row(**change: Any) -> dict[str, Any]:
    return {"brand": "Amazon", "denomination": "50.00", "price": "46.25", "quantity": 3, **change}


def read(*rows: Any, market: Market = SELLER, **body: Any) -> Reading:
    return read_desk({"quotes": list(rows), **body}, market, times=TIMES)


def test_a_quote_of_the_contract_is_read():
    reading = read(
        row(currency="USD", region="US", quoteId="q-1", expiresAt="2026-09-21T20:00:00.000Z"),
        asOf="2026-09-21T14:13:19Z",
    )

    assert reading.quotes == [
        CardQuote(
            "amazon", Decimal(50), "USD", "US", MarketSide.SELL, Decimal("46.25"), Decimal(3), "q-1",
            1_790_020_800_000,
        )
    ]  # fmt: skip
    assert reading.as_of_ms == NOW - 1_000
    assert not reading.refused
    assert reading.quotes[0].symbol == "giftcard:amazon:50:USD:US"


def test_prices_of_a_buying_desk_are_bids():
    (found,) = live_quotes(read(row(), market=BUYER), venue="beta", received_ms=NOW)

    assert (found.bid, found.ask, found.bid_size) == (Decimal("46.25"), None, Decimal(3))
    assert found.venue_time_ms is None


def test_floats_are_read_by_their_text():
    body = json.loads('{"quotes": [{"brand": "Steam", "denomination": 20, "price": 18.1}]}')

    assert read_desk(body, SELLER, times=TIMES).quotes[0].price == Decimal("18.1")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": 0}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": float("inf")}, "price"),
        ({"price": True}, "price"),
        ({"price": "1e2"}, "price"),
        ({"price": "46,25"}, "price"),
        ({"price": None}, "price"),
        ({"price": [1]}, "price"),
        ({"price": "75.01"}, "price_above_face"),
        ({"price": "4625"}, "price_above_face"),
        ({"price": "0.92"}, "price_below_face"),
        ({"denomination": "0"}, "denomination"),
        ({"denomination": "50.001"}, "denomination"),
        ({"denomination": "1000001"}, "denomination"),
        ({"denomination": 1e300}, "denomination"),
        ({"brand": ""}, "brand"),
        ({"brand": "!!!"}, "brand"),
        ({"brand": 7}, "brand"),
        ({"currency": "usdollar"}, "currency"),
        ({"currency": 840}, "currency"),
        ({"region": "Mars"}, "region"),
        ({"quantity": 0}, "sold_out"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quoteId": {"a": 1}}, "quote_id"),
        ({"quoteId": "q" * 201}, "quote_id"),
        ({"quoteId": "\ud800"}, "quote_id"),
        ({"quoteId": "q\x00"}, "quote_id"),
        ({"price": Decimal("46." + "2" * 40)}, "price"),
        ({"price": Decimal("1e999999")}, "price"),
        ({"price": Decimal("1e-999999")}, "price"),
        ({"brand": "Amazon 日本"}, "brand"),
        ({"brand": f"Amazon {'x' * 60} virtual"}, "brand"),
        ({"expiresAt": NOW}, "expired"),
        ({"expiresAt": NOW // 1_000}, "expires_at"),
        ({"expiresAt": "2026-09-22T00:00:00"}, "expires_at"),
        ({"expiresAt": "soon"}, "expires_at"),
        ({"side": "buy"}, "side"),
        ({"side": "lend"}, "side"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_the_rest_is_kept(change, code):
    reading = read(row(), row(**change))

    assert [quote.price for quote in reading.quotes] == [Decimal("46.25")]
    assert reading.refused == {code: 1}


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (NOW // 1_000, "as_of"),
        (NOW * 1_000, "as_of"),
        ("2026-09-21T14:13:20", "as_of"),
        (True, "as_of"),
        ("yesterday", "as_of"),
        (NOW + 2_001, "as_of_future"),
    ],
)
def test_a_list_of_an_impossible_time_is_refused_whole(moment, code):
    reading = read(row(), row(), asOf=moment)

    assert (reading.quotes, dict(reading.refused)) == ([], {code: 2})


def test_letters_with_accents_are_no_other_script():
    assert read(row(brand="Pokémon")).quotes[0].brand == "pok-mon"


def test_levels_are_shown_only_where_every_size_is_known():
    """Else the best price would be missing from its own book."""
    reading = read(row(price="46.25", quantity=None), row(price="46.50", quantity=5))

    (found,) = live_quotes(reading, venue="alpha", received_ms=NOW)

    assert (found.ask, found.ask_size, found.asks) == (Decimal("46.25"), None, ())


def test_a_little_skew_is_allowed():
    assert read(row(), asOf=NOW + 2_000).as_of_ms == NOW + 2_000


def test_a_desk_that_does_both_must_say_which():
    reading = read(row(side="sell"), row(side="buy", price="44.00"), row(), market=BOTH)

    assert dict(reading.refused) == {"side": 1}
    (found,) = live_quotes(reading, venue="gamma", received_ms=NOW)
    assert (found.bid, found.ask) == (Decimal("44.00"), Decimal("46.25"))


def test_only_the_wanted_brands_are_kept():
    market = Market("alpha", LiveAdapter.JSON, MarketSide.SELL, brands=("steam",))

    assert [quote.brand for quote in read(row(), row(brand="Steam"), market=market).quotes] == ["steam"]


def test_other_names_and_places_are_mapped():
    market = Market(
        "alpha", LiveAdapter.JSON, MarketSide.SELL, items_path="data.rows",
        field_map={"price": "cost.amount", "brand": "title", "denomination": "face", "asOf": "meta.at"},
    )  # fmt: skip
    body = {
        "meta": {"at": NOW - 5},
        "data": {"rows": [{"title": "Netflix", "face": "30", "cost": {"amount": "27.9"}}]},
    }

    reading = read_desk(body, market, times=TIMES)

    assert reading.as_of_ms == NOW - 5
    assert (reading.quotes[0].symbol, reading.quotes[0].price) == (
        "giftcard:netflix:30:USD:US",
        Decimal("27.9"),
    )


def test_a_bare_list_is_a_list():
    assert len(read_desk([row()], SELLER, times=TIMES).quotes) == 1


@pytest.mark.parametrize("body", [None, 1, "x", {}, {"quotes": None}, {"quotes": {}}, {"error": "busy"}])
def test_an_answer_without_a_list_is_no_empty_offer(body):
    with pytest.raises(UnreadableAnswer):
        read_desk(body, SELLER, times=TIMES)


def test_an_empty_list_is_an_empty_offer():
    assert read_desk({"quotes": []}, SELLER, times=TIMES).quotes == []


def test_a_list_of_something_else_is_drift():
    with pytest.raises(MarkupDrift):
        read({"name": "Amazon", "value": 50}, {"name": "Steam", "value": 20})


def test_the_best_of_several_prices_comes_first_and_the_others_are_levels():
    reading = read(row(price="46.50"), row(price="46.25", quantity=2), row(price="47.00"))

    (found,) = live_quotes(reading, venue="alpha", received_ms=NOW)

    assert (found.ask, found.ask_size) == (Decimal("46.25"), Decimal(2))
    assert [price for price, _ in found.asks] == [Decimal("46.25"), Decimal("46.50"), Decimal("47.00")]


def test_a_quote_id_is_kept_only_where_it_names_every_best_price():
    one_sided = read(row(quoteId="a"))
    two_sided = read(row(side="sell", quoteId="a"), row(side="buy", price="44", quoteId="b"), market=BOTH)

    assert live_quotes(one_sided, venue="alpha", received_ms=NOW)[0].quote_id == "a"
    assert live_quotes(two_sided, venue="gamma", received_ms=NOW)[0].quote_id == ""


rows = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(anything, st.sampled_from(["50", "46.25", "Amazon", "USD", "sell", NOW + 5_000]))
        for name in ("brand", "denomination", "price", "currency", "region", "quantity", "quoteId",
                     "expiresAt", "side")
    },
)  # fmt: skip


@given(st.one_of(anything, st.fixed_dictionaries({"asOf": anything, "quotes": st.lists(rows, max_size=4)})))
def test_whatever_a_desk_answers_is_read_or_refused_in_our_words(body):
    try:
        reading = read_desk(body, BOTH, times=TIMES)
    except UnreadableAnswer:
        return
    for quote in reading.quotes:
        assert 0 < quote.price <= quote.denomination * Decimal("1.5")
        assert quote.symbol.startswith("giftcard:")
    for found in live_quotes(reading, venue="gamma", received_ms=NOW):
        assert len(quote_json(found)) < 2_000
