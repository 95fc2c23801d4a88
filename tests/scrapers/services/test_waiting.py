"""A host that is to be left alone costs a cycle time and nothing else, whatever the reason."""

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Self

import pytest
from redis.asyncio import Redis

from common.clock import utc_now
from common.resilience import Breaker, Pacer
from scrapers.http import Host, PoliteSession
from scrapers.http.robots import Robots
from scrapers.models import ProductFetch
from scrapers.services.cycle import PUT_OFF, run_cycle
from scrapers.services.desk import Setup
from tests.common.resilience.namespaces import own_redis
from tests.pricing.factories import make_product
from tests.scrapers.http.sessions import USER_AGENT
from tests.scrapers.venue import API, PAGE, Venue
from tests.scrapers.watching import Recorder


class RealSession:
    """The product's own session in the shape that scrapers of the small venue know."""

    def __init__(self, url: str, *, has_robots: bool, has_state: bool) -> None:
        self._host = Host.of(url, is_private_allowed=True)
        self._has_robots, self._has_state = has_robots, has_state
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        client, namespace = await self._stack.enter_async_context(own_redis())
        if not self._has_state:
            client = Redis(unix_socket_path="/nowhere/redis.sock")
            self._stack.push_async_callback(client.aclose)
        robots = Robots(client, user_agent=USER_AGENT, namespace=namespace) if self._has_robots else None
        self._session = await self._stack.enter_async_context(
            PoliteSession(
                user_agent=USER_AGENT,
                pacer=Pacer(client, delay=0.0, namespace=namespace),
                breaker=Breaker(client, namespace=namespace),
                robots=robots,
                allowed=[self._host],
                patience=0.1,
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def requests_sent(self) -> int:
        return self._session.requests_sent

    async def get(self, url: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, Any]:
        found = await self._session.get(url, headers=headers)
        return found.status, found.body, found.headers

    async def post(self, url: str) -> None:
        """The token is not what these tests are about."""


def _cycle(
    setup: Setup,
    tmp_path: Any,
    run: Recorder | None = None,
    *,
    has_robots: bool = False,
    has_state: bool = True,
) -> Recorder:
    def open_real(*, allowed_urls: Any, **_: Any) -> Any:
        return RealSession(next(iter(allowed_urls)), has_robots=has_robots, has_state=has_state)

    run = run or Recorder(utc_now())
    real = Setup(mode=setup.mode, sources=setup.sources, open_session=open_real)
    run_cycle(run, inbox=tmp_path / "inbox", kinds=("csv",), setup=real)
    return run


@pytest.fixture
def boxes(db: None, venue: Venue) -> None:
    for number in range(1, 6):
        make_product(f"Box {number}", sealed=True, ids={"mcm": str(number)})
        venue.prices[str(number)] = "80"


def test_told_to_wait_once_the_rest_is_put_off_until_the_wait_is_over(boxes, make_setup, venue, tmp_path):
    venue.statuses, venue.headers = {"api": 429}, {"Retry-After": "1200"}

    run = _cycle(make_setup(API), tmp_path)

    assert sum(venue.requests.values()) == 1
    assert list(ProductFetch.objects.values_list("outcome", flat=True)) == ["rate_limited"]
    assert [code for code, _ in run.errors] == ["rate_limited"]
    assert run.is_continued
    assert run.resume_at is not None
    assert timedelta(minutes=19) < run.resume_at - run.now <= timedelta(minutes=20)


def test_a_longer_pause_than_a_call_can_wait_for_slows_the_cycle_down(boxes, make_setup, venue, tmp_path):
    venue.robots = "User-agent: *\nCrawl-delay: 90\n"

    run = _cycle(make_setup(PAGE), tmp_path, has_robots=True)

    assert sum(venue.requests.values()) == run.counts["prices_stored"] == 0
    assert not ProductFetch.objects.exists()
    assert run.errors == []
    assert run.resume_at is not None
    assert timedelta(seconds=80) < run.resume_at - run.now <= timedelta(seconds=90)


def test_while_robots_txt_cannot_be_read_nothing_counts_as_tried(boxes, make_setup, venue, tmp_path):
    venue.robots_status, venue.headers = 302, {"Location": "https://elsewhere.example/robots.txt"}

    run = _cycle(make_setup(PAGE), tmp_path, has_robots=True)

    assert (sum(venue.requests.values()), ProductFetch.objects.count(), run.errors) == (0, 0, [])
    assert run.resume_at is not None
    assert timedelta(minutes=9) < run.resume_at - run.now <= timedelta(minutes=10)


def test_without_shared_state_nothing_is_asked_and_nothing_counts_as_tried(
    boxes, make_setup, venue, tmp_path
):
    run = _cycle(make_setup(API), tmp_path, has_state=False)

    assert (sum(venue.requests.values()), ProductFetch.objects.count(), run.errors) == (0, 0, [])
    assert run.resume_at == run.now + PUT_OFF


def test_a_key_that_is_refused_is_shown_once_in_a_cycle(boxes, make_setup, venue, tmp_path):
    venue.statuses = {"api": 401}
    setup = make_setup(API)

    run = _cycle(setup, tmp_path)
    _cycle(setup, tmp_path, run)

    assert sum(venue.requests.values()) == 1
    assert [code for code, _ in run.errors] == ["credentials_refused"]
    assert (run.is_continued, run.counts["left_for_next_cycle"]) == (False, 4)


def test_the_next_route_goes_on_without_the_one_whose_key_is_refused(boxes, make_setup, venue, tmp_path):
    venue.statuses = {"api": 401}

    run = _cycle(make_setup(API, PAGE), tmp_path)

    assert len([name for name in venue.requests if name.startswith("api/")]) == 1
    assert len([name for name in venue.requests if name.startswith("page/")]) == 5
    assert [code for code, _ in run.errors] == ["credentials_refused"]
