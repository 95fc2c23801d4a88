"""Tests of `/books/`: what counts, what is only shown, and what is said when nothing can be known."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common.live import MARKETS_KEY, QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis
from pricing.quotebook import CRYPTO, LiveQuote, queue_quotes
from tests.pricing.factories import make_user
from tests.pricing.quotebook.quotes import quote
from users.choices import Role

pytestmark = pytest.mark.django_db


class Card:
    """A brand of one test's own."""

    def __init__(self) -> None:
        self.brand = f"brand-{uuid4().hex[:12]}"
        self.symbol = f"giftcard:{self.brand}:50:USD:US"

    def store(self, *quotes: LiveQuote, symbol: str = "") -> None:
        pipeline = shared_redis().pipeline()
        queue_quotes(pipeline, [replace(one, symbol=symbol or self.symbol) for one in quotes])
        pipeline.execute()


@pytest.fixture
def card() -> Iterator[Card]:
    found = Card()
    yield found
    client = shared_redis()
    names: Any = client.zrange(SYMBOLS_KEY, 0, -1)
    for name in [name for name in names if found.brand.encode() in name]:
        client.zrem(SYMBOLS_KEY, name)
        client.delete(f"{QUOTES_PREFIX}{name.decode()}")


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("vera", Role.VIEWER))
    return client


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def fresh(venue: str, **facts: Any) -> LiveQuote:
    return quote(venue, **{"received_ms": now_ms(), **facts})


def books(reader: Client, query: str) -> list[dict[str, Any]]:
    answer = reader.get(f"/api/v1/books/?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_a_book_shows_every_venue_and_the_best_of_the_fresh_ones(reader, card):
    old = now_ms() - 3_600_000
    card.store(
        fresh("alpha", ask="46.25"),
        fresh("beta", bid="46.90"),
        fresh("gamma", ask="40.00", received_ms=old),
        fresh("delta", ask="39.00", state="withdrawn"),
    )

    (book,) = books(reader, f"symbol={card.symbol}")

    assert (book["base"], book["quote"], book["denomination"], book["region"]) == (
        card.brand,
        "USD",
        "50",
        "US",
    )
    assert book["best_ask"] == {"venue": "alpha", "price": "46.25", "size": None}
    assert (book["best_bid"]["venue"], book["is_crossed"]) == ("beta", True)
    states = {one["venue"]: (one["state"], one["is_fresh"]) for one in book["venues"]}
    assert states == {
        "alpha": ("live", True),
        "beta": ("live", True),
        "delta": ("withdrawn", False),
        "gamma": ("stale", False),
    }
    assert next(one for one in book["venues"] if one["venue"] == "gamma")["age_ms"] >= 3_600_000


def test_levels_are_shown_when_asked_for(reader, card):
    levels = ((quote(ask=46).ask, quote(ask=3).ask),)
    card.store(fresh("alpha", ask="46", asks=levels))

    (plain,), (deep,) = books(reader, f"symbol={card.symbol}"), books(reader, f"symbol={card.symbol}&depth=1")

    assert "asks" not in plain["venues"][0]
    assert deep["venues"][0]["asks"] == [["46", "3"]]


def test_a_gated_venue_and_a_gated_card_never_count(reader, card):
    venue = f"v-{card.brand}"
    abroad = f"giftcard:{card.brand}:50:GBP:GB"
    shared_redis().hset(MARKETS_KEY, venue, json.dumps({"gated_reason": "Region GB …"}))
    try:
        card.store(fresh(venue, ask="40.00"), fresh("alpha", ask="46.00"))
        card.store(fresh("alpha", ask="40.00", currency="GBP"), symbol=abroad)
        found = {book["symbol"]: book for book in books(reader, f"base={card.brand}")}
    finally:
        shared_redis().hdel(MARKETS_KEY, venue)

    assert found[card.symbol]["best_ask"]["venue"] == "alpha"
    assert {one["venue"]: one["state"] for one in found[card.symbol]["venues"]} == {
        venue: "gated",
        "alpha": "live",
    }
    assert (found[abroad]["best_ask"], found[abroad]["venues"][0]["state"]) == (None, "gated")


def test_crypto_is_gated_by_no_country_and_ages_faster(reader, card, settings):
    settings.TICK_MAX_AGE_MS, settings.MAX_QUOTE_AGE_MS = 5_000, 60_000
    base = uuid4().hex[:10].upper()
    symbol = f"crypto:{base}/USDT"
    try:
        card.store(
            fresh("kraken", ask="0.000000010", market=CRYPTO),
            fresh("okx", ask="0.00000001", market=CRYPTO, received_ms=now_ms() - 10_000),
            symbol=symbol,
        )
        (book,) = books(reader, f"market=crypto&base={base}")
    finally:
        shared_redis().delete(f"{QUOTES_PREFIX}{symbol}")
        shared_redis().zrem(SYMBOLS_KEY, symbol)

    assert book["best_ask"] == {"venue": "kraken", "price": "0.000000010", "size": None}
    assert [one["state"] for one in book["venues"]] == ["live", "stale"]
    assert (book["denomination"], book["region"]) == (None, "")


def test_the_list_is_narrowed_and_refuses_what_it_does_not_know(reader, card):
    card.store(fresh("alpha", ask="46.25"))

    assert books(reader, f"market=crypto&symbol={card.symbol}") == []
    assert books(reader, "base=nobody-has-this") == []
    for query in ("market=stocks", "depth=2", "colour=red", "page=0"):
        assert reader.get(f"/api/v1/books/?{query}").status_code == 400


def test_without_redis_nothing_is_known(reader, settings):
    settings.REDIS_URL = "unix:///nonexistent/redis.sock"

    answer = reader.get("/api/v1/books/")

    assert (answer.status_code, answer.json()["code"]) == (503, "quotes_unreadable")


def test_foreign_keys_are_not_shown(reader, card):
    strange = f"{card.brand}:no-symbol"
    card.store(fresh("alpha", ask="46.25"), symbol=strange)

    assert strange not in {book["symbol"] for book in books(reader, "page_size=200")}
