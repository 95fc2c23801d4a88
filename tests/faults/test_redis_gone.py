"""Redis dies under the desk: nothing waits for it, and signals go on where it comes back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis.asyncio

from common.live import QUOTES_PREFIX, SIGNALS_HISTORY
from scrapers.simulator.seeded import seeded_world
from tests.faults.desk import CODES, PAIR, PATIENCE, RATE, FaultDesk, fault_desk
from tests.faults.own_redis import OwnRedis

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def mortal() -> AsyncIterator[tuple[FaultDesk, OwnRedis]]:
    """A desk on a Redis that may die."""
    with TemporaryDirectory(prefix="arb-mortal-") as folder:
        server = OwnRedis(Path(folder))
        server.start()
        try:
            async with fault_desk(seeded_world(7, "tiny"), Path(folder), server.url) as desk:
                yield desk, server
        finally:
            server.kill()


async def test_signals_go_on_when_redis_is_back(mortal: tuple[FaultDesk, OwnRedis]):
    desk, server = mortal
    server.kill()
    await desk.until(
        lambda: desk.process.facts()["state"] == "degraded", "the engine says that it cannot write"
    )
    ticks, heard = desk.process.engine.ticks, len(desk.witness.signals)
    await desk.until(lambda: desk.process.engine.ticks > ticks + RATE, "the engine goes on comparing")
    assert len(desk.witness.signals) == heard

    server.start()
    await desk.recovers()

    await desk.until(lambda: desk.process.facts()["state"] == "live", "the engine is well again")
    async with redis.asyncio.Redis.from_url(server.url) as client:
        assert await client.zcard(SIGNALS_HISTORY) > 0
        async with asyncio.timeout(PATIENCE):
            while await client.hlen(f"{QUOTES_PREFIX}crypto:{PAIR}") < len(CODES):  # noqa: ASYNC110 - not ours
                await asyncio.sleep(0.05)
