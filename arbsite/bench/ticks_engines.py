"""Both engines as programs of their own: `python -m arbsite.bench.ticks_engines KIND REDIS TICKS`.

Each is told where its feed is by the first line of its standard input, says when it is ready, works until it
has taken all ticks, says what they cost, and goes on until its standard input ends. `ours` is the product's
signal process, with venues that take no fee so that it signals what R001 would.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import uvloop

POLL_SECONDS: Final = 0.005
SETTLE_SECONDS: Final = 0.3
MOST_VENUES: Final = 50


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured: its work, how many ticks it took so far, and what else to report."""

    run: Callable[[], Awaitable[None]]
    messages: Callable[[], int]
    counts: Callable[[], dict[str, int]]


def yardstick(endpoint: str, redis_url: str) -> Measured:
    """Return R001's engine."""
    from .r001 import Engine

    engine = Engine(endpoint, redis_url)
    return Measured(engine.run, lambda: engine.messages, dict)


def ours(endpoint: str, redis_url: str) -> Measured:
    """Return the product's signal process."""
    from opportunities.live.process import SignalProcess
    from opportunities.live.terms import engine_terms

    from .ticks_feed import venue_code

    fees = {venue_code(index): Decimal(0) for index in range(MOST_VENUES)}
    # Ticks of a burst are encoded before they are sent; none may be too old to count.
    terms = engine_terms(fees, max_age_ms=3_600_000)
    process = SignalProcess(terms, endpoint=endpoint, redis_url=redis_url)
    return Measured(
        run=lambda: process.run(asyncio.Event()),
        messages=lambda: process.receiver.messages,
        counts=lambda: {"signals": process.engine.signals, "dropped": process.publisher.counts.dropped},
    )


ENGINES: Final = {"r001": yardstick, "ours": ours}


async def measure(kind: str, endpoint: str, redis_url: str, ticks: int) -> None:
    """Run one engine and report.

    Args:
        kind: `r001` or `ours`.
        endpoint: where the feed is bound.
        redis_url: scratch server.
        ticks: how many are coming.
    """
    engine = ENGINES[kind](endpoint, redis_url)
    work = asyncio.ensure_future(engine.run())
    ended = _end_of_input()
    await asyncio.sleep(SETTLE_SECONDS)
    _say({"ready": True})
    before = time.process_time()
    while engine.messages() < ticks:
        if work.done():
            work.result()
        await asyncio.sleep(POLL_SECONDS)
    spent = time.process_time() - before
    _say({"cpu_seconds": spent, "done_ns": time.perf_counter_ns(), **engine.counts()})
    await ended.wait()
    os._exit(0)  # the measurement is over: nothing is left to close in good order


def _end_of_input() -> asyncio.Event:
    """Return an event that is set when the parent closes our standard input, or dies."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def wait() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait, daemon=True).start()
    return ended


def _say(facts: dict[str, object]) -> None:
    print(json.dumps(facts), flush=True)  # noqa: T201 - answers the parent


if __name__ == "__main__":
    feed = sys.stdin.readline().strip()
    uvloop.run(measure(sys.argv[1], feed, sys.argv[2], int(sys.argv[3])))
