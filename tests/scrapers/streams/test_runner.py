"""The runner keeps an exchange connected and never lets a dead book stand."""

import asyncio
import time
from datetime import UTC, datetime
from random import Random

import aiohttp
import pytest

from quant.spreads.messages import Beat, Message, Quote
from scrapers.streams.exchanges import adapter_maker
from scrapers.streams.runner import StreamRunner
from scrapers.streams.timing import Timing
from scrapers.streams.wiring import Wiring

from .venue import DEADLINE, Visit, exchange, until, watching

BINANCE = adapter_maker("binance", ["BTC/USDT"])
COINBASE = adapter_maker("coinbase", ["BTC/USD"])


def book_ticker(
    update: int, bid: str = "100.5", ask: str = "100.6", symbol: str = "BTCUSDT"
) -> dict[str, object]:
    return {"u": update, "s": symbol, "b": bid, "B": "1.5", "a": ask, "A": "2"}


async def test_binance_ticker_reaches_the_engine_as_a_quote():
    heard = []

    async def script(visit: Visit) -> None:
        heard.append(await visit.receive())
        await visit.send({"result": None, "id": 1}, book_ticker(7))
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.quotes)

    quote = desk.quotes[0]
    assert heard == [{"method": "SUBSCRIBE", "params": ["btcusdt@bookTicker"], "id": 1}]
    assert (quote.exchange, quote.symbol, quote.bid, quote.ask) == ("binance", "BTC/USDT", 100.5, 100.6)
    assert (quote.bid_size, quote.ask_size, quote.timestamp) == (1.5, 2.0, 0)
    assert abs(quote.received - time.time_ns()) < 60e9


async def test_coinbase_ticker_keeps_its_quote_currency():
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(
            {
                "type": "ticker", "sequence": 9, "product_id": "BTC-USD", "price": "100.55",
                "best_bid": "100.5",
                "best_ask": "100.6", "best_bid_size": "1", "best_ask_size": "2", "last_size": "0.25",
                "trade_id": 4, "time": datetime.now(tz=UTC).isoformat().replace("+00:00", "Z"),
            }
        )  # fmt: skip
        await visit.stay()

    async with exchange(script) as venue, watching(COINBASE, venue) as desk:
        await until(lambda: desk.quotes)

    quote = desk.quotes[0]
    assert (quote.exchange, quote.symbol, quote.price, quote.volume) == ("coinbase", "BTC/USD", 100.55, 0.25)
    assert abs(quote.timestamp - time.time_ns() // 1_000_000) < 60_000


async def test_states_are_told_in_order_and_the_end_withdraws_everything():
    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(7))
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.runner.state == "live")
        await asyncio.sleep(0.05)

    assert desk.states[-2:] == ["live", "stopped"]
    assert desk.withdrawn[-1].symbol == ""
    assert desk.withdrawn[-1].reason == "stopped"


async def test_quote_that_holds_is_confirmed_after_the_clock_was_set_back():
    hour = 3_600 * 10**9
    back = 0

    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(7))
        await until(lambda: back)
        await visit.send(book_ticker(7))
        await visit.stay()

    async with (
        exchange(script) as venue,
        watching(BINANCE, venue, wall_ns=lambda: time.time_ns() - back) as desk,
    ):
        await until(lambda: desk.runner.state == "live")
        back = hour
        await until(lambda: desk.quotes[-1].received < time.time_ns() - hour // 2)


async def test_runner_that_cannot_watch_any_more_ends_instead_of_going_on_blindly():
    told: list[Message] = []

    def send(message: Message) -> None:
        if isinstance(message, Beat) and any(isinstance(one, Quote) for one in told):
            raise ZeroDivisionError
        told.append(message)

    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(7))
        await visit.stay()

    async with exchange(script) as venue, aiohttp.ClientSession() as http:
        wiring = Wiring(http=http, send=send, timing=Timing(watch=0.01, beat=0.02), rng=Random(7))
        runner = StreamRunner(BINANCE, address=venue.address, wiring=wiring)
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(runner.run(), DEADLINE)
