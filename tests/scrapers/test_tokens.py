import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from common.clock import FrozenClock
from scrapers.errors import CredentialsRefused
from scrapers.tokens import BearerToken, TokenCache

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Venue:
    def __init__(self, clock, seconds=7200):
        self.clock, self.seconds, self.count = clock, seconds, 0

    async def fetch(self):
        self.count += 1
        count = self.count
        await asyncio.sleep(0)
        return BearerToken(f"token-{count}", self.clock.now() + timedelta(seconds=self.seconds))


@pytest.fixture
def clock():
    return FrozenClock(NOW)


async def test_token_is_fetched_once_and_kept(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)

    values = await asyncio.gather(*(cache.get("ebay", venue.fetch) for _ in range(5)))

    assert values == ["token-1"] * 5
    assert venue.count == 1


async def test_token_is_renewed_before_it_ends(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)
    await cache.get("ebay", venue.fetch)

    clock.advance(timedelta(seconds=7200 - 61))
    before = await cache.get("ebay", venue.fetch)
    clock.advance(timedelta(seconds=1))

    assert (before, await cache.get("ebay", venue.fetch)) == ("token-1", "token-2")


async def test_keys_do_not_share_tokens(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)

    assert await cache.get(("ebay", "a"), venue.fetch) != await cache.get(("ebay", "b"), venue.fetch)


async def test_forgotten_token_is_fetched_again(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)
    await cache.get("ebay", venue.fetch)

    cache.forget("ebay", "token-1")

    assert await cache.get("ebay", venue.fetch) == "token-2"


async def test_token_renewed_by_another_task_is_kept(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)
    await cache.get("ebay", venue.fetch)

    cache.forget("ebay", "token-0")
    cache.forget("unknown")

    assert await cache.get("ebay", venue.fetch) == "token-1"


async def test_failed_fetch_keeps_nothing(clock):
    venue, cache = Venue(clock), TokenCache(clock=clock)

    async def refuse():
        raise CredentialsRefused

    with pytest.raises(CredentialsRefused):
        await cache.get("ebay", refuse)

    assert await cache.get("ebay", venue.fetch) == "token-1"


def test_cache_works_in_one_event_loop_after_another(clock):
    venue, cache = Venue(clock, seconds=0), TokenCache(clock=clock)

    async def many():
        await asyncio.gather(*(cache.get("ebay", venue.fetch) for _ in range(3)))

    asyncio.run(many())
    asyncio.run(many())

    assert venue.count == 6


def test_token_does_not_show_its_value():
    assert "secret" not in repr(BearerToken("secret", NOW))
