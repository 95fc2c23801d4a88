"""The way to the engine never waits, and what it drops is what is oldest."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from quant.spreads.messages import Beat, Message, Quote, Withdrawn, decode
from scrapers.streams.outlet import EndpointTaken, Outlet

from .venue import until


def quote(symbol: str, bid: float, exchange: str = "okx") -> Quote:
    return Quote(exchange, symbol, bid, 0.0, 0, bid, bid + 1, 1.0, 1.0, 1)


class Engine:
    """A PULL socket on the other side."""

    def __init__(self, endpoint: str) -> None:
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.PULL)
        self.socket.connect(endpoint)

    async def take(self, count: int) -> list[Message]:
        taken: list[Message] = []

        def is_enough() -> bool:
            while self.socket.poll(0):
                taken.append(decode(self.socket.recv()))
            return len(taken) >= count

        await until(is_enough)
        return taken

    def close(self) -> None:
        self.context.destroy(linger=0)


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return f"ipc://{tmp_path}/ticks"


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    started: list[Engine] = []
    yield started
    for engine in started:
        engine.close()


async def test_messages_arrive_in_order(endpoint: str, engines: list[Engine]):
    messages: list[Message] = [
        quote("BTC/USDT", 1.0),
        Withdrawn("okx", "BTC/USDT", "gap", 2),
        Beat("okx", "live", 3),
    ]
    with Outlet(endpoint) as outlet:
        engines.append(Engine(endpoint))
        await until(lambda: _is_sent(outlet))
        for message in messages:
            outlet.send(message)

        taken = await engines[0].take(outlet.sent)
        assert taken[-3:] == messages
        assert outlet.dropped == {}


async def test_without_an_engine_only_the_newest_of_each_pair_waits(endpoint: str, engines: list[Engine]):
    with Outlet(endpoint) as outlet:
        for bid in range(1, 51):
            outlet.send(quote("BTC/USDT", bid))
            outlet.send(quote("ETH/USDT", bid))
        outlet.send(Beat("okx", "live", 1))
        outlet.send(Beat("okx", "live", 2))

        engines.append(Engine(endpoint))
        taken = await engines[0].take(3)

        assert {(one.symbol, one.bid) for one in taken if isinstance(one, Quote)} == {
            ("BTC/USDT", 50.0),
            ("ETH/USDT", 50.0),
        }
        assert [one for one in taken if isinstance(one, Beat)] == [Beat("okx", "live", 2)]
        assert outlet.dropped == {"okx": 98}


async def test_withdrawal_of_everything_lets_nothing_older_pass(endpoint: str, engines: list[Engine]):
    with Outlet(endpoint) as outlet:
        outlet.send(quote("BTC/USDT", 1.0))
        outlet.send(quote("BTC/USDT", 1.0, exchange="bybit"))
        outlet.send(Withdrawn("okx", "", "disconnected", 2))
        outlet.send(quote("ETH/USDT", 2.0))

        engines.append(Engine(endpoint))
        taken = await engines[0].take(3)

        assert [type(one).__name__ + one.exchange for one in taken] == [
            "Quotebybit", "Withdrawnokx", "Quoteokx",
        ]  # fmt: skip


async def test_quote_after_a_withdrawal_of_its_pair_replaces_it(endpoint: str, engines: list[Engine]):
    with Outlet(endpoint) as outlet:
        outlet.send(Withdrawn("okx", "BTC/USDT", "gap", 1))
        outlet.send(quote("BTC/USDT", 1.0))

        engines.append(Engine(endpoint))

        assert await engines[0].take(1) == [quote("BTC/USDT", 1.0)]


async def test_slow_engine_gets_the_newest_once_there_is_room(endpoint: str, engines: list[Engine]):
    engine = Engine(endpoint)
    engines.append(engine)
    engine.socket.setsockopt(zmq.RCVHWM, 1)
    with Outlet(endpoint, high_water_mark=1) as outlet:
        await until(lambda: _is_sent(outlet))
        while not outlet.dropped:
            outlet.send(quote("BTC/USDT", 1.0))
        outlet.send(quote("BTC/USDT", 9.0))

        taken: list[Message] = []

        def has_newest() -> bool:
            while engine.socket.poll(0):
                taken.append(decode(engine.socket.recv()))
            return bool(taken) and taken[-1] == quote("BTC/USDT", 9.0)

        await until(has_newest)


def _is_sent(outlet: Outlet) -> bool:
    """Tell whether the engine is connected; until then a beat waits."""
    outlet.send(Beat("okx", "live", 1))
    return outlet.sent > 0


async def test_endpoint_in_use_is_told(tmp_path: Path):
    with Outlet("tcp://127.0.0.1:*") as outlet:
        with pytest.raises(EndpointTaken, match="cannot send at tcp"):
            Outlet(outlet.endpoint)
        await asyncio.sleep(0)
