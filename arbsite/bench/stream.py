"""Scenario: the event stream with many listeners, a tenth of which never read.

The server is the real one, in a process of its own. Listeners that are stuck have tiny receive buffers and
ask for the fat events, so that the kernel's own buffers fill within seconds; the others measure how long an
event takes from the writer of the Redis stream to them. `stream_live` adds prices by the thousand.
"""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from common.events import STREAM_KEY
from common.redis import shared_redis

from . import stream_live
from .results import Better, Figure, ScenarioResult
from .stream_server import connect, evictions, processor_seconds, resident_bytes, server, settled

TITLE = "Event stream with stuck listeners"
TINY_BUFFER = 2_048
FAT_BYTES = 15_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """Listeners, how many of them are stuck, seconds of events, and rounds a second."""

    listeners: int
    stuck: int
    seconds: float
    rounds: int


FULL = Sizes(listeners=200, stuck=20, seconds=25, rounds=30)
QUICK = Sizes(listeners=10, stuck=0, seconds=1, rounds=10)


@dataclass(slots=True)
class Outcome:
    """What one run showed. Seconds, bytes; `lost` are events a reading listener did not get."""

    joined: int = 0
    all_joined: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0
    delivered: int = 0
    lost: int = 0
    delays: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    warm_bytes: int = 0
    end_bytes: int = 0
    evicted: int = 0


def run(*, is_quick: bool) -> ScenarioResult:
    """Measure delivery, processor time per event, eviction and memory; then the same for live prices."""
    sizes = QUICK if is_quick else FULL
    with server() as (process, port):
        outcome = asyncio.run(_drive(process, port, sizes))
        outcome.evicted = evictions(port)
    figures = list(_figures(outcome, sizes))
    for live in stream_live.QUICK if is_quick else stream_live.FULL:
        with server() as (process, port):
            figures += stream_live.live_figures(process, port, live)
    return ScenarioResult(
        "stream",
        TITLE,
        {"listeners": sizes.listeners, "stuck": sizes.stuck, "events": outcome.delivered},
        figures=tuple(figures),
    )


def _figures(outcome: Outcome, sizes: Sizes) -> Iterator[Figure]:
    delays = sorted(outcome.delays)
    growth = outcome.end_bytes / max(outcome.warm_bytes, 1) - 1
    each = outcome.cpu_seconds / max(outcome.delivered, 1)
    yield Figure("events lost by listeners that read", outcome.lost, "", target=0, better=Better.LOWER)
    yield Figure("stuck listeners cut off", outcome.evicted, "", target=sizes.stuck)
    yield Figure("memory growth after warming up", growth * 100, "%", target=5, better=Better.LOWER)
    yield Figure("processor time per delivered event", each * 1e6, "µs")
    if delays:
        yield Figure("delay, half of the events", median(delays) * 1e3, "ms")
        yield Figure("delay, 99 of 100 events", delays[int(len(delays) * 0.99)] * 1e3, "ms")


async def _drive(process: int, port: int, sizes: Sizes) -> Outcome:
    outcome = Outcome()
    counts = [0] * (sizes.listeners - sizes.stuck)
    stuck = [await connect(port, "quote", buffer=TINY_BUFFER) for _ in range(sizes.stuck)]
    reading = [
        asyncio.create_task(_listen(await connect(port, "job"), number, counts, outcome))
        for number in range(len(counts))
    ]
    async with asyncio.timeout(30):
        await outcome.all_joined.wait()
    began = processor_seconds(process)
    await _send(sizes, outcome, process)
    await settled(lambda: all(count == outcome.sent for count in counts))
    outcome.cpu_seconds = processor_seconds(process) - began
    outcome.end_bytes = resident_bytes(process)
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    for connection in stuck:
        connection.close()
    outcome.delivered = sum(counts)
    outcome.lost = sum(outcome.sent - count for count in counts)
    return outcome


async def _listen(connection: socket.socket, number: int, counts: list[int], outcome: Outcome) -> None:
    loop = asyncio.get_running_loop()
    rest = b""
    with connection:
        while data := await loop.sock_recv(connection, 65_536):
            *messages, rest = (rest + data).split(b"\n\n")
            for message in messages:
                if b"event: hello" in message:
                    outcome.joined += 1
                    if outcome.joined == len(counts):
                        outcome.all_joined.set()
                elif b"event: job" in message:
                    counts[number] += 1
                    facts = json.loads(message.partition(b"data: ")[2].splitlines()[0])
                    outcome.delays.append(time.time() - facts["at"])


async def _send(sizes: Sizes, outcome: Outcome, process: int) -> None:
    """Write one small and one fat event per round; memory counts from a fifth of the way on."""
    client, fat = shared_redis(), "x" * FAT_BYTES
    rounds = int(sizes.seconds * sizes.rounds)
    for number in range(rounds):
        at = time.time()
        for topic, filling in (("job", ""), ("quote", fat)):
            body = json.dumps({"name": "progress", "id": number, "at": at, "filling": filling})
            client.xadd(STREAM_KEY, {"topic": topic, "user": "", "data": body}, maxlen=1_000)
        outcome.sent += 1
        if number == rounds // 5:
            outcome.warm_bytes = resident_bytes(process)
        await asyncio.sleep(max(0.0, 1 / sizes.rounds - (time.time() - at)))
