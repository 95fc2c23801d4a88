"""Listening to the simulated exchanges: connect, subscribe, read what came, and books rebuilt from it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from scrapers.simulator.exchanges.checksums import kraken_checksum, okx_checksum
from scrapers.simulator.serving import RunningSimulator

PATHS = {
    "binance": "/binance_ws/ws",
    "coinbase": "/coinbase_ws",
    "kraken": "/kraken_ws/v2",
    "okx": "/okx_ws/ws/v5/public",
    "bybit": "/bybit_ws/v5/public/spot",
}
SUBSCRIBE = {
    "binance": {"method": "SUBSCRIBE", "params": ["btcusdt@depth@100ms"], "id": 1},
    "coinbase": {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["ticker", "level2_batch"]},
    "kraken": {"method": "subscribe", "params": {"channel": "book", "symbol": ["BTC/USD"], "depth": 10}},
    "okx": {"op": "subscribe", "args": [{"channel": "books", "instId": "BTC-USDT"}]},
    "bybit": {"op": "subscribe", "args": ["orderbook.50.BTCUSDT"]},
}
PAIRS = {
    "binance": "BTC/USDT", "coinbase": "BTC/USD", "kraken": "BTC/USD", "okx": "BTC/USDT", "bybit": "BTC/USDT",
}  # fmt: skip
ENDS = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
PATIENCE = 30.0


@dataclass
class Listener:
    """A client of one exchange; time stands still there unless `step` makes updates."""

    running: RunningSimulator
    code: str
    socket: aiohttp.ClientWebSocketResponse

    async def say(self, message: Any) -> None:
        await self.socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def text(self) -> str:
        """Return the next text; pings of the exchange are passed over unanswered."""
        while True:
            message = await self.socket.receive(timeout=PATIENCE)
            if message.type is aiohttp.WSMsgType.TEXT:
                return str(message.data)
            assert message.type not in ENDS, f"closed with {self.socket.close_code}"

    async def hear(self) -> Any:
        return json.loads(await self.text())

    async def hear_until(self, wanted: Callable[[Any], bool]) -> Any:
        """Return the first message that is wanted; the others before it are lost."""
        while True:
            message = await self.hear()
            if wanted(message):
                return message

    async def closed(self) -> int | None:
        """Read until the exchange ends the connection and return its code."""
        while (await self.socket.receive(timeout=PATIENCE)).type not in ENDS:
            pass
        return self.socket.close_code

    def step(self, updates: int = 1, *, symbol: str = "") -> None:
        self.running.simulator.exchanges.step(self.code, symbol or PAIRS[self.code], updates=updates)


@asynccontextmanager
async def listening(
    running: RunningSimulator, code: str, *, path: str = "", subscribe: Any = None
) -> AsyncIterator[Listener]:
    """Connect to an exchange whose time stands still, and subscribe to its book unless told otherwise."""
    running.simulator.exchanges.set_rate(0)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(running.url + (path or PATHS[code]), autoping=False) as socket,
    ):
        listener = Listener(running, code, socket)
        wanted = SUBSCRIBE[code] if subscribe is None else subscribe
        if wanted:
            await listener.say(wanted)
            await listener.hear_until(is_acknowledged)
        yield listener


def is_acknowledged(message: Any) -> bool:
    return bool(
        message.get("result", 0) is None
        or message.get("success") is True
        or message.get("event") == "subscribe"
        or message.get("type") == "subscriptions"
    )


@dataclass
class Rebuilt:
    """A book put together from the messages of an exchange, in the texts it uses."""

    bids: dict[str, str] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)

    def take(self, *, bids: Any, asks: Any, is_whole: bool = False) -> None:
        if is_whole:
            self.bids.clear()
            self.asks.clear()
        for side, levels in ((self.bids, bids), (self.asks, asks)):
            for price, size, *_ in levels:
                if float(size):
                    side[price] = size
                else:
                    side.pop(price, None)

    def sorted(self, depth: int = 10_000) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        bids = sorted(self.bids.items(), key=lambda level: -float(level[0]))[:depth]
        asks = sorted(self.asks.items(), key=lambda level: float(level[0]))[:depth]
        return bids, asks

    def truncate(self, depth: int) -> None:
        bids, asks = self.sorted(depth)
        self.bids, self.asks = dict(bids), dict(asks)

    def best(self) -> tuple[float, float]:
        bids, asks = self.sorted(1)
        return float(bids[0][0]), float(asks[0][0])

    def kraken(self) -> int:
        return kraken_checksum(*self.sorted(10))

    def okx(self) -> int:
        return okx_checksum(*self.sorted(25))


def kraken_rows(text: str) -> Any:
    """Return a Kraken book message with its numbers as the texts they were sent as."""
    row = json.loads(text, parse_float=str, parse_int=str)["data"][0]
    sides = {name: [(level["price"], level["qty"]) for level in row[name]] for name in ("bids", "asks")}
    return sides, int(row["checksum"])
