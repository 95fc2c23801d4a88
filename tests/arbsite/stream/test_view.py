"""The stream's endpoint through Django's own ASGI handler, with the real Redis behind it."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.test import Client

from arbsite.stream import hub, view
from arbsite.stream.cutting import cutting
from arbsite.stream.hub import current_hub
from common.events import STREAM_KEY, Topic, publish_event
from common.live import LIVE_STREAM, live_entry, publish_live
from common.redis import shared_redis

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _public(settings, monkeypatch):
    settings.API_PUBLIC_READ = True
    # each request has a thread of its own here, and a kept connection would outlive it
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
    shared_redis().delete(STREAM_KEY, LIVE_STREAM)
    yield
    shared_redis().delete(STREAM_KEY, LIVE_STREAM)


class Connection:
    """One open answer; `until(text)` reads on until the text has come."""

    def __init__(self, query: str = "", **headers: str) -> None:
        scope = {
            "type": "http", "method": "GET", "path": "/api/v1/stream", "query_string": query.encode(),
            "headers": [
                (b"host", b"localhost"),
                *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
            ],
            "client": ("127.0.0.1", 5), "server": ("localhost", 80), "http_version": "1.1", "scheme": "http",
        }  # fmt: skip
        self.channel = ApplicationCommunicator(cutting(ASGIHandler(), "/api/v1/stream"), scope)
        self.text = ""

    async def open(self) -> int:
        await self.channel.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await self.channel.receive_output(timeout=60)
        status: int = start["status"]
        return status

    async def until(self, wanted: str) -> str:
        async with asyncio.timeout(60):
            while wanted not in self.text:
                message = await self.channel.receive_output(timeout=60)
                self.text += message["body"].decode()
        return self.text

    async def close(self) -> None:
        await self.channel.send_input({"type": "http.disconnect"})
        await self.channel.wait(timeout=60)


@pytest.fixture
async def connect():
    opened = []

    def make(query: str = "", **headers: str) -> Connection:
        opened.append(Connection(query, **headers))
        return opened[-1]

    yield make
    for connection in opened:
        await connection.close()


def publish(number: int, *, topic: Topic = Topic.JOB, **facts) -> None:
    publish_event(topic=topic, name="progress", data={"id": number}, **facts)
    connections.close_all()  # this thread is not the test's


async def test_events_arrive_with_id_topic_and_data(connect):
    connection = connect("topics=job")
    assert await connection.open() == 200
    await connection.until("event: hello")

    await asyncio.to_thread(publish, 7)
    text = await connection.until('"id": 7')

    assert text.startswith("retry: 2000\n\n")
    assert "event: job\n" in text
    assert json.loads(text.rpartition("data: ")[2]) == {"name": "progress", "id": 7}


async def test_other_topics_and_other_peoples_events_stay_away(connect):
    connection = connect("topics=job")
    await connection.open()
    await connection.until("event: hello")

    await asyncio.to_thread(publish, 1, topic=Topic.MARKET)
    await asyncio.to_thread(publish, 2, user_id="0199f0a0-0000-7000-8000-000000000001")
    await asyncio.to_thread(publish, 3)
    text = await connection.until('"id": 3')

    assert '"id": 1' not in text
    assert '"id": 2' not in text


async def test_a_client_that_comes_back_gets_what_it_missed(connect):
    await asyncio.to_thread(publish, 1)
    newest: Any = shared_redis().xrevrange(STREAM_KEY, count=1)
    seen = newest[0][0].decode()
    await asyncio.to_thread(publish, 2)

    connection = connect("topics=job", last_event_id=seen)
    await connection.open()
    text = await connection.until('"id": 2')

    assert '"resumed": true' in text
    assert '"id": 1' not in text


async def test_what_is_no_longer_kept_is_fetched_again(connect):
    await asyncio.to_thread(publish, 1)

    connection = connect("topics=job", last_event_id="5-0")
    await connection.open()
    text = await connection.until("event: resync")

    assert '"resumed": false' in text


async def test_a_listener_that_is_cut_off_ends_and_frees_its_place(connect):
    connection = connect("topics=job")
    await connection.open()
    await connection.until("event: hello")
    (listener,) = current_hub()._listeners

    listener.evict()
    await connection.channel.wait(timeout=60)

    assert current_hub().count_of("address:127.0.0.1") == 0


async def test_an_answer_ends_so_that_rights_are_looked_at_again(connect, monkeypatch):
    monkeypatch.setattr(view, "LIFE_SECONDS", 0.0)
    connection = connect("topics=job")
    await connection.open()

    await connection.channel.wait(timeout=60)

    assert current_hub().count_of("address:127.0.0.1") == 0


async def test_more_streams_than_allowed_are_told_so(connect, settings):
    settings.STREAMS_PER_ADDRESS = 1
    first, second = connect(), connect()
    await first.open()
    await first.until("event: hello")

    await second.open()
    text = await second.until("event: refused")

    assert "too_many_streams" in text


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("topics=jobs", {}),
        ("topic=job", {}),
        ("", {"last_event_id": "soon"}),
        ("", {"last_event_id": "9" * 99}),
    ],
    ids=["unknown topic", "unknown parameter", "no id", "endless id"],
)
async def test_what_makes_no_sense_is_refused(connect, query, headers):
    connection = connect(query, **headers)

    assert await connection.open() == 400


async def test_without_a_login_it_is_closed_where_reading_is_not_public(connect, settings):
    settings.API_PUBLIC_READ = False

    assert await connect().open() == 401


def test_a_process_that_cannot_stream_says_so():
    answer = Client().get("/api/v1/stream")

    assert (answer.status_code, answer.json()["code"]) == (421, "stream_not_served_here")


async def test_live_news_has_no_id_and_comes_as_its_newest_state(connect):
    connection = connect("topics=quote,job")
    await connection.open()
    await connection.until("event: hello")

    def write() -> None:
        pipeline = shared_redis().pipeline(transaction=True)
        for price in range(300):
            entry: Any = live_entry(topic=Topic.QUOTE, key="BTC/USD", data={"name": "book", "price": price})
            pipeline.xadd(LIVE_STREAM, entry)
        pipeline.execute()
        publish(1)
        publish_live(topic=Topic.QUOTE, key="ETH/USD", data={"name": "book", "price": "last"})

    await asyncio.to_thread(write)
    text = await connection.until('"last"')

    assert '"price": 299' in text
    assert text.count('"price": ') == 2, "older states of a price are left out"
    assert text.count("id: ") == text.count("event: job\n") == 1, "only the job's event can be resumed"


async def test_a_client_that_comes_back_is_not_told_old_prices(connect):
    await asyncio.to_thread(publish, 1)
    newest: Any = shared_redis().xrevrange(STREAM_KEY, count=1)
    await asyncio.to_thread(publish, 2)
    await asyncio.to_thread(publish_live, topic=Topic.QUOTE, key="BTC/USD", data={"name": "old"})

    connection = connect("topics=quote,job", last_event_id=newest[0][0].decode())
    await connection.open()
    await connection.until("event: hello")
    await asyncio.to_thread(publish_live, topic=Topic.QUOTE, key="BTC/USD", data={"name": "new"})
    text = await connection.until('"new"')

    assert '"id": 2' in text
    assert '"old"' not in text


@pytest.mark.parametrize(
    "entry",
    [
        {"topic": "quote", "key": "a", "data": "{}\n\nevent: hello\ndata: {}"},
        {"topic": "gossip", "key": "a", "data": "{}"},
        {"topic": "quote", "data": "{}"},
        {"topic": "quote", "key": b"\xff", "data": "{}"},
        {"topic": "quote", "key": "a", "data": "x" * 70_000},
    ],
    ids=["two events in one", "unknown topic", "no key", "no text", "too large"],
)
async def test_an_entry_that_is_no_news_is_left_out(connect, entry):
    connection = connect("topics=quote")
    await connection.open()
    await connection.until("event: hello")

    await asyncio.to_thread(shared_redis().xadd, LIVE_STREAM, entry)
    await asyncio.to_thread(publish_live, topic=Topic.QUOTE, key="b", data={"name": "good"})
    text = await connection.until('"good"')

    assert text.count("event: ") == 2


async def test_an_event_that_is_none_is_left_out(connect):
    connection = connect("topics=job")
    await connection.open()
    await connection.until("event: hello")

    await asyncio.to_thread(shared_redis().xadd, STREAM_KEY, {"topic": "job", "data": "{}"})
    await asyncio.to_thread(shared_redis().xadd, STREAM_KEY, {"topic": "job", "user": "", "data": "[]"})
    await asyncio.to_thread(publish, 5)

    assert '"id": 5' in await connection.until('"id": 5')


async def test_more_live_news_than_is_kept_means_fetch_again(connect, monkeypatch):
    monkeypatch.setattr(hub, "READ_COUNT", 1)
    connection = connect("topics=quote")
    await connection.open()
    await connection.until("event: hello")
    publish_one: dict[Any, Any] = {"topic": "quote", "key": "a", "data": '{"name": "one"}'}
    await asyncio.to_thread(shared_redis().xadd, LIVE_STREAM, publish_one)
    await connection.until('"one"')

    def overflow() -> None:
        pipeline = shared_redis().pipeline(transaction=True)
        for key in "bcd":
            pipeline.xadd(LIVE_STREAM, publish_one | {"key": key}, maxlen=2, approximate=False)
        pipeline.execute()

    await asyncio.to_thread(overflow)

    assert "event: resync" in await connection.until("event: resync")
