"""What venues do to a connection: nothing of a bad book stays, and it comes back by itself."""

import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from quant.spreads.messages import Quote, Withdrawn
from scrapers.streams.exchanges import adapter_maker

from .messages import binance_diff, binance_snapshot, book_ticker, bybit_book, kraken_book, okx_book
from .venue import Desk, Visit, exchange, until, watching

BINANCE = adapter_maker("binance", ["BTC/USDT"])
BINANCE_BOOK = adapter_maker("binance", ["BTC/USDT"], has_books=True)
BYBIT = adapter_maker("bybit", ["BTC/USDT"])
KRAKEN = adapter_maker("kraken", ["BTC/USD"])
OKX = adapter_maker("okx", ["BTC/USDT"])

BIDS, ASKS = [["100.5", "1"]], [["100.6", "1"]]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def told_in_order(desk: Desk) -> list[str]:
    """Return quotes and withdrawals as they went out, without what was only said again."""
    told = [
        f"{one.bid:g}/{one.ask:g}" if isinstance(one, Quote) else one.reason
        for one in desk.said
        if isinstance(one, Quote | Withdrawn)
    ]
    return [told[0], *(one for before, one in pairwise(told) if one != before)] if told else []


@pytest.mark.parametrize("how", ["1012", "1006", "kicked"])
async def test_closed_connection_withdraws_everything_and_comes_back(how: str):
    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(visit.number + 1))
        if visit.number == 0:
            await asyncio.sleep(0.05)
            if how == "1012":
                await visit.socket.close(code=1012, message=b"Service Restart")
            elif how == "1006":
                visit.cut()
            else:
                await visit.socket.close(code=1008, message=b"Too many requests")
            return
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.runner.reconnects == 1 and desk.runner.state == "live")

        assert told_in_order(desk)[:3] == ["100.5/100.6", "disconnected", "100.5/100.6"]
        assert desk.withdrawn[0].symbol == ""
        assert "live" in desk.states
        assert desk.states[desk.states.index("live") + 1] == "connecting"
        assert {"1012": "1012", "1006": "1006", "kicked": "1008"}[how] in desk.runner.last_error


async def test_refused_connections_are_tried_again_with_growing_patience():
    async def script(visit: Visit) -> None:
        if visit.number < 6:
            visit.cut()
            return
        await visit.send(book_ticker(1))
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.runner.reconnects >= 5)
        grown = desk.runner._backoff.ceiling
        await until(lambda: desk.runner.state == "live")

        assert grown == 0.05
        assert desk.runner._backoff.attempts == 0  # only valid data resets it


async def test_refused_handshake_is_heeded():
    async with exchange(lambda visit: visit.stay()) as venue:
        venue.refusals = [web.Response(status=429, headers={"Retry-After": "86400"})]
        async with watching(BINANCE, venue) as desk:
            await until(lambda: desk.runner.last_error == "refused 429")
            await asyncio.sleep(0.1)

            assert venue.visits == []
            assert desk.runner.state == "connecting"
            assert desk.runner.reconnects == 1


async def test_opening_alone_does_not_reset_the_patience():
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send({"result": None, "id": 1}, {"e": "something", "new": 1})
        await visit.socket.close()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.runner.reconnects >= 4)

        assert desk.runner._backoff.attempts >= 4
        assert "live" not in desk.states


async def test_half_open_socket_is_stale_then_given_up():
    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(visit.number + 1))
        if visit.number:
            await visit.stay()
        # The server neither reads nor writes: pings stay unanswered.
        await asyncio.sleep(60)

    async with (
        exchange(script) as venue,
        watching(BINANCE, venue, probe=0.05, stale=0.3, dead=0.6, watch=0.02) as desk,
    ):
        await until(lambda: desk.runner.reconnects >= 1)
        await until(lambda: desk.runner.state == "live")

        assert [one.reason for one in desk.withdrawn[:2]] == ["stale", "disconnected"]
        assert desk.states[desk.states.index("live") : desk.states.index("stale") + 2] == [
            "live", "stale", "connecting",
        ]  # fmt: skip
        assert desk.runner.last_error == "half_open"


async def test_quiet_venue_that_answers_pings_stays_live_and_is_confirmed():
    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(1))
        await visit.stay()  # aiohttp answers pings meanwhile

    async with (
        exchange(script) as venue,
        watching(BINANCE, venue, probe=0.02, stale=5.0, dead=8.0, watch=0.01, beat=0.05) as desk,
    ):
        await until(lambda: len(desk.quotes) >= 4)

        received = [quote.received for quote in desk.quotes]
        assert desk.runner.counts.quotes == 1
        assert desk.withdrawn == []
        assert received == sorted(received)


async def test_venue_without_data_is_left():
    async def script(visit: Visit) -> None:
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue, sync=0.1, probe=0.02) as desk:
        await until(lambda: desk.runner.reconnects >= 1)

        assert desk.runner.last_error == "no_data"
        assert "syncing" in desk.states
        assert desk.quotes == []


