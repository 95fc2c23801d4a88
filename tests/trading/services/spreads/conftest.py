"""Quotes of these tests are in Redis; what one test wrote the next must not read."""

from collections.abc import Iterator

import pytest

from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis
from scrapers.choices import MarketOrigin
from tests.trading.desk_venue import DeskVenue, running_venue
from tests.trading.spread_factories import Route, make_desk, make_route


@pytest.fixture(autouse=True)
def _no_quotes() -> Iterator[None]:
    forget_quotes()
    yield
    forget_quotes()


def forget_quotes() -> None:
    """Remove every live quote."""
    client = shared_redis()
    keys = list(client.scan_iter(match=f"{QUOTES_PREFIX}*"))
    client.delete(SYMBOLS_KEY, *keys)


@pytest.fixture
def venue(settings) -> Iterator[DeskVenue]:
    """Return a venue that takes orders by HTTP as the simulator does."""
    with running_venue() as running:
        settings.VENUE_SIMULATOR_URL = running.url
        settings.LEG_TIMEOUT_MS = 20_000
        yield running


def make_demo_route(**facts) -> Route:
    """Make the route alpha → beta between two demo markets, whose orders go out by HTTP."""
    route = make_route(**facts)
    for code in ("alpha", "beta", "gamma"):
        make_desk(code, origin=MarketOrigin.DEMO)
    return route
