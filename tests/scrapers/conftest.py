"""The simulated venues, for every test that needs something to talk to over real HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from common.clock import FrozenClock
from scrapers.simulator.app import create_simulator
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import RunningSimulator, start_simulator
from scrapers.simulator.world import World

SIMULATED_NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def simulated_world() -> World:
    """A hundred invented articles of three games."""
    return seeded_world(7, "small")


@pytest.fixture
def simulator_clock() -> FrozenClock:
    """The clock the simulator follows; advancing it moves prices, editions and tokens' lives."""
    return FrozenClock(SIMULATED_NOW)


@pytest.fixture
async def simulator(simulated_world: World, simulator_clock: FrozenClock) -> AsyncIterator[RunningSimulator]:
    """All venues on a free port of the loopback address; `simulator.simulator` is their state."""
    app = create_simulator(simulated_world, clock=simulator_clock, least_gap=0.0)
    running = await start_simulator(app)
    yield running
    await running.stop()


@pytest.fixture
async def visitor(simulator: RunningSimulator) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the simulator that follows no redirects of its own accord."""
    headers = {"User-Agent": "ArbsiteTests/1.0"}
    async with aiohttp.ClientSession(simulator.url, headers=headers) as session:
        yield session
