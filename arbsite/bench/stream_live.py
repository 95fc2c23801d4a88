"""Part of the scenario of the event stream: thousands of price changes a second, and events among them.

Prices are conflated: each listener gets the newest state of what changed at most ten times a second. So the
work grows with listeners and things that change, not with changes; events must all arrive, and soon.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from common.events import STREAM_KEY, Topic
from common.live import LIVE_STREAM, MAX_LIVE, live_entry
from common.redis import shared_redis

from .results import Better, Figure
from .stream_server import connect, processor_seconds, resident_bytes, settled

STEP_SECONDS: Final = 0.02
EVENTS_A_SECOND: Final = 10
_HEAD: Final = b"event: quote\n"
_VENUES: Final = [
    {
        "venue": name,
        "bid": "64118.2",
        "ask": "64120.1",
        "bid_size": "0.52",
        "ask_size": "1.04",
        "state": "live",
    }
    for name in ("binance", "bybit", "coinbase", "kraken", "okx")
]


@dataclass(frozen=True, slots=True)
class LiveSizes:
    """Listeners, things whose price changes, changes a second, seconds."""

    listeners: int
    things: int
    rate: int
    seconds: float


FULL: Final = (LiveSizes(50, 100, 1_000, 10), LiveSizes(50, 100, 5_000, 10))
QUICK: Final = (LiveSizes(5, 20, 200, 1),)


@dataclass(slots=True)
class LiveOutcome:
    """What one run showed. `stale` are things whose last state a listener did not get."""

    joined: int = 0
    all_joined: asyncio.Event = field(default_factory=asyncio.Event)
    written: int = 0
    sent_events: int = 0
    got_events: int = 0
    delivered: int = 0
    stale: int = 0
    event_delays: list[float] = field(default_factory=list)
    live_delays: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    warm_bytes: int = 0
    end_bytes: int = 0


def live_figures(process: int, port: int, sizes: LiveSizes) -> Iterator[Figure]:
    """Measure one rate against a running server, and yield the figures.

    Args:
        process: id of the serving process.
        port: where it serves.
        sizes: of the run.
    """
    outcome = asyncio.run(_drive(process, port, sizes))
    rate = f"{sizes.rate:,} changes/s: "
    lost = outcome.sent_events * sizes.listeners - outcome.got_events
    each = outcome.cpu_seconds / max(outcome.delivered, 1)
    pace = outcome.delivered / outcome.seconds / sizes.listeners / sizes.things
    growth = outcome.end_bytes / max(outcome.warm_bytes, 1) - 1
    yield Figure(f"{rate}events lost among them", lost, "", target=0, better=Better.LOWER)
    yield Figure(
        f"{rate}things not shown in their last state", outcome.stale, "", target=0, better=Better.LOWER
    )
    yield Figure(f"{rate}written", outcome.written / outcome.seconds, "changes/s")
    yield Figure(f"{rate}states of one thing per listener", pace, "/s", target=11, better=Better.LOWER)
    yield Figure(f"{rate}processor", outcome.cpu_seconds / outcome.seconds * 100, "% of a core")
    yield Figure(f"{rate}processor time per delivered state", each * 1e6, "µs")
    yield Figure(f"{rate}memory growth after warming up", growth * 100, "%", target=5, better=Better.LOWER)
    for name, delays in (("event", sorted(outcome.event_delays)), ("state", sorted(outcome.live_delays))):
        if delays:
            yield Figure(
                f"{rate}delay of an {name}, half of them".replace("an s", "a s"), median(delays) * 1e3, "ms"
            )
            yield Figure(f"{rate}99 of 100 {name}s", delays[int(len(delays) * 0.99)] * 1e3, "ms")


async def _drive(process: int, port: int, sizes: LiveSizes) -> LiveOutcome:
    outcome = LiveOutcome()
    last: list[dict[str, int]] = [{} for _ in range(sizes.listeners)]
    reading = [
        asyncio.create_task(_listen(await connect(port, "quote,job"), seen, outcome, sizes)) for seen in last
    ]
    async with asyncio.timeout(30):
        await outcome.all_joined.wait()
    began, cpu = time.monotonic(), processor_seconds(process)
    newest = await _send(sizes, outcome, process)
    outcome.seconds = time.monotonic() - began
    await settled(
        lambda: (
            outcome.got_events == outcome.sent_events * sizes.listeners
            and not any(seen.get(key) != number for seen in last for key, number in newest.items())
        )
    )
    outcome.cpu_seconds = processor_seconds(process) - cpu
    outcome.end_bytes = resident_bytes(process)
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    outcome.stale = sum(seen.get(key) != number for seen in last for key, number in newest.items())
    return outcome


async def _listen(connection: Any, seen: dict[str, int], outcome: LiveOutcome, sizes: LiveSizes) -> None:
    loop = asyncio.get_running_loop()
    rest = b""
    with connection:
        while data := await loop.sock_recv(connection, 262_144):
            *messages, rest = (rest + data).split(b"\n\n")
            now = time.time()
            for message in messages:
                if _HEAD in message:  # a chunk of the answer may begin before it
                    _note_state(message, seen, outcome, now)
                elif b"event: job" in message:
                    outcome.got_events += 1
                    outcome.event_delays.append(now - json.loads(message.partition(b"data: ")[2])["at"])
                elif b"event: hello" in message:
                    outcome.joined += 1
                    if outcome.joined == sizes.listeners:
                        outcome.all_joined.set()


def _note_state(message: bytes, seen: dict[str, int], outcome: LiveOutcome, now: float) -> None:
    """Read the leading figures without parsing the rest: the reader shares the machine with the server."""
    number, at = _figures(message)
    seen[message.split(b'"', 4)[3].decode()] = number
    outcome.delivered += 1
    if outcome.delivered % 50 == 0:
        outcome.live_delays.append(now - at)


def _figures(message: bytes) -> tuple[int, float]:
    _, _, rest = message.partition(b'"number": ')
    number, _, rest = rest.partition(b', "at": ')
    return int(number), float(rest.partition(b",")[0])


async def _send(sizes: LiveSizes, outcome: LiveOutcome, process: int) -> dict[str, int]:
    """Write the changes in steps, with events among them; return the number of each thing's last state."""
    client = shared_redis()
    newest: dict[str, int] = {}
    steps = int(sizes.seconds / STEP_SECONDS)
    each = max(1, int(sizes.rate * STEP_SECONDS))
    began = time.monotonic()
    for step in range(steps):
        pipeline = client.pipeline(transaction=False)
        for _ in range(each):
            outcome.written += 1
            key = f"THING-{outcome.written * 7919 % sizes.things}"
            newest[key] = outcome.written
            data = {"symbol": key, "number": outcome.written, "at": time.time(), "venues": _VENUES}
            entry: Any = live_entry(topic=Topic.QUOTE, key=key, data=data)
            pipeline.xadd(LIVE_STREAM, entry, maxlen=MAX_LIVE, approximate=True)
        if step % max(1, int(1 / STEP_SECONDS / EVENTS_A_SECOND)) == 0:
            body = json.dumps({"name": "progress", "id": step, "at": time.time()})
            pipeline.xadd(STREAM_KEY, {"topic": "job", "user": "", "data": body}, maxlen=1_000)
            outcome.sent_events += 1
        await asyncio.to_thread(pipeline.execute)
        if step == steps // 5:
            outcome.warm_bytes = resident_bytes(process)
        await asyncio.sleep(max(0.0, began + (step + 1) * STEP_SECONDS - time.monotonic()))
    return newest
