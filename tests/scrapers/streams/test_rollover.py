"""A connection is replaced before the venue cuts it, without a moment in which nothing is known."""

import asyncio

from quant.spreads.messages import Quote
from scrapers.streams.exchanges import adapter_maker

from .messages import book_ticker
from .venue import Visit, exchange, until, watching

MAKE = adapter_maker("binance", ["BTC/USDT", "ETH/USDT"])
DAY = 86_400.0


class Clock:
    """A monotonic clock that runs with the machine's and can be moved ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead


async def both(visit: Visit, base: int = 0) -> None:
    bid = f"{90 + visit.number}"
    await visit.send(book_ticker(base + 1, bid), book_ticker(base + 1, bid, symbol="ETHUSDT"))


async def test_connection_is_replaced_at_23_hours_while_the_old_one_still_serves():
    clock = Clock()

    async def script(visit: Visit) -> None:
        await both(visit)
        await visit.stay()

    async with (
        exchange(script) as venue,
        watching(
            MAKE, venue, monotonic=clock, probe=0.05, stale=DAY * 2, dead=DAY * 3, silence=DAY * 4
        ) as desk,
    ):
        await until(lambda: desk.runner.state == "live")
        clock.ahead = 22.9 * 3_600
        await asyncio.sleep(0.1)
        assert len(venue.visits) == 1

        clock.ahead = 23 * 3_600
        await until(lambda: desk.runner.rollovers == 1)
        await until(lambda: venue.visits[0].socket.closed)

        assert (desk.runner.reconnects, desk.withdrawn) == (0, [])
        assert desk.states[-1] == "live"
        assert desk.quotes[-1].bid == 91.0


async def test_replacement_takes_over_only_when_it_knows_every_pair():
    release = asyncio.Event()

    async def script(visit: Visit) -> None:
        if visit.number == 0:
            await both(visit)
            await until(lambda: desk.runner.state == "live")
            await visit.send({"e": "serverShutdown", "E": 1})
        else:
            await visit.send(book_ticker(1, "91"))
            await release.wait()
            await visit.send(book_ticker(1, "91", symbol="ETHUSDT"))
        await visit.stay()

    async with exchange(script) as venue, watching(MAKE, venue) as desk:
        await until(lambda: len(venue.visits) == 2)
        await venue.visits[0].send(book_ticker(9, "90.5"))
        await until(lambda: desk.quotes[-1].bid == 90.5)
        assert desk.runner.rollovers == 0
        assert all(quote.bid != 91.0 for quote in desk.quotes)

        release.set()
        await until(lambda: desk.runner.rollovers == 1)

        assert {quote.bid for quote in desk.quotes[-2:]} == {91.0}
        assert desk.withdrawn == []


async def test_old_connection_that_ends_too_early_hands_over_at_once():
    async def script(visit: Visit) -> None:
        if visit.number == 0:
            await both(visit)
            await until(lambda: desk.runner.state == "live")
            await visit.send({"e": "serverShutdown", "E": 1})
            await until(lambda: len(venue.visits) == 2)
            visit.cut()
            return
        await visit.send(book_ticker(1, "91"))
        await visit.stay()

    async with exchange(script) as venue, watching(MAKE, venue) as desk:
        await until(lambda: desk.quotes and desk.quotes[-1].bid == 91.0)

        assert len(venue.visits) == 2
        assert desk.runner.reconnects == 0
        assert [one.reason for one in desk.withdrawn] == ["disconnected"]
        told = [one for one in desk.said if isinstance(one, Quote) or one in desk.withdrawn]
        assert [getattr(one, "symbol", "") for one in told[-2:]] == ["", "BTC/USDT"]


async def test_replacement_that_fails_leaves_the_old_connection_alone():
    async def script(visit: Visit) -> None:
        if visit.number == 0:
            await both(visit)
            await until(lambda: desk.runner.state == "live")
            await visit.send({"e": "serverShutdown", "E": 1})
            await visit.stay()
        visit.cut()

    async with exchange(script) as venue, watching(MAKE, venue, rollover_retry=2.0) as desk:
        await until(lambda: desk.runner.last_error == "replacement failed")

        await venue.visits[0].send(book_ticker(9, "90.5"))
        await until(lambda: desk.quotes[-1].bid == 90.5)
        assert (desk.runner.state, desk.withdrawn) == ("live", [])
