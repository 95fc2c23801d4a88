"""What the ingest process says about itself."""

from collections.abc import Iterator
from random import Random

import aiohttp
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scrapers.streams.addresses import StreamAddress
from scrapers.streams.exchanges import adapter_maker
from scrapers.streams.facts import IngestCollector, ingest_facts
from scrapers.streams.latency import Latency
from scrapers.streams.outlet import Outlet
from scrapers.streams.runner import StreamRunner
from scrapers.streams.timing import Timing
from scrapers.streams.wiring import Wiring


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet("tcp://127.0.0.1:*") as one:
        yield one


async def runners_of(outlet: Outlet, states: dict[str, str]) -> list[StreamRunner]:
    async with aiohttp.ClientSession() as http:
        wiring = Wiring(http=http, send=outlet.send, timing=Timing(), rng=Random(7))
        made = []
        for exchange, state in states.items():
            address = StreamAddress("ws://127.0.0.1:1", "http://127.0.0.1:1")
            runner = StreamRunner(adapter_maker(exchange, ["BTC/USDT"]), address=address, wiring=wiring)
            runner.state = state
            made.append(runner)
    return made


@pytest.mark.parametrize(
    ("states", "state", "detail"),
    [
        ({"okx": "live", "bybit": "live"}, "live", ""),
        ({"okx": "live", "bybit": "stale"}, "degraded", "bybit stale"),
        ({"okx": "connecting", "bybit": "syncing"}, "down", "okx connecting, bybit syncing"),
    ],
)
async def test_process_is_as_well_as_its_exchanges(
    outlet: Outlet, states: dict[str, str], state: str, detail: str
):
    facts = ingest_facts(await runners_of(outlet, states), outlet)

    assert (facts["state"], facts["detail"]) == (state, detail)
    assert set(facts["exchanges"]) == set(states)


async def test_figures_add_up_over_the_exchanges(outlet: Outlet):
    runners = await runners_of(outlet, {"okx": "live", "bybit": "live"})
    for runner in runners:
        runner.counts.messages, runner.counts.gaps, runner.counts.checksums = 10, 1, 2
        runner.reconnects = 3
        runner.latency.add(30_000)
    outlet.dropped = {"okx": 4, "bybit": 5}

    facts = ingest_facts(runners, outlet)

    assert {name: facts[name] for name in ("messages", "gaps", "reconnects", "dropped")} == {
        "messages": 20, "gaps": 6, "reconnects": 6, "dropped": 9,
    }  # fmt: skip
    assert facts["latency"]["p50_us"] == 35
    assert [bucket["count"] for bucket in facts["latency"]["buckets"]] == [0, 0, 0, *[2] * 14]  # cumulative
    assert facts["memory_mb"] > 0


async def test_prometheus_reads_the_same_figures(outlet: Outlet):
    runners = await runners_of(outlet, {"okx": "live"})
    runners[0].counts.gaps = 7
    runners[0].latency.add(30_000)
    registry = CollectorRegistry()
    registry.register(IngestCollector(runners, outlet))

    text = generate_latest(registry).decode()

    assert 'arbsite_live_ingest_messages_total{exchange="okx",kind="gaps"} 7.0' in text
    assert 'arbsite_live_ingest_state{exchange="okx",state="live"} 1.0' in text
    assert 'arbsite_live_ingest_seconds_bucket{exchange="okx",le="2e-05"} 0.0' in text
    assert 'arbsite_live_ingest_seconds_bucket{exchange="okx",le="+Inf"} 1.0' in text


def test_quantiles_of_a_latency():
    latency = Latency()
    assert latency.quantile_us(0.5) == 0
    for microseconds in [3] * 50 + [60] * 49 + [400_000]:
        latency.add(microseconds * 1_000)

    assert [latency.quantile_us(share) for share in (0.5, 0.51, 0.99, 1.0)] == [5, 75, 75, 250_000]
