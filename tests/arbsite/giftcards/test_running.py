"""Tests of `arbsite.giftcards.running`: from desks over HTTP to Redis."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from arbsite.giftcards.markets import Declared
from arbsite.giftcards.running import GiftCardDesk
from common.live import LIVE_STREAM, MARKETS_KEY, SPREADS_STREAM
from common.redis import open_async_redis
from opportunities.giftcards import Desk, Policy
from pricing.quotebook import read_quote_json
from quant.spreads.net import VenueTerms
from scrapers.choices import MarketSide
from scrapers.giftcards import Market
from scrapers.models import LiveMarket
from tests.scrapers.giftcards.desk import Desks, item, serving

PATIENCE = 20.0


def declared(market: Market) -> Declared:
    """Return a market as the rows would declare it."""
    row = LiveMarket(
        code=market.code, kind="giftcard", adapter=market.adapter, side=market.side, region=market.region,
        currency=market.currency,
    )  # fmt: skip
    return Declared(
        market, Desk(market.code, market.region, market.currency, VenueTerms(market.fee_bps)), row
    )


class Listener:
    """What arrived in Redis about one brand since the test began."""

    def __init__(self, client: Redis, brand: str, since: dict[str, str]) -> None:
        self.client = client
        self.brand = brand
        self.symbol = f"giftcard:{brand}:50:USD:US"
        self._since = since

    async def sightings(self) -> list[dict[str, Any]]:
        rows = await self.client.xrange(SPREADS_STREAM, f"({self._since[SPREADS_STREAM]}")
        found = [json.loads(fields[b"data"]) for _, fields in rows]
        return [one for one in found if one["symbol"] == self.symbol]

    async def news(self, topic: str) -> list[dict[str, Any]]:
        rows = await self.client.xrange(LIVE_STREAM, f"({self._since[LIVE_STREAM]}")
        return [json.loads(f[b"data"]) for _, f in rows if f[b"topic"].decode() == topic]

    async def quote(self, venue: str) -> Any:
        raw = await self.client.hget(f"arbsite:quotes:{self.symbol}", venue)
        return None if raw is None else read_quote_json(self.symbol, venue, raw)

    async def until(self, check: Callable[[list[dict[str, Any]]], Any]) -> list[dict[str, Any]]:
        async with asyncio.timeout(PATIENCE):
            while not check(found := await self.sightings()):
                await asyncio.sleep(0.02)
        return found


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    client = open_async_redis()
    yield client
    await client.aclose()


@pytest.fixture
async def desks(settings) -> AsyncIterator[Desks]:
    async with serving(settings) as found:
        yield found


@pytest.fixture
async def listener(redis) -> AsyncIterator[Listener]:
    brand = f"brand-{uuid4().hex[:12]}"
    since = {}
    for stream in (SPREADS_STREAM, LIVE_STREAM):
        newest = await redis.xrevrange(stream, count=1)
        since[stream] = newest[0][0].decode() if newest else "0-0"
    yield Listener(redis, brand, since)
    await redis.delete(f"arbsite:quotes:giftcard:{brand}:50:USD:US")
    await redis.zrem("arbsite:symbols", f"giftcard:{brand}:50:USD:US")


POLICY = Policy(threshold_bps=Decimal(50), max_age_ms=15_000, max_skew_ms=2_000)


@asynccontextmanager
async def running(redis: Redis, markets: dict[str, Declared]) -> AsyncIterator[GiftCardDesk]:
    """Run the loop over some markets; what is in `markets` may be changed meanwhile."""
    desk = GiftCardDesk(redis, policy=POLICY, load=lambda: dict(markets))
    stopping = asyncio.Event()
    task = asyncio.create_task(desk.run(stopping))
    try:
        yield desk
    finally:
        stopping.set()
        async with asyncio.timeout(PATIENCE):
            await task
        await redis.hdel(MARKETS_KEY, *markets)


async def test_a_gap_between_two_desks_is_sighted(redis, desks, listener):
    brand = listener.brand
    seller, buyer = f"s-{brand}", f"b-{brand}"
    desks.bodies = {seller: {"quotes": [item(brand, "45.00")]}, buyer: {"quotes": [item(brand, "47.00")]}}
    markets = {
        seller: declared(desks.market(seller)),
        buyer: declared(desks.market(buyer, MarketSide.BUY, fee_bps=Decimal(100))),
    }

    async with running(redis, markets):
        found = await listener.until(len)

        assert found[0]["event"] == "open"
        assert (found[0]["buy_venue"], found[0]["sell_venue"]) == (seller, buyer)
        assert (found[0]["cost"], found[0]["proceeds"], found[0]["net_profit"]) == ("45", "46.53", "1.53")
        assert (found[0]["net_bps"], found[0]["size"], found[0]["total_profit"]) == ("340.0000", "4", "6.12")
        assert (await listener.quote(seller)).ask == 45
        assert (await listener.quote(buyer)).bid == 47
        assert desks.headers[seller]["Authorization"] == "Bearer t0ken"

    ended = (await listener.sightings())[-1]
    assert (ended["event"], ended["reason"]) == ("closed", "withdrawn")
    assert (await listener.quote(seller)).state == "withdrawn"
