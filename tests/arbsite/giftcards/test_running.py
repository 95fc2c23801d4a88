"""Tests of `arbsite.giftcards.running`: from desks over HTTP to Redis."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import InterfaceError, OperationalError
from redis.asyncio import Redis

from arbsite.giftcards.markets import Declared
from arbsite.giftcards.running import GiftCardDesk
from common.live import LIVE_STREAM, MARKETS_KEY, SPREADS_STREAM
from common.redis import open_async_redis, shared_redis
from opportunities.giftcards import Desk, Policy
from pricing.quotebook import read_quote_json
from quant.spreads.net import VenueTerms
from scrapers.choices import MarketSide
from scrapers.giftcards import Market
from scrapers.models import LiveMarket
from tests.scrapers.giftcards.desk import Desks, item, serving, until

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
        rows: Any = await self.client.xrange(SPREADS_STREAM, f"({self._since[SPREADS_STREAM]}")
        found = [json.loads(fields[b"data"]) for _, fields in rows]
        return [one for one in found if one["symbol"] == self.symbol]

    async def news(self, topic: str) -> list[dict[str, Any]]:
        rows: Any = await self.client.xrange(LIVE_STREAM, f"({self._since[LIVE_STREAM]}")
        return [json.loads(f[b"data"]) for _, f in rows if f[b"topic"].decode() == topic]

    async def quote(self, venue: str) -> Any:
        raw = await self.client.hget(f"arbsite:quotes:{self.symbol}", venue)
        return None if raw is None else read_quote_json(self.symbol, venue, raw)

    async def health(self, code: str, check: Callable[[Any], Any]) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await self.client.hget(MARKETS_KEY, code)
                if raw is not None and check(found := json.loads(raw)):
                    return dict(found)
                await asyncio.sleep(0.02)

    async def until(self, check: Callable[[list[dict[str, Any]]], Any]) -> list[dict[str, Any]]:
        async with asyncio.timeout(PATIENCE):
            while not ((found := await self.sightings()) and check(found)):  # noqa: ASYNC110
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
async def running(
    redis: Redis, markets: dict[str, Declared], *, load: Callable[[], Any] | None = None
) -> AsyncIterator[GiftCardDesk]:
    """Run the loop over some markets; what is in `markets` may be changed meanwhile."""
    desk = GiftCardDesk(redis, policy=POLICY, load=load or (lambda: dict(markets)))
    stopping = asyncio.Event()
    task = asyncio.create_task(desk.run(stopping))
    try:
        yield desk
    finally:
        stopping.set()
        async with asyncio.timeout(PATIENCE):
            await task


@asynccontextmanager
async def relay(path: Path) -> AsyncIterator[None]:
    """Lead a socket to the real Redis: until then nobody listens there."""
    real = shared_redis().connection_pool.connection_kwargs

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if "path" in real:
            far_reader, far_writer = await asyncio.open_unix_connection(real["path"])
        else:
            far_reader, far_writer = await asyncio.open_connection(real["host"], real["port"])
        far_writer.write(f"SELECT {real.get('db', 0)}\r\n".encode())
        await far_reader.readline()
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    async with await asyncio.start_unix_server(serve, path):
        yield


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


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


async def test_a_black_hole_delays_nobody_and_is_shown_as_such(redis, desks, listener):
    brand = listener.brand
    seller, buyer, hole = f"s-{brand}", f"b-{brand}", f"h-{brand}"
    desks.bodies = {seller: {"quotes": [item(brand, "45.00")]}, buyer: {"quotes": [item(brand, "47.00")]}}
    desks.hung.add(hole)
    markets = {
        hole: declared(desks.market(hole, timeout_ms=200)),
        seller: declared(desks.market(seller)),
        buyer: declared(desks.market(buyer, MarketSide.BUY)),
    }

    async with running(redis, markets) as desk:
        await listener.until(len)
        await until(lambda: desk.facts()["markets_live"] == 2)
        health = await listener.health(hole, lambda found: found["errors"] >= 2)

    assert health["state"] == "down"
    assert "did not answer completely" in health["last_error"]


async def test_markets_come_change_and_go_with_their_rows(redis, desks, listener):
    brand = listener.brand
    seller, buyer = f"s-{brand}", f"b-{brand}"
    desks.bodies = {seller: {"quotes": [item(brand, "45.00")]}, buyer: {"quotes": [item(brand, "47.00")]}}
    markets = {seller: declared(desks.market(seller))}

    async with running(redis, markets) as desk:
        await until(lambda: desk.facts()["markets_live"] == 1)
        markets[buyer] = declared(desks.market(buyer, MarketSide.BUY))
        await desk.reload()
        await listener.until(len)

        markets[buyer] = declared(desks.market(buyer, MarketSide.BUY, fee_bps=Decimal(2_000)))
        await desk.reload()
        dear = await listener.until(lambda found: found[-1]["event"] == "closed")

        markets[buyer] = declared(desks.market(buyer, MarketSide.BUY))
        await desk.reload()
        await listener.until(lambda found: found[-1]["event"] == "open")
        del markets[buyer]
        await desk.reload()
        gone = await listener.until(lambda found: found[-1]["event"] == "closed")
        assert not await redis.hexists(MARKETS_KEY, buyer)

    assert dear[-1]["reason"] == "below_threshold"
    assert gone[-1]["reason"] == "withdrawn"


async def test_quotes_of_an_address_that_is_left_do_not_wait_to_grow_old(redis, desks, listener):
    brand = listener.brand
    seller, buyer = f"s-{brand}", f"b-{brand}"
    desks.bodies = {seller: {"quotes": [item(brand, "45.00")]}, buyer: {"quotes": [item(brand, "47.00")]}}
    desks.hung.add("elsewhere")
    markets = {
        seller: declared(desks.market(seller)),
        buyer: declared(desks.market(buyer, MarketSide.BUY)),
    }

    async with running(redis, markets) as desk:
        await listener.until(len)
        elsewhere = desks.market("elsewhere", MarketSide.BUY)
        markets[buyer] = declared(replace(elsewhere, code=buyer))
        await desk.reload()
        found = await listener.until(lambda found: found[-1]["event"] == "closed")
        assert (await listener.quote(buyer)).state == "withdrawn"

    assert found[-1]["reason"] == "gone"


async def test_other_costs_do_not_make_a_market_start_anew(redis, desks, listener):
    seller = f"s-{listener.brand}"
    desks.bodies = {seller: {"quotes": [item(listener.brand, "45.00")]}}
    markets = {seller: declared(desks.market(seller))}

    async with running(redis, markets) as desk:
        await until(lambda: desk.facts()["markets_live"] == 1)
        markets[seller] = declared(desks.market(seller, fee_bps=Decimal(30), fixed_fee=Decimal(1)))
        await desk.reload()

        assert desk.facts()["markets_live"] == 1


async def test_a_closed_connection_to_the_database_is_told_as_such(redis, desks):
    def load() -> dict[str, Declared]:
        raise InterfaceError

    async with running(redis, {}, load=load) as desk:
        await until(lambda: desk.facts()["state"] == "degraded")
        assert "database" in desk.facts()["detail"]


async def test_rows_that_cannot_be_read_leave_everything_as_it_is(redis, desks, listener):
    seller = f"s-{listener.brand}"
    desks.bodies = {seller: {"quotes": [item(listener.brand, "45.00")]}}
    markets = {seller: declared(desks.market(seller))}
    is_broken: list[bool] = []

    def load() -> dict[str, Declared]:
        if is_broken:
            raise OperationalError
        return markets

    async with running(redis, markets, load=load) as desk:
        await until(lambda: desk.facts()["markets_live"] == 1)
        is_broken.append(True)
        await desk.reload()
        facts = desk.facts()

    assert (facts["state"], facts["markets_live"]) == ("degraded", 1)
    assert "database" in facts["detail"]


async def test_a_gated_market_is_shown_with_its_reason_and_never_crosses(redis, desks, listener):
    brand = listener.brand
    seller, buyer = f"s-{brand}", f"b-{brand}"
    desks.bodies = {
        seller: {"quotes": [item(brand, "45.00", region="US")]},
        buyer: {"quotes": [item(brand, "47.00", region="US")]},
    }
    markets = {
        seller: declared(desks.market(seller)),
        buyer: declared(desks.market(buyer, MarketSide.BUY, region="GB")),
    }

    async with running(redis, markets) as desk:
        await until(lambda: desk.facts()["markets_live"] == 2)
        health = await listener.health(buyer, lambda found: found["quotes"])
        assert (await listener.quote(buyer)).bid == 47
        told = [one for one in await listener.news("market") if one["code"] == buyer]

    assert health["gated_reason"] == "Region GB is not in ALLOWED_REGIONS."
    assert (told[0]["name"], told[0]["state"]) == ("health", "gated")
    assert await listener.sightings() == []


async def test_what_redis_missed_is_written_when_it_is_back(redis, desks, listener, tmp_path):
    brand = listener.brand
    seller, buyer = f"s-{brand}", f"b-{brand}"
    desks.bodies = {seller: {"quotes": [item(brand, "45.00")]}, buyer: {"quotes": [item(brand, "47.00")]}}
    markets = {
        seller: declared(desks.market(seller)),
        buyer: declared(desks.market(buyer, MarketSide.BUY)),
    }
    address = tmp_path / "redis.sock"
    away = Redis(unix_socket_path=str(address))

    async with running(away, markets) as desk:
        await until(lambda: desk.facts()["routes_open"] == 1 and desk.facts()["state"] == "degraded")
        assert "Redis does not answer" in desk.facts()["detail"]
        assert await listener.sightings() == []
        async with relay(address):
            await listener.until(len)
            await until(lambda: desk.facts()["state"] == "live")
            assert (await listener.quote(seller)).ask == 45
    await away.aclose()
