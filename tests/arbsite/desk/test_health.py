"""The public answer to "does it work": database, Redis, and every process the live desk should have."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from arbsite.desk.state import desk_state
from catalog.choices import InstrumentKind
from catalog.models import Venue
from common.live import MARKETS_KEY, PROCESSES_KEY
from common.redis import shared_redis
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.models import LiveMarket

NOW = 1_800_000_000_000


@pytest.fixture(autouse=True)
def _desk(settings: Any) -> Iterator[None]:
    settings.CRYPTO_EXCHANGES = {
        code: {**exchange, "enabled": False} for code, exchange in settings.CRYPTO_EXCHANGES.items()
    }
    settings.ALLOWED_REGIONS, settings.ALLOWED_CURRENCIES = ("US",), ("USD",)
    server = shared_redis()
    server.delete(PROCESSES_KEY, MARKETS_KEY)
    yield
    server.delete(PROCESSES_KEY, MARKETS_KEY)


def beat(name: str, state: str = "live", *, detail: str = "", at: int = NOW, **facts: Any) -> None:
    said = {
        "name": name, "pid": 1, "port": 8080, "started_at": "2027-01-15T08:00:00+00:00", "at": at,
        "state": state, "detail": detail, "facts": facts,
    }  # fmt: skip
    shared_redis().hset(PROCESSES_KEY, name, json.dumps(said))


def connected(code: str, state: str = "live", at: int = NOW) -> None:
    shared_redis().hset(MARKETS_KEY, code, json.dumps({"code": code, "state": state, "at": at}))


def desk_market(code: str, **changes: Any) -> None:
    venue = Venue.objects.create(code=code, name=code, currency="USD")
    LiveMarket.objects.create(
        code=code, venue=venue, kind=InstrumentKind.GIFT_CARD, adapter=LiveAdapter.JSON,
        side=MarketSide.SELL, **changes,
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/health", "/api/health", "/api/v1/health/", "/api/v1/health", "/health/"])
@pytest.mark.django_db
def test_anybody_learns_that_all_is_well(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["status"], body["mode"]) == ("ok", "paper")
    assert (body["processes"], body["markets"], body["metrics"]) == ([], {"live": 0, "total": 0}, {})


@pytest.mark.django_db
def test_a_parameter_is_refused(client: Client) -> None:
    assert client.get("/health?x=1").status_code == 400


@pytest.mark.django_db
def test_it_asks_little_and_is_not_limited(
    client: Client, django_assert_num_queries: Any, settings: Any
) -> None:
    cache.clear()
    with django_assert_num_queries(1):
        client.get("/health")


@pytest.mark.django_db
def test_processes_tell_their_state_and_plain_numbers() -> None:
    beat("sink", ticks=7, share=0.5, latency={"p50_us": 3}, is_new=True, note="x")

    (sink,) = desk_state(now_ms=NOW + 300).processes

    assert (sink.name, sink.state, sink.age_ms) == ("sink", "live", 300)
    assert sink.facts == {"ticks": 7, "share": 0.5}


@pytest.mark.parametrize("state", ["degraded", "down"])
@pytest.mark.django_db
def test_one_process_in_trouble_degrades_the_whole(client: Client, state: str) -> None:
    beat("sink", state, detail="Redis does not answer.", at=10**14)

    answer = client.get("/health")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["processes"][0]["detail"] == "Redis does not answer."


@pytest.mark.django_db
def test_details_keep_secrets_and_stories_to_themselves() -> None:
    beat("sink", "degraded", detail="GET https://me:hunter2@desk.example/?token=abcd failed " + "x" * 500)

    (sink,) = desk_state(now_ms=NOW).processes

    assert "hunter2" not in sink.detail
    assert "abcd" not in sink.detail
    assert len(sink.detail) <= 200


@pytest.mark.django_db
def test_an_enabled_exchange_means_processes_that_are_missed(settings: Any) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = True
    beat("ingest")

    desk = desk_state(now_ms=NOW)

    states = {process.name: (process.state, process.age_ms) for process in desk.processes}
    assert states == {"ingest": ("live", 0), "signals": ("down", None), "sink": ("down", None)}
    assert not desk.is_well


@pytest.mark.django_db
def test_connections_count_as_live_only_while_they_say_so(settings: Any) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = True
    settings.MAX_QUOTE_AGE_MS = 15_000
    for code in ("alpha", "beta", "gamma", "delta"):
        desk_market(code)
    connected("kraken")
    connected("alpha")
    connected("beta", "down")
    connected("gamma", at=NOW - 15_001)
    connected("of_yesterday")

    desk = desk_state(now_ms=NOW)

    assert (desk.live_markets, desk.markets) == (2, 5)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"region": "US", "currency": "USD"}, 1),
        ({"region": "DE"}, 0),
        ({"currency": "EUR"}, 0),
        ({"is_enabled": False}, 0),
    ],
)
@pytest.mark.django_db
def test_only_markets_that_may_be_traded_with_count(changes: dict[str, Any], count: int) -> None:
    desk_market("alpha", **changes)

    desk = desk_state(now_ms=NOW)

    assert desk.markets == count
    assert {process.name for process in desk.processes} == ({"giftcards", "sink"} if count else set())


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"state": "live"}', b'{"state": "live", "at": "now"}'])
@pytest.mark.django_db
def test_an_unreadable_connection_is_not_live(settings: Any, raw: bytes) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = True
    shared_redis().hset(MARKETS_KEY, "kraken", raw)

    assert desk_state(now_ms=NOW).live_markets == 0


@pytest.mark.django_db
def test_without_redis_it_still_answers(client: Client, settings: Any) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = True
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    answer = client.get("/health")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert {process["state"] for process in answer.json()["processes"]} == {"down"}


@pytest.mark.django_db(transaction=True)
def test_without_a_database_it_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/health")
        connection.close()

    assert (answer.status_code, answer.json()["status"]) == (503, "down")
