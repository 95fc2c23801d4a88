"""The crypto half of the live desk in one loop: simulator, ingest's runners, ZeroMQ, the engine, Redis.

Everything is the product's own. What is added is a witness: it knows which best prices each simulated
exchange really showed lately, and looks at every signal when it is published.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import redis.asyncio
from redis.exceptions import RedisError

from common.live import SIGNALS_CHANNEL
from opportunities.live.pair_book import LIVE
from opportunities.live.process import SignalProcess
from opportunities.live.terms import engine_terms
from quant.spreads.messages import Message, Quote, Withdrawn
from scrapers.simulator.app import create_simulator
from scrapers.simulator.exchanges.exchange import Exchange, ExchangeBook
from scrapers.simulator.exchanges.hub import ExchangeHub
from scrapers.simulator.faults import FaultRule
from scrapers.simulator.serving import RunningSimulator, start_simulator
from scrapers.simulator.world import World
from scrapers.streams.addresses import StreamAddress
from scrapers.streams.exchanges import adapter_maker
from scrapers.streams.outlet import Outlet
from scrapers.streams.runner import StreamRunner
from scrapers.streams.timing import Timing
from scrapers.streams.wiring import Wiring

PAIR = "BTC/USDT"
CODES = ("binance", "kraken", "okx", "bybit")
DEAR = "okx"
"""Its price of the pair stands a percent above the others, so that there is something to signal."""
RATE, SLOW = 60, 5
"""Updates a second: usually, and while engine and venues are compared, which takes a moment of quiet."""
REMEMBERED = 240
"""Ticks of a book after which its former best prices count as old."""
PATIENCE = 45.0
QUICK = Timing(
    connect=5, sync=1.5, probe=0.3, stale=1.5, dead=2.5, silence=30, watch=0.05, beat=0.2, spacing=0.05,
    snapshot_spacing=0.05, first_backoff=0.05, most_backoff=0.2, rollover_retry=1,
)  # fmt: skip


class Witness:
    """What exchanges really showed lately, and what was said about them."""

    def __init__(self) -> None:
        self.shown: dict[str, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self.signals: list[dict[str, Any]] = []
        self.lies: list[str] = []
        self.is_lagging = False

    def see(self, exchange: Exchange, book: ExchangeBook) -> None:
        """Note the best prices a book is about to show; crossed ones are never true."""
        best, listing = book.book.best, book.listing
        if listing.symbol == PAIR and best.bid < best.ask:
            bid, ask = listing.price_text(best.bid), listing.price_text(best.ask)
            self.shown[exchange.code].append((float(bid), float(ask)))

    def hear(self, signal: dict[str, Any]) -> None:
        """Hold a signal against what was shown."""
        self.signals.append(signal)
        bought, sold = self.shown[signal["buy_exchange"]], self.shown[signal["sell_exchange"]]
        if not self.is_lagging and not (
            any(signal["buy_price"] == ask for _, ask in bought)
            and any(signal["sell_price"] == bid for bid, _ in sold)
        ):
            self.lies.append(json.dumps(signal))


class FaultDesk:
    """A running desk; `until` waits, `breaks` puts a fault in force, `agrees` compares with the venues."""

    def __init__(self, simulator: RunningSimulator, witness: Witness, process: SignalProcess) -> None:
        self.simulator, self.witness, self.process = simulator, witness, process
        self.runners: dict[str, StreamRunner] = {}
        self.withdrawn: list[Withdrawn] = []
        self.quotes: Counter[str] = Counter()

    @property
    def hub(self) -> ExchangeHub:
        return self.simulator.simulator.exchanges

    def breaks(
        self, kind: str, exchange: str, /, *, count: int | None = 1, after: int = 5, **data: Any
    ) -> int:
        """Put a fault of an exchange in force and return its number."""
        rule = FaultRule(route=f"/{exchange}_*", kind=kind, count=count, after=after, data=data)
        return self.simulator.simulator.faults.add(rule, now=self.simulator.simulator.now())

    def fired(self) -> int:
        """Return how often faults took hold."""
        state = self.simulator.simulator
        return sum(row["fired"] for row in state.faults.as_data(now=state.now()))

    def heals(self) -> None:
        """Take all faults out of force."""
        self.simulator.simulator.faults.clear()

    def state(self, code: str) -> str:
        """Return how the engine has the pair at an exchange."""
        book = self.process.engine.books.get(PAIR)
        return "" if book is None else book.states[self.process.engine.terms.by_code[code].index]

    def reasons(self, code: str) -> set[str]:
        """Return why books of an exchange were taken out of the comparison."""
        return {one.reason for one in self.withdrawn if one.exchange == code}

    def is_true(self, code: str) -> bool:
        """Tell whether the engine compares exactly what the exchange shows now."""
        book = self.process.engine.books.get(PAIR)
        if book is None or self.state(code) != LIVE:
            return False
        quote = book.quotes[self.process.engine.terms.by_code[code].index]
        seen = self.hub.exchanges[code].books[PAIR]
        best, listing = seen.book.best, seen.listing
        shown = (float(listing.price_text(best.bid)), float(listing.price_text(best.ask)))
        return (quote.bid, quote.ask) == shown

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {what}; {self.describe()}"
            await asyncio.sleep(0.01)

    async def recovers(self) -> None:
        """Wait until the engine has every exchange as it is, and signals go on."""
        self.heals()
        self.hub.set_rate(SLOW)
        await self.until(lambda: all(self.is_true(code) for code in self.runners), "the books agree again")
        before = len(self.witness.signals)
        self.hub.set_rate(RATE)
        await self.until(lambda: len(self.witness.signals) > before, "signals go on")

    def describe(self) -> str:
        """Return the desk's state in one line."""
        runners = {code: (one.state, one.error, one.counts) for code, one in self.runners.items()}
        states = {code: (self.state(code), self.is_true(code)) for code in self.runners}
        return f"{runners} {states} {self.process.facts()}"


