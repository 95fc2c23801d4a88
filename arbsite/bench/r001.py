"""R001's quant engine, as its guide prints it: the yardstick that the tick path is measured against.

Names and arithmetic are the guide's own. Left out are its prints, which would only make it slower; orjson is
used if it is installed, else msgspec, which is as fast.
"""

import importlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import zmq
import zmq.asyncio
from redis.asyncio import Redis

try:
    _orjson: Any = importlib.import_module("orjson")
except ImportError:
    _orjson = None
loads: Final[Callable[[bytes], Any]] = msgspec.json.decode if _orjson is None else _orjson.loads
dumps: Final[Callable[[Any], bytes]] = msgspec.json.encode if _orjson is None else _orjson.dumps


@dataclass
class PriceLevel:
    """Bid and ask that R001 makes out of a last trade."""

    __slots__ = ("ask", "bid", "timestamp")
    bid: float
    ask: float
    timestamp: int


class OrderBook:
    """Exchange -> symbol -> level."""

    def __init__(self) -> None:
        self._book: dict[str, dict[str, PriceLevel]] = {}

    def update(self, exchange: str, symbol: str, price: float, ts: int) -> None:
        """Take a trade: 1 bp below is the bid, 1 bp above the ask."""
        if exchange not in self._book:
            self._book[exchange] = {}
        spread = price * 0.0001
        self._book[exchange][symbol] = PriceLevel(bid=price - spread, ask=price + spread, timestamp=ts)

    def get_all(self, symbol: str) -> dict[str, PriceLevel]:
        """Return all exchanges of a symbol."""
        return {ex: book[symbol] for ex, book in self._book.items() if symbol in book}


class SpreadEngine:
    """All pairs of exchanges, gross."""

    def __init__(self, threshold_pct: float = 0.5) -> None:
        self.threshold = threshold_pct

    def find_arbitrage(self, book: dict[str, PriceLevel]) -> dict[str, Any] | None:
        """Return the best route if it is above the threshold."""
        if len(book) < 2:
            return None
        best: dict[str, Any] | None = None
        max_spread = 0.0
        exchanges = list(book.keys())
        for buy_ex in exchanges:
            for sell_ex in exchanges:
                if buy_ex == sell_ex:
                    continue
                buy_price = book[buy_ex].ask
                sell_price = book[sell_ex].bid
                spread_pct = ((sell_price - buy_price) / buy_price) * 100
                if spread_pct > max_spread:
                    max_spread = spread_pct
                    best = {
                        "buy_exchange": buy_ex,
                        "sell_exchange": sell_ex,
                        "buy_price": buy_price,
                        "sell_price": sell_price,
                        "spread_pct": round(spread_pct, 4),
                        "profit": round(sell_price - buy_price, 2),
                    }
        if best and best["spread_pct"] > self.threshold:
            return best
        return None


class SignalPublisher:
    """Three awaited commands per signal."""

    def __init__(self, redis_url: str) -> None:
        self.redis = Redis.from_url(redis_url, decode_responses=False)
        self.channel = "arbitrage:signals"

    async def publish_signal(self, opportunity: dict[str, Any], symbol: str) -> None:
        """Publish, keep and trim."""
        buyer, seller = opportunity["buy_exchange"].upper(), opportunity["sell_exchange"].upper()
        signal = {
            "type": "ARBITRAGE_OPPORTUNITY",
            "action": f"BUY_{buyer}_SELL_{seller}",
            "symbol": symbol,
            "spread_pct": opportunity["spread_pct"],
            "buy_price": opportunity["buy_price"],
            "sell_price": opportunity["sell_price"],
            "profit_estimate": opportunity["profit"],
            "timestamp": int(time.time() * 1000),
        }
        signal_json = dumps(signal)
        await self.redis.publish(self.channel, signal_json)
        await self.redis.zadd("signals:history", {signal_json.decode(): signal["timestamp"]})
        await self.redis.zremrangebyrank("signals:history", 0, -1001)


class Engine:
    """R001's main loop: one awaited message after the other.

    Args:
        endpoint: where its ingest is bound.
        redis_url: where signals go.
    """

    def __init__(self, endpoint: str, redis_url: str) -> None:
        self.messages = 0
        self._endpoint = endpoint
        self._book = OrderBook()
        self._engine = SpreadEngine()
        self._publisher = SignalPublisher(redis_url)
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.PULL)

    async def run(self) -> None:
        """Receive until cancelled."""
        self._socket.connect(self._endpoint)
        while True:
            message = await self._socket.recv()
            data = loads(message)
            await self.process_message(data)
            self.messages += 1

    async def process_message(self, data: dict[str, Any]) -> None:
        """Take one message of R001's schema."""
        self._book.update(data["exchange"], data["symbol"], data["price"], data["timestamp"])
        book_snapshot = self._book.get_all(data["symbol"])
        opportunity = self._engine.find_arbitrage(book_snapshot)
        if opportunity:
            await self._publisher.publish_signal(opportunity, data["symbol"])

    async def close(self) -> None:
        """Close both connections."""
        self._context.destroy(linger=0)
        await self._publisher.redis.aclose()


def message_of(exchange: str, symbol: str, price: float, timestamp: int) -> bytes:
    """Return what R001's ingest sends for a trade."""
    return json.dumps(
        {
            "exchange": exchange,
            "symbol": symbol,
            "price": price,
            "volume": 0.5,
            "timestamp": timestamp,
            "type": "trade",
        }
    ).encode()
