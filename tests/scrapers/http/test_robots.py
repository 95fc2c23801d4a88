"""robots.txt is read once a day, obeyed, and doubted when it cannot be read."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from yarl import URL

from common.resilience import Breaker, Pacer
from scrapers.errors import Blocked, FetchFailed, RateLimited, RobotsDisallowed
from scrapers.http import Expect, Host, PoliteSession
from scrapers.http.robots import KEPT_SECONDS, KEPT_UNREADABLE_SECONDS, Robots, RobotsFile
from tests.common.resilience.namespaces import own_redis

from .sessions import USER_AGENT, kept_distance, quick_session, venue


class Site:
    """A venue with a robots.txt, noting what is asked and when."""

    def __init__(self, robots: str | int | web.Response = "", *, delay: float = 0.0) -> None:
        self.robots, self.delay = robots, delay
        self.seen: list[str] = []
        self.times: list[float] = []
        self.agents: set[str] = set()

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append(request.path)
        self.times.append(time.monotonic())
        self.agents.add(request.headers["User-Agent"])
        if not request.path.endswith("/robots.txt"):
            return web.json_response({})
        await asyncio.sleep(self.delay)
        if isinstance(self.robots, int):
            return web.Response(status=self.robots, text="no")
        return web.Response(text=self.robots) if isinstance(self.robots, str) else self.robots


@asynccontextmanager
async def asking(site: Site, **options) -> AsyncIterator[tuple[PoliteSession, str]]:
    async with venue(site) as base, quick_session(base, has_robots=True, **options) as session:
        yield session, base


async def test_what_is_forbidden_is_not_asked_and_the_rest_is():
    site = Site("User-agent: *\nDisallow: /sch/\nAllow: /sch/ok\n")
    async with asking(site) as (session, base):
        await session.get(f"{base}/itm/1")
        await session.get(f"{base}/sch/ok?x=1")
        for path in ("/sch/i.html", "/sch/", "/%73ch/x"):
            with pytest.raises(RobotsDisallowed):
                await session.get(f"{base}{path}")

    assert site.seen == ["/robots.txt", "/itm/1", "/sch/ok"]
    assert site.agents == {USER_AGENT}


async def test_rules_for_our_own_name_come_first():
    site = Site("User-agent: ArbsiteTest\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n")
    async with asking(site) as (session, base):
        await session.get(f"{base}/b")
        with pytest.raises(RobotsDisallowed):
            await session.get(f"{base}/a")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
async def test_a_host_without_the_file_allows_everything(status):
    site = Site(status)
    if status in (403, 418):
        site.robots = web.Response(status=404)
    async with asking(site) as (session, base):
        await session.get(f"{base}/anything")

    assert site.seen == ["/robots.txt", "/anything"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_file_that_cannot_be_read_forbids_everything_for_a_while(status):
    site = Site(status)
    async with asking(site) as (session, base):
        for _ in range(3):
            with pytest.raises(RobotsDisallowed):
                await session.get(f"{base}/anything")

    assert site.seen == ["/robots.txt"] * 3  # three attempts, once


async def test_a_file_that_never_comes_forbids_everything():
    site = Site(delay=1)
    async with asking(site, read_seconds=0.05, deadline=1) as (session, base):
        with pytest.raises(RobotsDisallowed):
            await session.get(f"{base}/anything")

    assert "/anything" not in site.seen


async def test_a_challenge_instead_of_the_file_opens_the_breaker():
    challenge = web.Response(text="<html><title>Robot Check</title></html>", content_type="text/html")
    site = Site(challenge)
    async with asking(site) as (session, base):
        with pytest.raises(Blocked):
            await session.get(f"{base}/anything")

    assert site.seen == ["/robots.txt"]


async def test_being_told_to_wait_is_not_a_missing_file():
    site = Site(web.Response(status=429, headers={"Retry-After": "600"}))
    async with asking(site) as (session, base):
        with pytest.raises(RateLimited):
            await session.get(f"{base}/anything")

    assert site.seen == ["/robots.txt"]


async def test_the_crawl_delay_is_kept():
    site = Site("User-agent: *\nCrawl-delay: 0.2\n")
    async with asking(site, delay=0.05) as (session, base):
        started = time.monotonic()
        for number in range(3):
            await session.get(f"{base}/{number}")

    assert site.seen == ["/robots.txt", "/0", "/1", "/2"]
    assert kept_distance(site.times[:2], started, 0.05)  # the file itself is paced too
    assert kept_distance(site.times[1:], started + 0.05, 0.2)


async def test_the_request_rate_is_kept():
    site = Site("User-agent: *\nRequest-rate: 4/1\n")
    async with asking(site) as (session, base):
        started = time.monotonic()
        await session.get(f"{base}/1")
        await session.get(f"{base}/2")

    assert site.seen == ["/robots.txt", "/1", "/2"]
    assert kept_distance(site.times[1:], started, 0.25)


async def test_a_crawl_delay_beyond_our_patience_is_refused_not_ignored():
    site = Site("User-agent: *\nCrawl-delay: 3600\n")
    async with asking(site, patience=0.1) as (session, base):
        with pytest.raises(RateLimited):
            await session.get(f"{base}/1")

    assert site.seen == ["/robots.txt"]


async def test_the_file_is_shared_by_sessions_and_kept_for_a_day():
    site = Site("User-agent: *\nDisallow: /no\n")
    async with own_redis() as (client, namespace), venue(site) as base:
        for _ in range(2):
            session = PoliteSession(
                user_agent=USER_AGENT,
                pacer=Pacer(client, delay=0, namespace=namespace),
                breaker=Breaker(client, namespace=namespace),
                robots=Robots(client, user_agent=USER_AGENT, namespace=namespace),
                allowed=[Host.of(base, is_private_allowed=True)],
            )
            async with session:
                await session.get(f"{base}/yes")
        (key,) = [key async for key in client.scan_iter(match=f"{namespace}:robots:*", count=1000)]
        kept = await client.ttl(key)

    assert site.seen.count("/robots.txt") == 1
    assert 0 < kept <= KEPT_SECONDS == 86_400
    assert KEPT_UNREADABLE_SECONDS < KEPT_SECONDS


async def test_each_simulated_venue_has_its_own_file():
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/ebay/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /sch\n")
        return web.Response(status=404) if request.path.endswith("robots.txt") else web.json_response({})

    async with venue(answer) as base:
        hosts = [Host.of(base, prefix=prefix, is_private_allowed=True) for prefix in ("/ebay", "/amazon")]
        async with quick_session(*hosts, has_robots=True) as session:
            await session.get(f"{base}/amazon/sch")
            with pytest.raises(RobotsDisallowed):
                await session.get(f"{base}/ebay/sch")


async def test_a_file_on_another_host_is_not_fetched():
    other = Site("User-agent: *\nAllow: /\n")
    async with venue(other) as elsewhere:
        site = Site(web.Response(status=301, headers={"Location": f"{elsewhere}/robots.txt"}))
        async with asking(site) as (session, base):
            with pytest.raises(FetchFailed):
                await session.get(f"{base}/anything")

    assert other.seen == []


async def test_pages_are_checked_at_the_host_they_redirect_to():
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /private\n")
        return web.Response(status=302, headers={"Location": "/private/x"})

    async with venue(answer) as base, quick_session(base, has_robots=True) as session:
        with pytest.raises(RobotsDisallowed):
            await session.get(f"{base}/public", expect=Expect.HTML)


@pytest.mark.parametrize(("text", "delay"), [
    ("Crawl-delay: 5", 5), ("Crawl-delay: inf", 0), ("Crawl-delay: 1e99", 86_400), ("Crawl-delay: nan", 0),
    ("Crawl-delay: -3", 0), ("Crawl-delay: soon", 0), ("Request-rate: 1/10", 10), ("", 0),
])  # fmt: skip
async def test_a_pause_is_a_number_that_can_be_waited_for(text, delay):
    async def fetch(url: URL) -> RobotsFile:
        return RobotsFile(200, f"User-agent: *\n{text}\n".encode())

    async with own_redis() as (client, namespace):
        robots = Robots(client, user_agent=USER_AGENT, namespace=namespace)
        found = await robots.check(URL("https://venue.example/x"), Host("venue.example"), fetch=fetch)

    assert found == delay


@given(st.text(max_size=300), st.from_regex(r"/[a-z%*$?=&]{0,20}", fullmatch=True))
def test_any_file_is_read_without_an_error(text, path):
    rules = Robots(Redis(), user_agent="A/1")  # never connected: nothing is remembered here

    try:
        delay = rules.judge(URL(f"https://venue.example{path}", encoded=True), Host("venue.example"), text)
    except RobotsDisallowed:
        return

    assert 0 <= delay <= KEPT_SECONDS