@asynccontextmanager
async def fault_desk(
    world: World, folder: Path, redis_url: str, *, has_books: bool = True
) -> AsyncIterator[FaultDesk]:
    """Run a desk until its first signals are there; at its end no signal may have been a lie."""
    simulator = await start_simulator(create_simulator(world))
    hub, witness = simulator.simulator.exchanges, Witness()
    hub.prices.has_gaps = False
    hub.set_rate(RATE)
    hub.prices.open_gap(DEAR, PAIR, bps=100, seconds=1e9)
    for exchange in hub.exchanges.values():
        exchange.after_tick = witness.see
        if PAIR in exchange.books:
            witness.see(exchange, exchange.books[PAIR])
    terms = engine_terms(dict.fromkeys(CODES, Decimal(10)))
    with Outlet(f"ipc://{folder}/ticks") as outlet:
        process = SignalProcess(terms, endpoint=outlet.endpoint, redis_url=redis_url)
        desk, stopping = FaultDesk(simulator, witness, process), asyncio.Event()

        def send(message: Message) -> None:
            if isinstance(message, Withdrawn):
                desk.withdrawn.append(message)
            elif isinstance(message, Quote):
                desk.quotes[message.exchange] += 1
            outlet.send(message)

        async with aiohttp.ClientSession() as http:
            wiring = Wiring(http=http, send=send, timing=QUICK, rng=Random(7))
            tasks = [
                asyncio.create_task(_listen(redis_url, witness)),
                asyncio.create_task(process.run(stopping)),
            ]
            for code in CODES:
                make = adapter_maker(code, [PAIR], has_books=has_books)
                base = f"{simulator.url}/{code}"
                address = StreamAddress(f"{base}_ws".replace("http", "ws", 1), f"{base}_rest")
                desk.runners[code] = StreamRunner(make, address=address, wiring=wiring)
                tasks.append(asyncio.create_task(desk.runners[code].run()))
            try:
                await desk.until(lambda: witness.signals, "the first signal")
                await desk.until(lambda: all(desk.state(code) == LIVE for code in CODES), "all are live")
                yield desk
                assert not witness.lies, witness.lies[:3]
                assert not [task for task in tasks if task.done()]
            finally:
                stopping.set()
                await tasks[1]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await simulator.stop()


async def _listen(url: str, witness: Witness) -> None:
    """Hear every signal as other programs do: on R001's channel; a Redis that is gone is asked again."""
    client = redis.asyncio.Redis.from_url(url)
    try:
        while True:
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(SIGNALS_CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            witness.hear(json.loads(message["data"]))
            except (RedisError, OSError):
                await asyncio.sleep(0.05)
    finally:
        await client.aclose()
