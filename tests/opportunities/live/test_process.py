import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import zmq

from common.live import LIVE_STREAM, MARKETS_KEY, SIGNALS_HISTORY, SPREADS_STREAM, SYMBOLS_KEY
from opportunities.live.engine import SignalEngine
from opportunities.live.process import SignalProcess
from opportunities.live.receiver import Receiver
from opportunities.live.reporting import SignalCollector
from pricing.quotebook import quotes_of
from quant.spreads.messages import Beat, Message, Withdrawn, encode

from .conftest import OwnRedis
from .makers import quote, terms
from .test_publisher import until


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return f"ipc://{tmp_path}/ticks"


@pytest.fixture
def ingest(endpoint: str) -> Iterator[Any]:
    """Bind the socket that ingest would."""
    context = zmq.Context()
    socket = context.socket(zmq.PUSH)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, 100_000)
    socket.bind(endpoint)
    yield socket
    socket.close()
    context.term()


@asynccontextmanager
async def running(endpoint: str, url: str) -> AsyncIterator[SignalProcess]:
    stopping = asyncio.Event()
    process = SignalProcess(terms(max_age_ms=60_000), endpoint=endpoint, redis_url=url)
    work = asyncio.create_task(process.run(stopping))
    try:
        yield process
    finally:
        stopping.set()
        await work


async def send(socket: Any, *messages: Message | bytes) -> None:
    """Send without blocking the loop that the receiver reads on."""
    for message in messages:
        frame = message if isinstance(message, bytes) else encode(message)
        while True:
            try:
                socket.send(frame, zmq.NOBLOCK)
                break
            except zmq.Again:
                await asyncio.sleep(0.001)


def gap() -> tuple[Message, Message]:
    now = time.time_ns()
    return quote("binance", 99.0, 100.0, at=now), quote("okx", 102.0, 103.0, at=now)


def sightings(server: OwnRedis) -> list[dict[str, Any]]:
    return [json.loads(fields[b"data"]) for _, fields in server.client.xrange(SPREADS_STREAM)]


def news(server: OwnRedis, topic: str) -> list[dict[str, Any]]:
    entries = [fields for _, fields in server.client.xrange(LIVE_STREAM)]
    return [json.loads(one[b"data"]) for one in entries if one[b"topic"] == topic.encode()]


async def test_ticks_become_a_signal_quotes_news_and_sightings(
    endpoint: str, ingest: Any, own_redis: OwnRedis
) -> None:
    async with running(endpoint, own_redis.url) as process:
        await until(lambda: process.publisher.is_connected)
        await send(ingest, Beat("binance", "live", time.time_ns(), lag_ms=7, messages=3), *gap())
        await until(lambda: sightings(own_redis) and news(own_redis, "market") and news(own_redis, "quote"))

    (signal,) = own_redis.client.zrange(SIGNALS_HISTORY, 0, -1)
    assert json.loads(signal)["action"] == "BUY_BINANCE_SELL_OKX"
    assert json.loads(signal)["latency_us"] >= 0
    opened, *_, closed = sightings(own_redis)
    assert (opened["event"], closed["event"], closed["reason"]) == ("open", "closed", "stale")
    assert opened["at_ms"] < closed["at_ms"]
    quotes = quotes_of("crypto:BTC/USDT")
    assert [(one.venue, one.state) for one in quotes] == [("binance", "stale"), ("okx", "stale")]
    assert own_redis.client.zscore(SYMBOLS_KEY, "crypto:BTC/USDT")
    assert json.loads(own_redis.client.hget(MARKETS_KEY, "binance"))["latency_ms"] == 7
    assert news(own_redis, "signal")[0]["name"] == "signal"
    assert news(own_redis, "spread")[0]["name"] == "open"
    best = {"venue": "binance", "price": "100.0", "size": "2.0"}
    assert best in [one["best_ask"] for one in news(own_redis, "quote")]
    assert news(own_redis, "quote")[-1]["best_ask"] is None


async def test_withdrawn_venue_is_shown_and_its_route_closes(
    endpoint: str, ingest: Any, own_redis: OwnRedis
) -> None:
    async with running(endpoint, own_redis.url) as process:
        await until(lambda: process.publisher.is_connected)
        await send(ingest, *gap())
        await until(lambda: sightings(own_redis))
        await send(ingest, Withdrawn("okx", "BTC/USDT", "gap", time.time_ns()))
        await until(lambda: sightings(own_redis)[-1]["event"] == "closed")

        assert sightings(own_redis)[-1]["reason"] == "withdrawn"
        await until(lambda: {one.state for one in quotes_of("crypto:BTC/USDT")} == {"live", "withdrawn"})


async def test_large_burst_is_taken_whole_and_rubbish_is_counted(
    endpoint: str, ingest: Any, own_redis: OwnRedis
) -> None:
    async with running(endpoint, own_redis.url) as process:
        for number in range(5_000):
            await send(ingest, quote("binance", 99.0 + number / 1e6, 100.0, at=time.time_ns()))
            if number % 1_000 == 0:
                await send(ingest, b"rubbish")
        await until(lambda: process.receiver.messages == 5_005)

        assert process.receiver.invalid == 5
        assert process.engine.ticks == 5_000


async def test_message_that_breaks_something_leaves_none_behind_it_unread(endpoint: str, ingest: Any) -> None:
    def fail(_at_ms: int, _body: bytes) -> None:
        raise ZeroDivisionError

    engine = SignalEngine(terms(), add_signal=fail)
    receiver = Receiver(endpoint, high_water_mark=10_000, engine=engine, after_burst=lambda _now: None)
    receiver.start()
    try:
        await send(ingest, *gap(), *[quote("binance", 99.0, 100.0, at=time.time_ns())] * 1_000)
        await until(lambda: receiver.messages == 1_002)
    finally:
        receiver.close()

    assert engine.ticks == 1_002
    assert receiver.invalid > 0


async def test_what_redis_lost_is_written_again_after_its_restart(
    endpoint: str, ingest: Any, own_redis: OwnRedis
) -> None:
    async with running(endpoint, own_redis.url) as process:
        await until(lambda: process.publisher.is_connected)
        await send(ingest, *gap())
        await until(lambda: sightings(own_redis))
        own_redis.kill()
        await until(lambda: not process.publisher.is_connected)
        assert process.facts()["state"] == "degraded"
        measured = sum(process.engine.latencies.counts)
        now = time.time_ns()
        await send(ingest, quote("okx", 102.5, 103.0, at=now))
        await until(lambda: process.engine.signals == 2)
        assert sum(process.engine.latencies.counts) == measured == 1
        own_redis.start()
        await until(lambda: [one["event"] for one in sightings(own_redis)] == ["open"])

        await until(lambda: len(quotes_of("crypto:BTC/USDT")) == 2)


async def test_health_says_what_is_missing(endpoint: str, ingest: Any, own_redis: OwnRedis) -> None:
    async with running(endpoint, own_redis.url) as process:
        await until(lambda: process.publisher.is_connected)
        assert process.facts()["detail"] == "No word from run_ingest."
        await send(ingest, Beat("binance", "live", time.time_ns()))
        await until(lambda: process.facts()["state"] == "live")


async def test_prometheus_gets_every_counter(endpoint: str, own_redis: OwnRedis) -> None:
    async with running(endpoint, own_redis.url) as process:
        names = {metric.name for metric in SignalCollector(process).collect()}

    assert "arbsite_live_signals_latency_seconds" in names
    assert all(name.startswith("arbsite_live_signals_") for name in names)