@pytest.mark.parametrize(
    ("make", "snapshot", "flaw", "reason"),
    [
        (BYBIT, lambda: bybit_book("snapshot", 10, BIDS, ASKS, sent_ms=now_ms()),
         lambda: bybit_book("delta", 12), "gap"),
        (BYBIT, lambda: bybit_book("snapshot", 10, BIDS, ASKS, sent_ms=now_ms()),
         lambda: bybit_book("delta", 11, [["100.7", "1"]], sent_ms=now_ms()), "crossed"),
        (OKX, lambda: okx_book("snapshot", BIDS, ASKS, sequence=5, ts=str(now_ms())),
         lambda: okx_book("update", sequence=9, previous=7), "gap"),
        (OKX, lambda: okx_book("snapshot", BIDS, ASKS, sequence=5, ts=str(now_ms())),
         lambda: okx_book("update", sequence=9, previous=5, checksum=1), "checksum"),
        (KRAKEN, lambda: kraken_book("snapshot", BIDS, ASKS).decode(),
         lambda: kraken_book("update", [["100.5", "2"]], checksum=1).decode(), "checksum"),
    ],
    ids=["bybit-gap", "bybit-crossed", "okx-gap", "okx-checksum", "kraken-checksum"],
)  # fmt: skip
async def test_bad_book_leaves_before_it_is_subscribed_anew(make: Any, snapshot: Any, flaw: Any, reason: str):
    asked: list[str] = []

    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(snapshot(), flaw())
        for _ in range(2):
            message = await visit.receive()
            asked.append(message.get("op") or message["method"])
        await visit.send(snapshot())
        await visit.stay()

    async with exchange(script) as venue, watching(make, venue) as desk:
        await until(lambda: told_in_order(desk) == ["100.5/100.6", reason, "100.5/100.6"])

        assert asked == ["unsubscribe", "subscribe"]
        assert desk.runner.reconnects == 0
        assert desk.states[-2:] == ["syncing", "live"]


async def test_refused_resubscription_begins_with_a_new_connection():
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(bybit_book("snapshot", 10, BIDS, ASKS, sent_ms=now_ms()))
        if visit.number:
            await visit.stay()
        await visit.send(bybit_book("delta", 12))
        await visit.receive()
        asked = await visit.receive()
        await visit.send({"success": False, "ret_msg": "busy", "req_id": asked["req_id"], "op": "subscribe"})
        await visit.stay()

    async with exchange(script) as venue, watching(BYBIT, venue) as desk:
        await until(lambda: desk.runner.reconnects == 1 and desk.runner.state == "live")

        assert told_in_order(desk)[:4] == ["100.5/100.6", "gap", "disconnected", "100.5/100.6"]
        assert desk.runner.last_error == "refused (busy)"


async def test_storm_of_resyncs_is_answered_with_growing_patience():
    async def script(visit: Visit) -> None:
        await visit.receive()
        for _ in range(12):
            await visit.send(
                bybit_book("snapshot", 10, BIDS, ASKS, sent_ms=now_ms()), bybit_book("delta", 12)
            )
        await visit.stay()

    async with exchange(script) as venue, watching(BYBIT, venue, first_backoff=0.001) as desk:
        await until(lambda: desk.runner.reconnects >= 3)

        assert desk.runner.last_error == "resync_storm"
        assert desk.runner._backoff.attempts >= 3  # although each connection brought valid data


async def test_binance_gap_fetches_a_new_snapshot_and_heeds_retry_after():
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(binance_diff(101, 105, sent_ms=now_ms()))
        await until(lambda: desk.quotes)
        await visit.send(binance_diff(110, 111, sent_ms=now_ms()))
        await visit.stay()

    async with exchange(script) as venue:
        venue.rest = [
            web.Response(body=binance_snapshot(105)),
            web.Response(status=429, headers={"Retry-After": "1"}),
            web.Response(body=binance_snapshot(105)),  # older than the buffer: asked for again
            web.Response(body=binance_snapshot(110, [["99.5", "1"]])),
        ]
        async with watching(BINANCE_BOOK, venue) as desk:
            await until(lambda: told_in_order(desk) == ["99/101", "gap", "99.5/101"])

            assert venue.asked == ["/api/v3/depth?symbol=BTCUSDT&limit=5000"] * 4
            assert desk.runner.counts.gaps == 1
            assert desk.runner.reconnects == 0


async def test_burst_loses_nothing_and_ends_with_the_newest_quote():
    count = 10_000

    async def script(visit: Visit) -> None:
        for update in range(1, count + 1):
            await visit.send(book_ticker(update, bid=f"{90 + update / count:.4f}"))
        await visit.stay()

    async with exchange(script) as venue, watching(BINANCE, venue) as desk:
        await until(lambda: desk.runner.counts.quotes == count)

        assert (desk.runner.counts.messages, desk.runner.counts.invalid) == (count, 0)
        assert desk.quotes[-1].bid == 91.0


async def test_an_exception_nobody_foresaw_costs_one_connection_only(monkeypatch: pytest.MonkeyPatch):
    adapters = []

    def make(counts: Any) -> Any:
        adapter = BINANCE(counts)
        adapters.append(adapter)
        if len(adapters) == 2:  # the first is asked for its name only
            monkeypatch.setattr(adapter, "receive", lambda _raw, _received: 1 // 0)
        return adapter

    async def script(visit: Visit) -> None:
        await visit.send(book_ticker(1))
        await visit.stay()

    async with exchange(script) as venue, watching(make, venue) as desk:
        await until(lambda: desk.runner.state == "live")

        assert desk.runner.reconnects == 1
        assert "ZeroDivisionError" in desk.runner.last_error
