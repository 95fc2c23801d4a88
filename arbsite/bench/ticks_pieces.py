"""Parts of the tick path on their own, by processor time: the comparison, and decoding a venue's message.

The peer of the second is ccxt.pro if it is installed (`requirements/bench.txt`); the product never needs it.
"""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

from opportunities.live.engine import SignalEngine
from opportunities.live.terms import engine_terms
from quant.spreads.messages import Quote
from scrapers.streams.binance import BinanceStream

from .r001 import OrderBook, SpreadEngine
from .results import Better, Figure, ratio
from .ticks_feed import BASE_PRICE, SEED, SYMBOL, venue_code

VENUES: Final = (2, 10, 50)
MOST_MICROSECONDS: Final = 100.0
"""R001's own target for one spread calculation: 0.1 ms."""
CCXT_RATIO: Final = 10.0
TAKER_FEE_BPS: Final = Decimal(10)


def processor_seconds(run: Callable[[], object], *, repeats: int) -> float:
    """Return the median processor time of a call in seconds."""
    spent = []
    for _ in range(repeats):
        began = time.process_time()
        run()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def comparison_figures(*, ticks: int, repeats: int) -> Iterator[Figure]:
    """Measure book update and comparison per tick, ours after fees and R001's before them."""
    for venues in VENUES:
        prices = _wander(ticks, venues)
        ours = processor_seconds(_our_comparison(prices, venues), repeats=repeats) / ticks
        r001 = processor_seconds(_r001_comparison(prices), repeats=repeats) / ticks
        name = f"spread calculation, {venues} venues"
        yield Figure(
            name, ours * 1e6, "µs", target=MOST_MICROSECONDS, better=Better.LOWER,
            note=f"R001 {r001 * 1e6:.1f} µs",
        )  # fmt: skip
        yield Figure(f"{name}: against R001", r001 / ours, "x")


def _wander(ticks: int, venues: int) -> list[tuple[int, float]]:
    dice = random.Random(SEED)  # noqa: S311 - prices, not secrets
    middle, made = BASE_PRICE, []
    for _ in range(ticks):
        middle *= 1 + dice.gauss(0, 1e-5)
        made.append((dice.randrange(venues), middle * (1 + dice.gauss(0, 4e-4))))
    return made


def _our_comparison(prices: list[tuple[int, float]], venues: int) -> Callable[[], object]:
    now = time.time_ns()
    quotes = [
        Quote(venue_code(venue), SYMBOL, price, 0.5, 0, price * 0.9999, price * 1.0001, 1.0, 1.0, now)
        for venue, price in prices
    ]
    terms = engine_terms({venue_code(index): TAKER_FEE_BPS for index in range(venues)})

    def compare() -> None:
        engine = SignalEngine(terms, add_signal=lambda at_ms, body: None)
        take = engine.on_quote
        for quote in quotes:
            take(quote, now)

    return compare


def _r001_comparison(prices: list[tuple[int, float]]) -> Callable[[], object]:
    trades = [(venue_code(venue), price) for venue, price in prices]

    def compare() -> None:
        book, engine = OrderBook(), SpreadEngine()
        for venue, price in trades:
            book.update(venue, SYMBOL, price, 1)
            engine.find_arbitrage(book.get_all(SYMBOL))

    return compare


def decoding_figures(*, messages: int, repeats: int) -> Iterator[Figure]:
    """Measure decoding, judging and booking one Binance `bookTicker`, against ccxt.pro on the same texts."""
    texts = _book_tickers(messages)
    ours = processor_seconds(lambda: _decode_and_book(texts), repeats=repeats) / messages
    peer = asyncio.run(_ccxt_seconds(texts, repeats=repeats))
    missing = "" if peer is not None else "ccxt is not installed: see requirements/bench.txt"
    yield Figure("bookTicker decoded and booked", ours * 1e6, "µs", note=missing)
    if peer is not None:
        yield Figure("bookTicker, ccxt.pro's handle_message", peer * 1e6, "µs")
        yield ratio("bookTicker, against ccxt.pro", naive_seconds=peer, our_seconds=ours, target=CCXT_RATIO)


def _book_tickers(count: int) -> list[bytes]:
    dice = random.Random(SEED)  # noqa: S311 - prices, not secrets
    texts = []
    for number in range(count):
        bid = 45_000 + dice.randrange(10_000) / 100
        texts.append(
            b'{"u":%d,"s":"BTCUSDT","b":"%.2f","B":"31.21000000","a":"%.2f","A":"40.66000000"}'
            % (400_900_217 + number, bid, bid + 0.01)
        )
    return texts


def _decode_and_book(texts: list[bytes]) -> None:
    now = time.time_ns()
    receive = BinanceStream([SYMBOL]).receive
    engine = SignalEngine(engine_terms({"binance": TAKER_FEE_BPS}), add_signal=lambda at_ms, body: None)
    for text in texts:
        for event in receive(text, now):
            if type(event) is Quote:
                engine.on_quote(event, now)


async def _ccxt_seconds(texts: list[bytes], *, repeats: int) -> float | None:
    """Return processor seconds per message of ccxt.pro's own way from text to ticker; None without ccxt."""
    try:
        pro: Any = import_module("ccxt.pro")
    except ImportError:
        return None
    exchange = pro.binance()
    exchange.set_markets([exchange.safe_market_structure(_CCXT_MARKET)])
    client = SimpleNamespace(
        url="wss://stream.binance.com:9443/ws", subscriptions={}, futures={},
        resolve=lambda result, _hash: result, reject=_refuse,
    )  # fmt: skip
    loads = _ccxt_decoder()

    def handle() -> None:
        for text in texts:
            exchange.handle_message(client, loads(text))

    try:
        spent = processor_seconds(handle, repeats=repeats) / len(texts)
        last = exchange.bidsasks.get(SYMBOL) or exchange.tickers.get(SYMBOL)
    finally:
        await exchange.close()
    if last is None or last["bid"] != float(json.loads(texts[-1])["b"]):
        msg = "ccxt.pro did not take the messages"
        raise RuntimeError(msg)
    return spent


def _ccxt_decoder() -> Callable[[bytes], Any]:
    """Return what ccxt decodes with: orjson where it is installed."""
    try:
        loads: Callable[[bytes], Any] = import_module("orjson").loads
    except ImportError:
        return json.loads
    return loads


def _refuse(error: object, _hash: object = None) -> None:
    raise RuntimeError(str(error))


_CCXT_MARKET: Final = {
    "id": "BTCUSDT", "lowercaseId": "btcusdt", "symbol": SYMBOL, "base": "BTC", "quote": "USDT",
    "baseId": "BTC", "quoteId": "USDT", "type": "spot", "spot": True, "margin": False, "swap": False,
    "future": False, "option": False, "contract": False, "active": True,
    "precision": {"amount": 1e-5, "price": 0.01}, "limits": {}, "info": {},
}  # fmt: skip
