"""Tests of pollers, client and breaker against small desks on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from common.clock import utc_now
from pricing.quotebook import LiveQuote
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.errors import TargetForbidden
from scrapers.giftcards import CardQuote, Market, Reading
from scrapers.giftcards.adapters import connector_for
from scrapers.giftcards.breaker import BLOCKED_SECONDS, FAILURES, LONGEST_SECONDS, LocalBreaker
from scrapers.giftcards.client import DeskClient
from scrapers.giftcards.health import MarketHealth
from scrapers.giftcards.mock import MOCK_MARKETS
from scrapers.giftcards.polling import Limits, Poller

from .desk import Desks, item, serving, until

LIMITS = Limits(max_age_ms=15_000, max_skew_ms=2_000)
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def desks(settings) -> AsyncIterator[Desks]:
    async with serving(settings) as found:
        yield found


class Lists:
    """The lists a poller handed on."""

    def __init__(self) -> None:
        self.found: list[list[LiveQuote]] = []

    def __call__(self, code: str, quotes: list[LiveQuote]) -> None:
        self.found.append(quotes)


async def polled(market: Market, *, times: int = 1) -> tuple[MarketHealth, Lists]:
    """Ask a market some times and return how it does."""
    lists = Lists()
    poller = Poller(market, on_quotes=lists, limits=LIMITS)
    urls = connector_for(market).urls()
    async with DeskClient(urls, timeout_ms=market.timeout_ms, max_bytes=100_000) as client:
        for _ in range(times):
            await poller.poll(client)
    return poller.health(), lists


async def test_an_answer_is_handed_on_with_its_figures(desks):
    desks.bodies["alpha"] = {"quotes": [item("Amazon", "46.25"), item("Steam", "0")]}

    health, lists = await polled(desks.market("alpha"))

    assert [quote.ask for quote in lists.found[0]] == [Decimal("46.25")]
    assert (health.state, health.breaker, health.quotes, health.invalid) == ("live", "closed", 1, 1)
    assert health.refused == {"price": 1}
    assert health.latency_ms is not None
    assert health.last_error == ""


async def test_the_token_travels_in_the_header_that_was_asked_for(desks):
    desks.bodies["alpha"] = {"quotes": []}

    await polled(desks.market("alpha", token_header="X-Api-Key"))

    assert desks.headers["alpha"]["X-Api-Key"] == "t0ken"
    assert "Authorization" not in desks.headers["alpha"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (web.Response(text="{broken", headers=JSON), "unreadable_answer"),
        (web.Response(text='{"quotes": [NaN]}', headers=JSON), "unreadable_answer"),
        (web.Response(text="[" * 60_000, headers=JSON), "unreadable_answer"),
        (web.Response(text='{"quotes": [1e-99999999999999999999]}', headers=JSON), "unreadable_answer"),
        (web.Response(text='{"quotes": [' + "9" * 5_000 + "]}", headers=JSON), "unreadable_answer"),
        (web.Response(text="null", headers=JSON), "unreadable_answer"),
        (web.Response(text="", headers=JSON), "unreadable_answer"),
        (web.Response(text="x" * 100_001, headers=JSON), "unreadable_answer"),
        (
            web.Response(body=gzip.compress(b" " * 200_000), headers={**JSON, "Content-Encoding": "gzip"}),
            "unreadable_answer",
        ),
        (web.Response(text="<html><title>Hello</title></html>", headers=HTML), "unreadable_answer"),
        (web.Response(text="<html><title>Just a moment...</title></html>", headers=HTML), "blocked"),
        (web.Response(status=403, text="{}", headers=JSON), "blocked"),
        (web.Response(status=401, text="{}", headers=JSON), "credentials_refused"),
        (web.Response(status=500, text="{}", headers=JSON), "venue_unavailable"),
        (web.Response(status=404, text="{}", headers=JSON), "not_listed"),
        (web.Response(status=429, text="{}", headers={**JSON, "Retry-After": "7"}), "rate_limited"),
        (web.Response(status=302, headers={"Location": "https://example.org/"}), "unreadable_answer"),
    ],
)  # fmt: skip
async def test_a_bad_answer_is_an_error_and_never_an_empty_list(desks, answer, code):
    desks.raw["alpha"] = answer

    health, lists = await polled(desks.market("alpha"))

    assert lists.found == []
    assert health.last_error.startswith(f"{code}: ")
    assert health.errors == 1
    assert desks.requests["alpha"] == 1
    assert "t0ken" not in health.last_error


async def test_an_answer_of_which_nothing_is_believed_says_so(desks):
    desks.bodies["alpha"] = {
        "quotes": [item("Amazon", "4625"), item("Steam", "4400"), item("X", "46", side="?")]
    }

    health, lists = await polled(desks.market("alpha"))

    assert lists.found == [[]]
    assert health.last_error == "nothing_believed: None of its items is believed: price_above_face 2, side 1."
    desks.bodies["alpha"] = {"quotes": [item("Amazon", "46.25", quantity=0)]}
    assert (await polled(desks.market("alpha")))[0].last_error == ""


async def test_a_desk_that_hangs_is_given_up_in_time(desks):
    desks.hung.add("alpha")

    health, _ = await polled(desks.market("alpha", timeout_ms=100))

    assert health.last_error.startswith("venue_unavailable: ")


async def test_a_desk_that_is_not_there_is_an_error(desks, settings):
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:9"
    market = Market("alpha", LiveAdapter.JSON, MarketSide.SELL, "http://127.0.0.1:9/alpha/quotes")

    health, _ = await polled(market, times=2)

    assert (health.state, health.errors) == ("down", 2)


async def test_a_blocked_desk_is_left_alone(desks):
    desks.raw["alpha"] = web.Response(status=403, text="{}", headers=JSON)

    health, _ = await polled(desks.market("alpha"))

    assert (health.state, health.breaker) == ("down", "open")


async def test_failures_in_a_row_open_the_breaker_and_an_answer_closes_it(desks):
    desks.raw["alpha"] = web.Response(status=500, text="{}", headers=JSON)
    lists = Lists()
    market = desks.market("alpha")
    poller = Poller(market, on_quotes=lists, limits=LIMITS)
    async with DeskClient([market.url], timeout_ms=2_000) as client:
        for _ in range(FAILURES):
            await poller.poll(client)
        opened = poller.health().breaker
        del desks.raw["alpha"]
        desks.bodies["alpha"] = {"quotes": [item("Amazon", "46.25")]}
        await poller.poll(client)

    assert opened == "open"
    health = poller.health()
    assert (health.state, health.breaker, health.reconnects, health.errors) == ("live", "closed", 1, FAILURES)


async def test_a_poller_goes_on_by_itself(desks):
    desks.bodies["alpha"] = {"quotes": [item("Amazon", "46.25")]}
    lists = Lists()
    poller = Poller(desks.market("alpha"), on_quotes=lists, limits=LIMITS)

    task = asyncio.create_task(poller.run())
    await until(lambda: len(lists.found) >= 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert desks.requests["alpha"] >= 3


async def test_a_desk_that_hangs_delays_no_other(desks):
    desks.hung.add("alpha")
    desks.bodies["beta"] = {"quotes": [item("Amazon", "46.25")]}
    lists = Lists()
    pollers = [
        Poller(desks.market(name, timeout_ms=60_000), on_quotes=lists, limits=LIMITS)
        for name in ("alpha", "beta")
    ]

    tasks = [asyncio.create_task(poller.run()) for poller in pollers]
    await until(lambda: len(lists.found) >= 3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert desks.requests["alpha"] == 1


async def test_quotes_are_as_old_as_their_reading_says(desks):
    class Slow:
        def urls(self) -> tuple[str, ...]:
            return ()

        async def read(self, client: DeskClient, **_: Any) -> Reading:
            card = CardQuote("amazon", Decimal(50), "USD", "US", MarketSide.SELL, Decimal(46))
            return Reading([card], received_ms=1_500_000_000_000)

    lists = Lists()
    poller = Poller(desks.market("alpha"), on_quotes=lists, limits=LIMITS, connector=Slow())
    async with DeskClient([], timeout_ms=100) as client:
        await poller.poll(client)

    assert lists.found[0][0].received_ms == 1_500_000_000_000
    assert poller.health().last_quote_ms == 1_500_000_000_000
    assert poller.health().state == "stale"


async def test_no_mistake_whatever_ends_the_market(desks):
    class Unaddressed:
        asked = 0

        def urls(self) -> tuple[str, ...]:
            self.asked += 1
            raise ZeroDivisionError

        async def read(self, client: DeskClient, **_: Any) -> Any:
            raise AssertionError

    connector = Unaddressed()
    poller = Poller(desks.market("alpha"), on_quotes=Lists(), limits=LIMITS, connector=connector)
    task = asyncio.create_task(poller.run())
    await until(lambda: connector.asked >= 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert poller.health().last_error.endswith("ZeroDivisionError.")


async def test_a_mistake_in_a_connector_does_not_end_the_market(desks):
    class Broken:
        def urls(self) -> tuple[str, ...]:
            return ()

        async def read(self, client: DeskClient, **_: Any) -> Any:
            raise ZeroDivisionError

    poller = Poller(desks.market("alpha"), on_quotes=Lists(), limits=LIMITS, connector=Broken())
    async with DeskClient([], timeout_ms=100) as client:
        await poller.poll(client)

    assert poller.health().last_error == "connector_failed: The connector failed: ZeroDivisionError."


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/quotes",
        "http://desk.example/quotes",
        "https://desk.example:8443/quotes",
        "https://10.0.0.1/quotes",
        "https://2130706433/quotes",
        "ftp://desk.example/quotes",
        "quotes",
    ],
)
async def test_no_other_address_is_ever_asked(url):
    market = Market("alpha", LiveAdapter.JSON, MarketSide.SELL, url)

    with pytest.raises(TargetForbidden):
        async with DeskClient([url], timeout_ms=1_000) as client:
            await client.get_json(market.url)


async def test_an_address_that_may_not_be_asked_is_told():
    market = Market("alpha", LiveAdapter.JSON, MarketSide.SELL, "http://127.0.0.1:1/quotes")
    poller = Poller(market, on_quotes=Lists(), limits=LIMITS)

    task = asyncio.create_task(poller.run())
    await until(lambda: poller.health().errors)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert poller.health().last_error.startswith("target_forbidden: ")


def test_a_breaker_waits_longer_each_time_and_at_once_for_a_block():
    breaker = LocalBreaker()
    waits = []
    now = 0.0
    for _ in range(FAILURES + 8):
        breaker.fail(now=now)
        waits.append(breaker.wait(now=now))
        now += breaker.wait(now=now)

    assert waits[: FAILURES - 1] == [0.0] * (FAILURES - 1)
    assert waits[FAILURES - 1 :] == [10, 20, 40, 80, 160, 320, 640, LONGEST_SECONDS, LONGEST_SECONDS]
    breaker.succeed()
    assert (breaker.state(now=now), breaker.wait(now=now)) == ("closed", 0)
    breaker.fail(now=now, is_blocked=True)
    assert breaker.wait(now=now) == BLOCKED_SECONDS
    assert breaker.state(now=now + BLOCKED_SECONDS) == "half_open"


def test_a_market_that_asks_for_a_pause_gets_it():
    breaker = LocalBreaker()

    breaker.fail(now=100.0, pause=7.0)

    assert breaker.wait(now=100.0) == 7.0


async def test_invented_markets_are_the_same_on_every_machine():
    def clock() -> int:
        return int(utc_now().timestamp() * 1_000)

    async def prices(market: Market) -> list[Decimal]:
        async with DeskClient([], timeout_ms=100) as client:
            reading = await connector_for(market).read(client, clock=clock, max_skew_ms=0)
        return [quote.price for quote in reading.quotes]

    for market in MOCK_MARKETS:
        assert await prices(market) == await prices(market) != []
