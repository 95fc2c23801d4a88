"""Routes against the venue simulator: two readings of one format, written apart, must agree."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from common.clock import FrozenClock
from scrapers.base import BaseScraper, Configuration
from scrapers.http import Host, PoliteSession
from scrapers.simulator.app import create_simulator
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import start_simulator
from scrapers.simulator.world import SimulatedArticle, World
from tests.scrapers.http.sessions import quick_session

NOW = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
Route = TypeVar("Route", bound=BaseScraper)
Make = Callable[[PoliteSession, Configuration, FrozenClock], Route]


@asynccontextmanager
async def simulated(make: Make[Route], folder: Path = Path()) -> AsyncIterator[tuple[Route, World]]:
    """Give a route that asks a simulator of a small world, and the world."""
    world = seeded_world()
    clock = FrozenClock(NOW)
    simulator = await start_simulator(create_simulator(world, clock=clock, least_gap=0.0))
    urls = {name: f"{simulator.url}/{name}" for name in settings.VENUE_URLS}
    hosts = [Host.of(url, prefix=f"/{name}", is_private_allowed=True) for name, url in urls.items()]
    credentials = {
        name: "simulator-secret" if name.endswith(("SECRET", "PRIVATE_KEY")) else "simulator"
        for name in settings.VENUE_CREDENTIALS
    }
    configuration = Configuration(urls, credentials, dict(settings.VENUE_OPTIONS), folder=folder)
    try:
        async with quick_session(*hosts, clock=clock) as session:
            yield make(session, configuration, clock), world
    finally:
        await simulator.stop()


def box_of(world: World) -> SimulatedArticle:
    """Return a sealed product."""
    return next(article for article in world.articles if article.is_sealed)


def card_of(world: World) -> SimulatedArticle:
    """Return a card that is made plain and foil."""
    return next(article for article in world.articles if len(article.finishes) > 1)
