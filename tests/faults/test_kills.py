"""Each program of the live desk may die: the others go on, it comes back, and nothing stale lives on."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from redis.exceptions import RedisError

from arbsite.demo.live import install_live_desk
from common.clock import utc_now
from common.live import SPREADS_STREAM
from common.live_process import read_processes
from common.redis import shared_redis
from opportunities.choices import CrossVenueState
from opportunities.models import CrossVenueOpportunity
from pricing.quotebook import LiveQuote, all_quotes, is_fresh
from scrapers.selectors.markets import market_list
from tests.faults.own_redis import OwnRedis
from tests.faults.programs import NAMES, Programs, venues

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

PATIENCE = 90.0
MAX_AGE_MS = {"crypto": 3_000, "giftcard": 4_000}


class Watch:
    """What a control room can see, read as it reads it."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def until(self, condition: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {what}; {self.describe()}"
            assert not self.programs.ended(), f"ended: {self.programs.ended()}; {self.programs.said()}"
            time.sleep(0.2)  # looking costs the programs their processor on a small machine

    def fresh(self, market: str) -> list[LiveQuote]:
        """Return the quotes of a market that may be acted on now."""
        now_ms, most = time.time_ns() // 1_000_000, MAX_AGE_MS[market]
        return [
            quote
            for quotes in all_quotes(market).values()
            for quote in quotes
            if is_fresh(quote, now_ms=now_ms, max_age_ms=most, max_skew_ms=2_000)
        ]

    def is_up(self, name: str) -> bool:
        """Tell whether the program that was started last beats, and does what it is there for."""
        known = {one.name: one for one in read_processes()}
        one = known.get(name)
        return one is not None and one.pid == self.programs.pid(name) and one.state == "live"

    def live_markets(self, kind: str) -> list[str]:
        now_ms = time.time_ns() // 1_000_000
        return [one.code for one in market_list(now_ms=now_ms) if one.kind == kind and one.state == "live"]

    def open_routes(self) -> int:
        """Return how many crypto routes count as open now: a row past its end does not."""
        return CrossVenueOpportunity.objects.filter(
            market="crypto", state=CrossVenueState.OPEN, expires_at__gt=utc_now()
        ).count()

    def stored_routes(self) -> int:
        """Return how many crypto routes nobody closed yet."""
        return CrossVenueOpportunity.objects.filter(market="crypto", state=CrossVenueState.OPEN).count()

    def goes_on(self, market: str, *names: str) -> None:
        """Wait for proof that the other programs were not touched."""
        self.until(lambda: self.fresh(market) and all(map(self.is_up, names)), f"{market} goes on")

    def works(self) -> bool:
        """Tell whether everything is there: quotes of both kinds, a route, live processes."""
        return bool(
            all(self.is_up(name) for name in NAMES)
            and self.fresh("crypto")
            and self.fresh("giftcard")
            and self.open_routes()
        )

    def describe(self) -> str:
        try:
            beats = [(one.name, one.state, one.detail, one.age_ms) for one in read_processes()]
        except (RedisError, OSError) as error:
            beats = [(type(error).__name__, "", "", 0)]
        return f"{beats} routes={self.open_routes()} {self.programs.said()}"


@pytest.fixture
def watch(own_redis: OwnRedis, settings) -> Iterator[Watch]:
    """Start all four programs on the simulated venues, and wait until the desk works."""
    settings.REDIS_URL = own_redis.url
    install_live_desk(now=utc_now())
    with TemporaryDirectory(prefix="arb-kills-") as folder, venues() as simulator:
        settings.VENUE_SIMULATOR_URL = simulator.url
        programs = Programs(venues_url=simulator.url, redis_url=own_redis.url, folder=Path(folder))
        watch = Watch(programs)
        try:
            for name in NAMES:
                programs.start(name)
            watch.until(watch.works, "the desk works")
            yield watch
        finally:
            programs.kill_all()


def test_any_program_may_die_and_nothing_stale_lives_on(watch: Watch):
    kill_sink(watch)
    kill_giftcards(watch)  # while the sink starts again
    watch.until(watch.open_routes, "routes are written down again")
    kill_ingest(watch)
    kill_signals(watch)

    watch.until(watch.works, "everything works again")


def kill_giftcards(watch: Watch) -> None:
    watch.programs.kill("giftcards")
    watch.until(lambda: not watch.fresh("giftcard"), "no gift-card quote counts any more")
    watch.goes_on("crypto", "ingest", "signals")
    watch.programs.start("giftcards")


def kill_sink(watch: Watch) -> None:
    watch.programs.kill("sink")
    watch.until(lambda: not watch.open_routes(), "no route counts as open that nobody writes down any more")
    waiting = int(shared_redis().xlen(SPREADS_STREAM))
    watch.until(lambda: int(shared_redis().xlen(SPREADS_STREAM)) > waiting, "sightings go on")
    watch.goes_on("crypto", "ingest", "signals")
    watch.programs.start("sink")


def kill_ingest(watch: Watch) -> None:
    watch.programs.kill("ingest")
    watch.until(lambda: not watch.fresh("crypto"), "no crypto quote counts any more")
    watch.until(lambda: not watch.live_markets("crypto"), "no exchange is shown as live")
    watch.until(lambda: not watch.stored_routes(), "every route was closed")
    watch.goes_on("giftcard", "giftcards", "sink")
    watch.programs.start("ingest")
    watch.until(lambda: watch.fresh("crypto") and watch.open_routes(), "ingest is back and routes open again")


def kill_signals(watch: Watch) -> None:
    watch.programs.kill("signals")
    watch.until(lambda: not watch.fresh("crypto"), "no crypto quote counts any more")
    watch.until(lambda: not watch.stored_routes(), "the sink closed what nobody saw any more")
    watch.goes_on("giftcard", "giftcards", "ingest", "sink")
    watch.programs.start("signals")
