"""Breaker, turns and Retry-After hold for whoever asks, and nothing is sent without them."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from redis.asyncio import Redis

from common.clock import FrozenClock
from common.metrics import FETCH_REQUESTS
from common.resilience import Breaker, BreakerPolicy, Pacer
from scrapers.errors import Blocked, BreakerOpen, NotListed, RateLimited, VenueUnavailable
from scrapers.http import Expect, Host, PoliteSession
from tests.common.resilience.namespaces import own_redis

from .sessions import USER_AGENT, kept_distance, quick_session, venue
from .test_attempts import Flaky, raw_server

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
PATIENT = 200.0
"""Seconds for a call whose pace matters and whose end does not, on a machine that is busy elsewhere."""


async def test_a_host_that_keeps_failing_is_left_alone():
    flaky = Flaky(*[500] * 99)
    policy = BreakerPolicy(threshold=2)
    async with venue(flaky) as base, quick_session(base, policy=policy) as session:
        for _ in range(2):
            with pytest.raises(VenueUnavailable):
                await session.get(f"{base}/")
        sent = len(flaky.seen)
        for _ in range(5):
            with pytest.raises(BreakerOpen) as refused:
                await session.get(f"{base}/")

    assert len(flaky.seen) == sent == 6
    assert refused.value.details["wait_seconds"] == pytest.approx(30, abs=1)


@pytest.mark.parametrize("status", [403, 451])
async def test_a_host_that_turns_us_away_is_left_alone_at_once(status):
    flaky = Flaky(status)
    async with venue(flaky) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/")
        with pytest.raises(BreakerOpen) as refused:
            await session.get(f"{base}/")

    assert len(flaky.seen) == 1
    assert refused.value.details["wait_seconds"] >= 14 * 60


async def test_an_article_that_is_gone_is_not_the_hosts_fault():
    flaky = Flaky(*[404] * 10)
    policy = BreakerPolicy(threshold=2)
    async with venue(flaky) as base, quick_session(base, policy=policy) as session:
        for _ in range(5):
            with pytest.raises(NotListed):
                await session.get(f"{base}/")

    assert len(flaky.seen) == 5


async def test_one_host_that_fails_does_not_stop_another():
    bad, good = Flaky(403), Flaky()
    async with venue(bad) as one, venue(good) as two, quick_session(one, two) as session:
        with pytest.raises(Blocked):
            await session.get(f"{one}/")
        assert (await session.get(f"{two}/")).status == 200


async def test_simulated_venues_on_one_origin_are_told_apart():
    flaky = Flaky(403)
    async with venue(flaky) as base:
        hosts = [Host.of(base, prefix=prefix, is_private_allowed=True) for prefix in ("/ebay_api", "/tcgcsv")]
        async with quick_session(*hosts, delay=60, patience=0.1) as session:
            with pytest.raises(Blocked):
                await session.get(f"{base}/ebay_api/x")
            assert (await session.get(f"{base}/tcgcsv/x")).status == 200


@pytest.mark.parametrize(("header", "seconds"), [
    ("30", 30), ("0", 0), ("Sat, 21 Nov 2026 12:00:45 GMT", 45), ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
    ("86400", 3600), ("soon", None), ("-5", None), ("", None),
])  # fmt: skip
async def test_retry_after_is_obeyed_in_both_forms_by_everybody(header, seconds):
    flaky = Flaky(429, 429, 429, Retry_After=header)
    clock = FrozenClock(NOW)
    async with venue(flaky) as base, quick_session(base, clock=clock, deadline=20, patience=0.1) as session:
        with pytest.raises(RateLimited) as limited:
            await session.get(f"{base}/")
        expected = None if seconds is None else timedelta(seconds=seconds)
        assert limited.value.retry_after == expected
        sent = len(flaky.seen)
        if seconds:
            with pytest.raises(RateLimited) as waiting:  # no request: the next turn is that far away
                await session.get(f"{base}/", expect=Expect.TEXT)
            assert waiting.value.retry_after is not None
            assert waiting.value.retry_after.total_seconds() == pytest.approx(seconds, abs=1)

    assert len(flaky.seen) == sent
    # A pause beyond the deadline is not waited for here; a short one is.
    assert sent == (1 if seconds and seconds > 20 else 3)


async def test_retry_after_of_a_503_is_obeyed_too():
    flaky = Flaky(503, 503, 503, Retry_After="300")
    async with venue(flaky) as base, quick_session(base, patience=0.1) as session:
        with pytest.raises(VenueUnavailable):
            await session.get(f"{base}/")
        with pytest.raises(RateLimited):
            await session.get(f"{base}/")

    assert len(flaky.seen) == 1


async def test_a_ban_holds_for_minutes():
    async with venue(Flaky(418)) as base, quick_session(base, patience=0.1) as session:
        with pytest.raises(RateLimited) as limited:
            await session.get(f"{base}/")
        with pytest.raises(RateLimited):
            await session.get(f"{base}/")

    assert limited.value.retry_after == timedelta(minutes=10)


async def test_after_a_429_we_ask_more_slowly():
    times: list[float] = []
    flaky = Flaky(429)

    async def answer(request: web.Request) -> web.Response:
        times.append(time.monotonic())
        return await flaky(request)

    async with venue(answer) as base, quick_session(base, delay=0.08, deadline=PATIENT) as session:
        started = time.monotonic()
        await session.get(f"{base}/")
        await session.get(f"{base}/")

    assert len(times) == 3
    assert kept_distance(times, started, 0.16)


async def test_attempts_keep_the_distance_too():
    times: list[float] = []
    flaky = Flaky(500, 500)

    async def answer(request: web.Request) -> web.Response:
        times.append(time.monotonic())
        return await flaky(request)

    async with venue(answer) as base, quick_session(base, delay=0.1, deadline=PATIENT) as session:
        started = time.monotonic()
        await session.get(f"{base}/")

    assert len(times) == 3
    assert kept_distance(times, started, 0.1)


async def test_a_queue_longer_than_our_patience_is_refused_without_a_request():
    flaky = Flaky()
    async with venue(flaky) as base, quick_session(base, delay=30, patience=0.1) as session:
        await session.get(f"{base}/")
        with pytest.raises(RateLimited) as limited:
            await session.get(f"{base}/")

    assert len(flaky.seen) == 1
    assert limited.value.retry_after is not None
    assert 5 < limited.value.retry_after.total_seconds() <= 30


async def test_without_redis_no_request_is_sent():
    flaky = Flaky()
    client = Redis.from_url("unix:///nonexistent/redis.sock")
    async with venue(flaky) as base:
        session = PoliteSession(
            user_agent=USER_AGENT,
            pacer=Pacer(client, delay=0),
            breaker=Breaker(client),
            robots=None,
            allowed=[Host.of(base, is_private_allowed=True)],
        )
        async with session:
            with pytest.raises(VenueUnavailable) as failed:
                await session.get(f"{base}/")

    assert flaky.seen == []
    assert failed.value.details["reason"] == "state"


async def test_when_only_turns_cannot_be_given_no_request_is_sent_either():
    flaky = Flaky()
    async with own_redis() as (client, namespace), venue(flaky) as base:
        session = PoliteSession(
            user_agent=USER_AGENT,
            pacer=Pacer(Redis.from_url("unix:///nonexistent/redis.sock"), delay=0),
            breaker=Breaker(client, policy=BreakerPolicy(threshold=1), namespace=namespace),
            robots=None,
            allowed=[Host.of(base, is_private_allowed=True)],
        )
        async with session:
            for _ in range(3):  # our own trouble does not open the venue's breaker
                with pytest.raises(VenueUnavailable):
                    await session.get(f"{base}/")

    assert flaky.seen == []


async def test_public_hosts_are_asked_through_the_proxy_and_private_ones_are_not():
    seen: list[tuple[str, str]] = []

    async def proxy(request: web.Request) -> web.Response:
        seen.append((request.method, request.raw_path))
        assert request.headers["User-Agent"] == USER_AGENT
        return web.json_response({"by": "proxy"})

    async def direct(request: web.Request) -> web.Response:
        return web.json_response({"by": "venue"})

    async with venue(proxy) as address, venue(direct) as base:
        public = Host("venue.example", port=80, scheme="http")
        private = Host.of(base, is_private_allowed=True)
        async with quick_session(public, private, proxy=address) as session:
            by_proxy = await session.get("http://venue.example/a?b=1")
            directly = await session.get(f"{base}/a")

    assert by_proxy.decode(dict) == {"by": "proxy"}
    assert directly.decode(dict) == {"by": "venue"}
    assert seen == [("GET", "http://venue.example/a?b=1")]


async def test_https_asks_the_proxy_for_a_tunnel_to_the_named_host():
    def refuse(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

    host = Host("venue.example")
    async with raw_server(refuse) as (address, seen), quick_session(host, proxy=address) as session:
        with pytest.raises(VenueUnavailable, match="proxy"):
            await session.get("https://venue.example/secret-path")

    assert len(seen) == 3
    assert all(head.startswith(b"CONNECT venue.example:443 ") for head in seen)
    assert not any(b"secret-path" in head for head in seen)


async def test_cookies_are_not_kept():
    cookies = []

    async def answer(request: web.Request) -> web.Response:
        cookies.append(dict(request.cookies))
        response = web.json_response({})
        response.set_cookie("session", "1")
        return response

    async with venue(answer) as base, quick_session(base) as session:
        await session.get(f"{base}/", headers={"Cookie": "a=b"})
        await session.get(f"{base}/")

    assert cookies == [{}, {}]


async def test_every_request_is_counted_by_venue_and_outcome():
    def count(outcome: str) -> float:
        (family,) = FETCH_REQUESTS.collect()
        labels = {"venue": "tcgcsv", "outcome": outcome}
        return sum(
            sample.value
            for sample in family.samples
            if sample.labels == labels and sample.name.endswith("_total")
        )

    before = {outcome: count(outcome) for outcome in ("ok", "unavailable", "rate_limited")}
    async with venue(Flaky(500)) as base:
        host = Host.of(base, is_private_allowed=True, label="tcgcsv")
        async with quick_session(host) as session:
            await session.get(f"{base}/")

    assert {outcome: count(outcome) - value for outcome, value in before.items()} == {
        "ok": 1,
        "unavailable": 1,
        "rate_limited": 0,
    }
