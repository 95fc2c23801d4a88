import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from common.live import SIGNALS_CHANNEL, SIGNALS_HISTORY, SIGNALS_STREAM, SPREADS_STREAM
from opportunities.live import publisher as module
from opportunities.live.publisher import MAX_PENDING, Publisher
from opportunities.live.resp import command

from .conftest import PATIENCE, OwnRedis
from .makers import NOW_MS

MAX_AGE_MS = 5_000


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition on the loop that the publisher runs on."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def publishing(url: str, connected: list[int] | None = None) -> AsyncIterator[Publisher]:
    seen = connected if connected is not None else []
    publisher = Publisher(url, max_age_ms=MAX_AGE_MS, on_connected=lambda: seen.append(1))
    work = asyncio.create_task(publisher.run())
    try:
        yield publisher
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def body(number: int) -> bytes:
    return json.dumps({"number": number}).encode()


def history(server: OwnRedis) -> list[int]:
    return [json.loads(raw)["number"] for raw in server.client.zrange(SIGNALS_HISTORY, 0, -1)]


def test_commands_are_as_redis_reads_them() -> None:
    assert (
        command("SET", "ключ", b"\x00\r\n")
        == b"*3\r\n$3\r\nSET\r\n$8\r\n\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87\r\n$3\r\n\x00\r\n\r\n"
    )


async def test_signal_reaches_channel_history_and_stream(own_redis: OwnRedis) -> None:
    listener = own_redis.client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(SIGNALS_CHANNEL)
    listener.get_message(timeout=PATIENCE)
    async with publishing(own_redis.url) as publisher:
        await until(lambda: publisher.is_connected)
        publisher.add_signal(NOW_MS, body(1))
        publisher.add_sighting(b"{}")
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

    assert listener.get_message(timeout=PATIENCE)["data"] == body(1)
    assert own_redis.client.zrange(SIGNALS_HISTORY, 0, -1, withscores=True) == [(body(1), float(NOW_MS))]
    assert [fields for _, fields in own_redis.client.xrange(SIGNALS_STREAM)] == [{b"data": body(1)}]
    assert [fields for _, fields in own_redis.client.xrange(SPREADS_STREAM)] == [{b"data": b"{}"}]
    listener.close()


async def test_history_keeps_the_last_thousand(own_redis: OwnRedis) -> None:
    async with publishing(own_redis.url) as publisher:
        await until(lambda: publisher.is_connected)
        for number in range(1_500):
            publisher.add_signal(NOW_MS + number, body(number))
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

    assert history(own_redis) == list(range(500, 1_500))


async def test_signals_go_on_after_redis_was_gone_and_what_waited_arrives(own_redis: OwnRedis) -> None:
    connected: list[int] = []
    async with publishing(own_redis.url, connected) as publisher:
        await until(lambda: publisher.is_connected)
        own_redis.kill()
        await until(lambda: not publisher.is_connected)
        publisher.add_signal(NOW_MS, body(1))
        publisher.add_news(command("SET", "news", "old"), 1)
        publisher.flush(NOW_MS)
        assert publisher.backlog == 1

        own_redis.start()
        await until(lambda: publisher.is_connected)
        publisher.add_signal(NOW_MS + 1, body(2))
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

    assert history(own_redis) == [1, 2]
    assert own_redis.client.get("news") is None
    assert len(connected) == 2
    assert publisher.counts.dropped == 0


async def test_signal_that_waited_too_long_is_kept_but_not_announced(own_redis: OwnRedis) -> None:
    listener = own_redis.client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(SIGNALS_CHANNEL)
    listener.get_message(timeout=PATIENCE)
    async with publishing(own_redis.url) as publisher:
        await until(lambda: publisher.is_connected)
        publisher.add_signal(NOW_MS - MAX_AGE_MS - 1, body(1))
        publisher.add_signal(NOW_MS - MAX_AGE_MS, body(2))
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

    assert listener.get_message(timeout=PATIENCE)["data"] == body(2)
    assert history(own_redis) == [1, 2]
    listener.close()


async def test_buffer_is_bounded_and_counts_what_it_drops() -> None:
    publisher = Publisher("unix:///nowhere/r.sock", max_age_ms=MAX_AGE_MS, on_connected=lambda: None)
    for number in range(MAX_PENDING + 3):
        publisher.add_signal(NOW_MS, body(number))
        publisher.flush(NOW_MS)

    assert (publisher.backlog, publisher.counts.dropped) == (MAX_PENDING, 3)


async def test_redis_that_hangs_is_given_up_and_nothing_is_lost(
    own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPLY_SECONDS", 0.1)
    async with publishing(own_redis.url) as publisher:
        await until(lambda: publisher.is_connected)
        own_redis.pause()
        publisher.add_signal(NOW_MS, body(1))
        publisher.flush(NOW_MS)
        await until(lambda: publisher.backlog == 1)
        monkeypatch.setattr(module, "REPLY_SECONDS", PATIENCE)
        own_redis.resume()
        await until(lambda: publisher.is_connected)
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

    assert history(own_redis) == [1]


async def test_refusal_of_a_full_redis_is_counted_and_said(own_redis: OwnRedis) -> None:
    async with publishing(own_redis.url) as publisher:
        await until(lambda: publisher.is_connected)
        own_redis.client.config_set("maxmemory", "1")
        publisher.add_signal(NOW_MS, body(1))
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)

        assert publisher.counts.refused >= 2
        assert publisher.refusal.startswith("OOM")

        own_redis.client.config_set("maxmemory", "0")
        publisher.add_signal(NOW_MS + 1, body(2))
        publisher.flush(NOW_MS)
        await publisher.finish(PATIENCE)
        assert publisher.refusal == ""

    assert history(own_redis) == [2]


async def test_password_is_given_and_a_wrong_one_never_counts_as_connected(own_redis: OwnRedis) -> None:
    own_redis.client.config_set("requirepass", "secret")
    wrong = own_redis.url.replace("unix://", "unix://:wrong@")
    right = own_redis.url.replace("unix://", "unix://:secret@")
    async with publishing(wrong) as publisher:
        await asyncio.sleep(0.1)
        assert not publisher.is_connected
    async with publishing(right) as publisher:
        await until(lambda: publisher.is_connected)


def test_unix_and_tcp_addresses_are_read() -> None:
    def options(url: str) -> dict[str, Any]:
        return Publisher(url, max_age_ms=1, on_connected=lambda: None)._options

    assert options("unix:///tmp/r.sock?db=4")["path"] == "/tmp/r.sock"
    assert options("redis://:p@127.0.0.1:6390/2") | {} == {
        "host": "127.0.0.1",
        "port": 6390,
        "db": 2,
        "password": "p",
    }
