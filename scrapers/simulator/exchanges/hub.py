"""All simulated exchanges together, and the task that lets their time pass while somebody listens."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from scrapers.simulator.faults.script import FaultScript

from .binance import Binance
from .bybit import Bybit
from .coinbase import Coinbase
from .connection import Connection
from .exchange import Exchange, ExchangeBook
from .kraken import Kraken
from .limits import Limits
from .okx import Okx
from .prices import PriceProcess

USUAL_RATE: Final = 30.0
MOST_RATE: Final = 20_000.0
TURN_SECONDS: Final = 0.05
_BATCH: Final = 50  # updates between two chances for the connections to send them

EXCHANGES: Final[tuple[type[Exchange], ...]] = (Binance, Coinbase, Kraken, Okx, Bybit)


class ExchangeHub:
    """Exchanges that share one price process.

    Args:
        seed: of prices, books and trades.
        faults: the simulator's script.
        now: simulated time, which messages are stamped with.

    `rate` is how many updates each exchange makes in a second; 0 stands still until somebody steps.
    """

    def __init__(self, *, seed: int, faults: FaultScript, now: Callable[[], datetime]) -> None:
        self.rate = USUAL_RATE
        self.limits = Limits()
        self.prices = PriceProcess(seed=seed)
        self.exchanges = {
            kind.code: kind(self.prices, faults=faults, now=now, limits=self.limits, seed=seed)
            for kind in EXCHANGES
        }
        self._task: asyncio.Task[None] | None = None

    @property
    def connections(self) -> list[Connection]:
        """Return every open connection."""
        return [one for exchange in self.exchanges.values() for one in exchange.connections]

    def start(self) -> None:
        """Let time pass from now on, if it does not yet."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="simulated-exchanges")

    async def stop(self) -> None:
        """Let time stand still and close every connection.

        Raises:
            Exception: whatever made the task fail while it ran.
        """
        for connection in self.connections:
            await connection.end()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def advance(self, seconds: float) -> None:
        """Let simulated seconds pass: prices move and each exchange makes the updates that are due."""
        self.prices.advance(seconds)
        for exchange in self.exchanges.values():
            if not exchange.connections:
                continue
            exchange.owed += self.rate * seconds
            due, exchange.owed = int(exchange.owed), exchange.owed % 1
            for _ in range(due):
                exchange.tick(exchange.next_book())

    def set_rate(self, rate: float) -> None:
        """Set how many updates each exchange makes in a second.

        Raises:
            ValueError: unless it is from 0 to 20,000.
        """
        if not 0 <= rate <= MOST_RATE:
            raise ValueError(f"rate is a number from 0 to {MOST_RATE:.0f}")
        self.rate = rate

    def describe(self) -> dict[str, Any]:
        """Return what is to be seen of the exchanges, as plain values."""
        return {
            "rate": self.rate,
            "elapsed": round(self.prices.elapsed, 3),
            "has_gaps": self.prices.has_gaps,
            "gaps": [asdict(gap) for gap in self.prices.gaps],
            "limits": asdict(self.limits),
            "exchanges": {
                code: {
                    "connections": len(exchange.connections),
                    "listening": sorted(
                        {topic.text for one in exchange.connections for topic in one.topics.values()}
                    ),
                    "books": {symbol: _best(book) for symbol, book in exchange.books.items()},
                }
                for code, exchange in self.exchanges.items()
            },
        }

    def step(self, code: str, symbol: str, *, updates: int) -> None:
        """Make updates of one book at once.

        Raises:
            ValueError: if there is no such exchange or it does not list the pair.
        """
        exchange = self.exchanges.get(code)
        if exchange is None or symbol not in exchange.books:
            raise ValueError(f"no exchange {code!r} with a pair {symbol!r}")
        for _ in range(updates):
            exchange.tick(exchange.books[symbol])

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TURN_SECONDS)
            if self.rate:
                self.advance(TURN_SECONDS)
            for exchange in self.exchanges.values():
                await self._burst(exchange)
            now = loop.time()
            for connection in self.connections:
                connection.keep(now)

    async def _burst(self, exchange: Exchange) -> None:
        """Make the updates of a burst as fast as they can be sent."""
        while exchange.burst > 0 and exchange.connections:
            for _ in range(min(exchange.burst, _BATCH)):
                exchange.burst -= 1
                exchange.tick(exchange.next_book())
            await asyncio.sleep(0)


def _best(book: ExchangeBook) -> dict[str, Any]:
    best, listing = book.book.best, book.listing
    return {
        "name": listing.native, "last_id": book.last_id,
        "bid": listing.price_text(best.bid), "bid_size": listing.size_text(best.bid_lots),
        "ask": listing.price_text(best.ask), "ask_size": listing.size_text(best.ask_lots),
    }  # fmt: skip
