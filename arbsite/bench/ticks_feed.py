"""The ticks that both engines get: the same prices in the same order, each in the engine's own format.

Run as a program it is the ingest of a measurement: `python -m arbsite.bench.ticks_feed`, told what to send by
one JSON line on its standard input and told to begin by a second line.
"""

import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final

import zmq

from quant.spreads.messages import Quote, encode

from .r001 import OrderBook, SpreadEngine, message_of

SYMBOL: Final = "BTC/USDT"
BASE_PRICE: Final = 45_000.0
JUMP: Final = 1.01
"""A price that makes a gap of about 98 bps: a signal while it stands."""
HIGH_WATER_MARK: Final = 1_000
SEED: Final = 5


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What is sent.

    Args:
        kind: whose format: `r001` or `ours`.
        venues: exchanges, one after the other.
        jump_share: chance that a tick of every other exchange jumps.
        ticks: how many.
        rate: ticks a second; 0 means as fast as they are taken.
    """

    kind: str
    venues: int
    jump_share: float
    ticks: int
    rate: int


@dataclass(frozen=True, slots=True)
class Tick:
    """One price at one exchange."""

    venue: int
    price: float


def make_ticks(*, venues: int, jump_share: float, ticks: int) -> list[Tick]:
    """Return ticks with prices that never repeat, so that every signal can be told from the others."""
    dice = random.Random(SEED)  # noqa: S311 - prices, not secrets
    offsets = dice.sample(range(ticks), ticks)
    made = []
    for number, offset in enumerate(offsets):
        venue = number % venues
        factor = JUMP if venue % 2 and dice.random() < jump_share else 1.0
        made.append(Tick(venue, (BASE_PRICE + offset / ticks) * factor))
    return made


def venue_code(index: int) -> str:
    """Return the code of an exchange in the measurement."""
    return f"ex{index}"


def expected_signals(ticks: list[Tick]) -> list[tuple[int, float, float]]:
    """Return what R001's own engine signals: number of the tick, buying price, selling price.

    A signal that says the same as the one before is left out.
    """
    book, engine = OrderBook(), SpreadEngine()
    expected: list[tuple[int, float, float]] = []
    for number, tick in enumerate(ticks):
        book.update(venue_code(tick.venue), SYMBOL, tick.price, 0)
        found = engine.find_arbitrage(book.get_all(SYMBOL))
        if found and (not expected or expected[-1][1:] != (found["buy_price"], found["sell_price"])):
            expected.append((number, found["buy_price"], found["sell_price"]))
    return expected


def frame_of(kind: str, tick: Tick) -> bytes:
    """Return a tick as it travels; both formats lead to the same bid and ask."""
    code = venue_code(tick.venue)
    if kind == "r001":
        return message_of(code, SYMBOL, tick.price, time.time_ns() // 1_000_000)
    spread = tick.price * 0.0001
    bid, ask = tick.price - spread, tick.price + spread
    now = time.time_ns()
    return encode(Quote(code, SYMBOL, tick.price, 0.5, now // 1_000_000, bid, ask, 1.0, 1.0, now))


def send(plan: FeedPlan, socket: "zmq.Socket[bytes]", frames: list[bytes], ticks: list[Tick]) -> list[int]:
    """Send all ticks; return when each was sent by the monotonic clock, if they are paced."""
    if not plan.rate:
        for frame in frames:
            socket.send(frame)
        return []
    sent = []
    began = time.perf_counter()
    for number, tick in enumerate(ticks):
        wait = began + number / plan.rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        frame = frame_of(plan.kind, tick)
        sent.append(time.perf_counter_ns())
        socket.send(frame)
    return sent


def describe(plan: FeedPlan) -> str:
    """Return the line that tells the program what to send."""
    return json.dumps(asdict(plan))


def main() -> None:
    """Bind, wait for the word, send, and stay until the standard input ends."""
    plan = FeedPlan(**json.loads(sys.stdin.readline()))
    ticks = make_ticks(venues=plan.venues, jump_share=plan.jump_share, ticks=plan.ticks)
    frames = [] if plan.rate else [frame_of(plan.kind, tick) for tick in ticks]
    context = zmq.Context()
    socket = context.socket(zmq.PUSH)
    socket.setsockopt(zmq.SNDHWM, HIGH_WATER_MARK)
    socket.setsockopt(zmq.LINGER, 0)
    socket.bind("tcp://127.0.0.1:*")
    endpoint = socket.getsockopt_string(zmq.LAST_ENDPOINT)
    print(json.dumps({"endpoint": endpoint}), flush=True)  # noqa: T201 - answers the parent
    sys.stdin.readline()
    print(json.dumps({"began_ns": time.perf_counter_ns()}), flush=True)  # noqa: T201
    print(json.dumps({"sent_ns": send(plan, socket, frames, ticks)}), flush=True)  # noqa: T201
    sys.stdin.read()
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
