"""Tests of `pricing.quotebook.quote` and `.storing`."""

import json
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis
from pricing.quotebook import (
    QuotesUnreadable,
    all_quotes,
    queue_quotes,
    quote_json,
    quoted_symbols,
    quotes_by_symbol,
    quotes_of,
    read_quote_json,
)

from .quotes import NOW_MS, SYMBOL, quote

sizes = st.one_of(st.none(), st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False))
prices = st.one_of(st.none(), st.decimals(min_value=Decimal("1e-12"), max_value=10**9, allow_nan=False))
whole = st.one_of(st.none(), st.integers(min_value=0, max_value=2**50))


@given(
    prices, prices, sizes, whole, whole, st.text(max_size=30), st.lists(st.tuples(prices, sizes), max_size=5)
)
def test_a_quote_survives_its_json(bid, ask, size, venue_time, expires, name, levels):
    kept = tuple((price, size) for price, size in levels if price is not None and size is not None)
    one = quote(
        bid=bid,
        ask=ask,
        bid_size=size,
        venue_time_ms=venue_time,
        expires_ms=expires,
        quote_id=name,
        asks=kept,
    )

    assert read_quote_json(SYMBOL, "alpha", quote_json(one)) == one


@pytest.mark.parametrize(
    "change",
    [
        {"bid": "NaN"},
        {"bid": "-1"},
        {"bid": "0"},
        {"bid": 46.5},
        {"ask_size": "-1"},
        {"received_ms": "1790000000000"},
        {"received_ms": True},
        {"state": "fine"},
        {"market": "stocks"},
        {"bids": [["1"]]},
    ],
)
def test_a_damaged_quote_is_refused(change):
    body = {**json.loads(quote_json(quote(bid=45))), **change}

    with pytest.raises(ValueError, match="no live quote"):
        read_quote_json(SYMBOL, "alpha", json.dumps(body))


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_quote_at_all_is_refused(raw):
    with pytest.raises(ValueError, match="no live quote"):
        read_quote_json(SYMBOL, "alpha", raw)


@pytest.fixture
def symbol() -> Iterator[str]:
    """A symbol of this test's own, forgotten afterwards."""
    name = f"giftcard:{uuid4().hex}:50:USD:US"
    yield name
    shared_redis().delete(f"{QUOTES_PREFIX}{name}")
    shared_redis().zrem(SYMBOLS_KEY, name)


def store(*quotes) -> None:
    pipeline = shared_redis().pipeline()
    queue_quotes(pipeline, quotes)
    pipeline.execute()


def test_stored_quotes_are_read_back_by_venue(symbol):
    beta, alpha = quote("beta", ask=45, symbol=symbol), quote("alpha", ask=46, symbol=symbol)
    store(beta, alpha)

    assert quotes_of(symbol) == [alpha, beta]
    assert all_quotes("giftcard")[symbol] == [alpha, beta]
    assert symbol in quoted_symbols("giftcard")
    assert symbol not in quoted_symbols("crypto")
    assert quotes_by_symbol([symbol, "giftcard:none:1:USD:US"]) == {
        symbol: [alpha, beta],
        "giftcard:none:1:USD:US": [],
    }


def test_a_newer_quote_replaces_the_older_one(symbol):
    store(quote("alpha", ask=46, symbol=symbol))
    store(quote("alpha", ask=47, symbol=symbol, received_ms=NOW_MS + 1))

    assert [one.ask for one in quotes_of(symbol)] == [47]


def test_a_damaged_entry_hides_itself_only(symbol):
    store(quote("alpha", ask=46, symbol=symbol))
    shared_redis().hset(f"{QUOTES_PREFIX}{symbol}", "beta", "{broken")

    assert [one.venue for one in quotes_of(symbol)] == ["alpha"]


def test_a_venue_that_left_a_card_a_day_ago_is_not_shown_with_the_others(symbol):
    """The hash stays as long as any venue quotes the card."""
    day = 86_400_000
    received = {"alpha": NOW_MS, "beta": NOW_MS + 1, "gamma": NOW_MS + day + 1}
    store(*(quote(name, ask=46, symbol=symbol, received_ms=at) for name, at in received.items()))

    assert [one.venue for one in quotes_of(symbol)] == ["beta", "gamma"]


def test_quotes_do_not_stay_for_ever(symbol):
    store(quote("alpha", ask=46, symbol=symbol))

    assert 0 < shared_redis().ttl(f"{QUOTES_PREFIX}{symbol}") <= 86_400


def test_without_redis_nothing_is_known(settings):
    settings.REDIS_URL = "unix:///nonexistent/redis.sock"

    for read in (lambda: quotes_of(SYMBOL), all_quotes, quoted_symbols, lambda: quotes_by_symbol([SYMBOL])):
        with pytest.raises(QuotesUnreadable) as caught:
            read()
        assert (caught.value.code, caught.value.status) == ("quotes_unreadable", 503)
