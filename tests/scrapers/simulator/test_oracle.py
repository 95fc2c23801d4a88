"""The oracle passes a polite client and objects to every kind of impolite one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from scrapers.simulator.app import create_simulator
from scrapers.simulator.faults import FaultRule
from scrapers.simulator.serving import RunningSimulator, start_simulator
from tests.scrapers.simulator.calls import ebay_headers, ebay_search

GAP = 0.1
FEED = "/cardkingdom/api/sealed_pricelist"
SEARCH = "/ebay_site/sch/i.html?_nkw=box"


@pytest.fixture
async def strict(simulated_world, simulator_clock) -> AsyncIterator[RunningSimulator]:
    """A simulator whose oracle wants a tenth of a second between requests."""
    running = await start_simulator(create_simulator(simulated_world, clock=simulator_clock, least_gap=GAP))
    yield running
    await running.stop()


@pytest.fixture
async def client(strict) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(strict.url, headers={"User-Agent": "ArbsiteTests/1.0"}) as session:
        yield session


async def ask(client: aiohttp.ClientSession, path: str = FEED, **options) -> int:
    async with client.get(path, **options) as response:
        await response.read()
        return response.status


def rules(running: RunningSimulator) -> list[str]:
    return [one.rule for one in running.simulator.oracle.violations]


async def test_polite_client_passes(strict, client):
    await ask(client, "/ebay_site/robots.txt")
    for path in (SEARCH, FEED, SEARCH, FEED):
        await ask(client, path)
        await asyncio.sleep(GAP)

    strict.simulator.oracle.assert_polite()
    assert strict.simulator.oracle.report()["by_endpoint"] == {"ebay_site": 3, "cardkingdom": 2}


async def test_haste_is_objected_to(strict, client):
    strict.simulator.oracle.least_gap = 60.0  # more than a busy machine takes for two requests
    await ask(client)
    await ask(client)

    assert rules(strict) == ["min_gap"]
    with pytest.raises(AssertionError, match="min_gap: /cardkingdom"):
        strict.simulator.oracle.assert_polite()


async def test_two_requests_at_once_are_objected_to(strict, client):
    rule = FaultRule(route="/*", kind="slow_headers", data={"seconds": 1.5})
    strict.simulator.faults.add(rule, now=strict.simulator.now())
    first = asyncio.create_task(ask(client))
    await asyncio.sleep(GAP + 0.02)
    await asyncio.gather(first, ask(client))

    assert rules(strict) == ["concurrency"]


@pytest.mark.parametrize("kind", ["429", "429_date"])
async def test_asking_before_the_time_is_objected_to(strict, client, kind):
    rule = FaultRule(route="/*", kind=kind, count=1, data={"retry_after": 5})
    strict.simulator.faults.add(rule, now=strict.simulator.now())
    await ask(client)
    await asyncio.sleep(GAP)
    await ask(client)

    assert rules(strict) == ["retry_after"]


async def test_forbidden_paths_and_unread_rules_are_objected_to(strict, client):
    await ask(client, SEARCH)
    await ask(client, "/ebay_site/robots.txt")
    await asyncio.sleep(GAP)
    await ask(client, "/ebay_site/sch/private?_nkw=box")

    assert rules(strict) == ["robots_unread", "robots"]


async def test_rules_at_the_root_count_for_every_site(strict, client):
    await ask(client, "/robots.txt")
    await ask(client, SEARCH)

    strict.simulator.oracle.assert_polite()


@pytest.mark.parametrize("agent", ["", "python-requests/2.32", "Mozilla/5.0 (X11; Linux)", "aiohttp/3.14"])
async def test_hidden_identities_are_objected_to(strict, client, agent):
    await ask(client, headers={"User-Agent": agent})

    assert rules(strict) == ["user_agent"]


async def test_changing_identities_are_objected_to(strict, client):
    await ask(client, headers={"User-Agent": "Arbsite/0.1"})
    await asyncio.sleep(GAP)
    await ask(client, headers={"User-Agent": "Arbsite/0.2"})

    assert rules(strict) == ["user_agent_rotated"]


@pytest.mark.parametrize("query", ["access_token=x", "q=simulator-secret", "apikey=1", "client_id=simulator"])
async def test_secrets_in_addresses_are_objected_to(strict, client, query):
    await ask(client, f"{FEED}?{query}")

    assert rules(strict) == ["secret_in_query"]


async def test_a_write_of_unknown_outcome_may_not_be_sent_again_but_a_read_may(strict, client):
    rule = FaultRule(route="POST /*", kind="503")
    strict.simulator.faults.add(rule, now=strict.simulator.now())
    for path in ("/cardmarket_api/ws/v2.0/stock", "/tcgplayer_mpapi/v2/product/1/latestsales"):
        for _ in range(2):
            async with client.post(path, json={"limit": 1}) as response:
                await response.read()
            await asyncio.sleep(GAP)

    assert rules(strict) == ["resent_write", "robots_unread", "robots_unread"]


async def test_headers_are_kept_without_secrets(strict, client):
    headers = await ebay_headers(client)
    async with ebay_search(client, headers, q="box") as response:
        await response.read()

    kept = [one.headers.get("authorization") for one in strict.simulator.oracle.requests]
    assert kept == ["(hidden)", "(hidden)"]
    assert "simulator-secret" not in str(strict.simulator.oracle.requests)


async def test_fault_and_outcome_are_recorded(strict, client):
    rule = FaultRule(route="/*", kind="reset")
    strict.simulator.faults.add(rule, now=strict.simulator.now())
    with pytest.raises(aiohttp.ClientError):
        await ask(client)
    async with asyncio.timeout(30):
        while not strict.simulator.oracle.requests[-1].fault:  # noqa: ASYNC110 - noted after the reset
            await asyncio.sleep(0.01)

    seen = strict.simulator.oracle.requests[-1]
    assert (seen.fault, seen.status) == ("reset", 0)
    assert seen.at == strict.simulator.now()
    assert strict.simulator.now() - seen.at == timedelta(0)
