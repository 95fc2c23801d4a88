"""Tests of `/markets/`: rows with their health, and what is said while health cannot be read."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from catalog.models import Venue
from common.live import MARKETS_KEY
from common.redis import shared_redis
from scrapers.models import LiveMarket
from scrapers.selectors.markets import SILENT_MS, market_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(alice, client: Client) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def code() -> Iterator[str]:
    """A market of this test's own, whose health is forgotten afterwards."""
    name = f"desk-{uuid4().hex[:12]}"
    yield name
    shared_redis().hdel(MARKETS_KEY, name)


def declare(code: str, **change: Any) -> LiveMarket:
    venue = Venue.objects.create(code=code, name="A desk", kind="giftcard", currency="USD")
    facts: dict[str, Any] = {"kind": "giftcard", "adapter": "json", "side": "sell", "region": "US",
                             "currency": "USD", "fee_bps": "12.5", **change}  # fmt: skip
    return LiveMarket.objects.create(code=code, venue=venue, **facts)


def tell(code: str, **change: Any) -> None:
    now_ms = time.time_ns() // 1_000_000
    health = {"code": code, "state": "live", "latency_ms": 41.7, "last_quote_ms": now_ms - 500, "quotes": 15,
              "errors": 2, "reconnects": 1, "invalid": 3, "dropped": 0, "last_error": "", "breaker": "closed",
              "at": now_ms, **change}  # fmt: skip
    shared_redis().hset(MARKETS_KEY, code, json.dumps(health))


def shown(reader: Client, code: str) -> dict[str, Any]:
    answer = reader.get("/api/v1/markets/?page_size=200")
    assert answer.status_code == 200
    return next(one for one in answer.json()["results"] if one["code"] == code)


def test_a_market_is_shown_with_its_health(reader, code):
    declare(code)
    tell(code)

    found = shown(reader, code)

    assert (found["state"], found["latency_ms"], found["quotes"], found["invalid"]) == ("live", 41.7, 15, 3)
    assert (found["fee_bps"], found["name"], found["origin"]) == ("12.500", "A desk", "staff")
    assert found["age_ms"] >= 500
    assert found["last_quote_at"].endswith("Z")


def test_a_market_nobody_asks_is_down(reader, code):
    declare(code)

    found = shown(reader, code)

    assert (found["state"], found["last_quote_at"], found["quotes"]) == ("down", None, 0)
    assert "run_giftcards does not run or cannot use it" in found["last_error"]


def test_old_health_says_nothing_about_now(reader, code):
    declare(code)
    tell(code, at=time.time_ns() // 1_000_000 - SILENT_MS - 1_000)

    assert shown(reader, code)["state"] == "down"


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({"is_enabled": False}, "disabled", ""),
        ({"region": "GB"}, "gated", "Region GB is not in ALLOWED_REGIONS."),
        ({"region": ""}, "gated", "Its region is unknown."),
        ({"currency": "EUR"}, "gated", "Currency EUR is not in ALLOWED_CURRENCIES."),
    ],
)
def test_what_is_off_or_out_of_bounds_says_so(reader, code, change, state, reason):
    declare(code, **change)
    tell(code)

    found = shown(reader, code)

    assert (found["state"], found["gated_reason"]) == (state, reason)


def test_a_market_of_a_venue_that_is_off_is_off(reader, code):
    row = declare(code)
    Venue.objects.filter(pk=row.venue_id).update(is_enabled=False)

    found = shown(reader, code)

    assert (found["state"], found["last_error"]) == ("disabled", "")


def test_without_redis_the_list_is_complete_and_the_states_unknown(reader, code, settings):
    declare(code)
    settings.REDIS_URL = "unix:///nonexistent/redis.sock"

    found = shown(reader, code)

    assert (found["state"], found["quotes"], found["last_error"]) == ("unknown", 0, "")


@pytest.mark.parametrize("raw", ["{", "[]", "null", '{"state": 7, "at": "now", "quotes": "many"}'])
def test_damaged_health_hides_no_market(reader, code, raw):
    declare(code)
    shared_redis().hset(MARKETS_KEY, code, raw)

    assert shown(reader, code)["state"] == "down"


def test_enabled_exchanges_are_listed_without_a_row(reader, settings):
    settings.CRYPTO_EXCHANGES = {"kraken": {"enabled": True, "taker_fee_bps": 40}}

    found = shown(reader, "kraken")

    assert (found["kind"], found["side"], found["fee_bps"]) == ("crypto", "both", "40.000")


def test_the_list_is_narrowed_and_refuses_what_it_does_not_know(reader, code):
    declare(code)
    tell(code)

    def codes(query: str) -> set[str]:
        return {one["code"] for one in reader.get(f"/api/v1/markets?{query}").json()["results"]}

    assert code in codes("kind=giftcard&state=live")
    assert code not in codes("kind=crypto")
    assert code not in codes("state=gated")
    for query in ("kind=stocks", "state=fine", "colour=red"):
        assert reader.get(f"/api/v1/markets/?{query}").status_code == 400


def test_no_token_is_ever_shown(reader, code):
    declare(code, token="v1:abc:secret")

    assert "secret" not in reader.get("/api/v1/markets/?page_size=200").content.decode()


def test_a_time_beyond_all_calendars_is_none():
    row = LiveMarket(code="x", kind="giftcard", adapter="json", side="sell", region="US", currency="USD")

    item = market_item(row, health={"x": {"at": 1, "last_quote_ms": 10**18}}, now_ms=1)

    assert item.last_quote_at is None
