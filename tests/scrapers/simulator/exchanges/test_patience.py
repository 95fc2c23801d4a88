"""How patient the simulated exchanges are, and what they say when nothing happens."""

import aiohttp
import pytest

from tests.scrapers.simulator.exchanges.streams import listening


@pytest.fixture
def limits(simulator):
    """Return a function that sets how patient the exchanges are."""
    return lambda **values: simulator.simulator.exchanges.limits.change(values)


async def test_who_does_not_subscribe_in_time_is_thrown_out(simulator, limits):
    limits(first_subscribe=0.1)
    async with listening(simulator, "coinbase", subscribe=()) as listener:
        assert await listener.closed() == 1000
    async with listening(simulator, "coinbase") as listener:
        await listener.hear()


async def test_who_says_nothing_is_thrown_out(simulator, limits):
    limits(idle=0.1)
    async with listening(simulator, "okx") as listener:
        assert await listener.closed() == 4004


async def test_who_does_not_answer_pings_is_thrown_out(simulator, limits):
    limits(server_ping=0.1, pong_within=0.1)
    async with listening(simulator, "binance") as listener:
        assert (await listener.socket.receive(timeout=30)).type is aiohttp.WSMsgType.PING
        assert await listener.closed() == 1008


async def test_pongs_keep_a_connection(simulator, limits):
    limits(server_ping=0.1, pong_within=0.2)
    async with listening(simulator, "binance") as listener:
        for _ in range(6):
            message = await listener.socket.receive(timeout=30)
            assert message.type is aiohttp.WSMsgType.PING
            limits(pong_within=60.0)
            await listener.socket.pong(message.data)


async def test_the_day_ends(simulator, limits):
    limits(session=0.1)
    async with listening(simulator, "bybit") as listener:
        assert await listener.closed() == 1001


async def test_who_talks_too_much_is_thrown_out(simulator):
    async with listening(simulator, "binance") as listener:
        for number in range(7):
            await listener.say({"method": "LIST_SUBSCRIPTIONS", "id": number})
        assert await listener.closed() == 1008


async def test_who_is_too_slow_is_cut_off(simulator, limits):
    async with listening(simulator, "binance") as listener:
        limits(backlog=5)
        listener.step(50)
        assert await listener.closed() == 1006


async def test_heartbeats_come_without_data(simulator, limits):
    limits(beat=0.05)
    asked = {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["heartbeat"]}
    async with listening(simulator, "coinbase", subscribe=asked) as listener:
        assert (await listener.hear())["type"] == "heartbeat"
    async with listening(simulator, "kraken") as listener:
        await listener.hear_until(lambda message: message == {"channel": "heartbeat"})


async def test_time_passes_by_itself_and_ends_with_the_server(simulator):
    async with listening(simulator, "binance") as listener:
        simulator.simulator.exchanges.set_rate(200)
        for _ in range(20):
            await listener.hear()
        await simulator.stop()
        assert await listener.closed() in (1001, 1006)
