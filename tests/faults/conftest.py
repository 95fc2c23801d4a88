"""A Redis of the test's own, and the desk on top of it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis

from scrapers.simulator.seeded import seeded_world
from tests.faults.desk import FaultDesk, fault_desk
from tests.faults.own_redis import OwnRedis


@pytest.fixture(scope="session")
def _shared_redis() -> Iterator[OwnRedis]:
    with TemporaryDirectory(prefix="arb-faults-") as folder:  # socket paths must be short
        server = OwnRedis(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def own_redis(_shared_redis: OwnRedis) -> OwnRedis:
    """An empty Redis that no other test uses at the same time."""
    with redis.Redis.from_url(_shared_redis.url) as client:
        client.flushall()
    return _shared_redis


@pytest.fixture
async def desk(own_redis: OwnRedis) -> AsyncIterator[FaultDesk]:
    """The crypto desk on simulated exchanges, whole books everywhere, already signalling."""
    with TemporaryDirectory(prefix="arb-desk-") as folder:
        async with fault_desk(seeded_world(7, "tiny"), Path(folder), own_redis.url) as running:
            yield running
