"""From a WebSocket frame to the other side of ZeroMQ: the real ingest process on simulated exchanges.

All five exchanges stream at once. The time is taken from the receipt of a frame, which the quote carries, to
the moment its message is read from the ZeroMQ socket: decoding, checksum, book, judging and transfer.
"""

import json
import os
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zmq

from quant.spreads.messages import Quote, decode

from .results import Better, Figure
from .ticks_programs import HOST, Child, cores, own_port, scratch_redis

SIMULATOR: Final = "manage"
INGEST: Final = "scrapers.streams"
EXCHANGES: Final = "binance,coinbase,kraken,okx,bybit"
MOST_MILLISECONDS: Final = 1.0
MOST_MEGABYTES: Final = 100.0
PATIENCE_SECONDS: Final = 60.0
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """Updates a second of each exchange, messages to warm up with and messages to measure."""

    rate: int
    warm: int
    messages: int


@dataclass(slots=True)
class Ingested:
    """What came: microseconds from frame to message, exchanges heard, and what the process took."""

    delays: list[float]
    exchanges: set[str]
    cpu_seconds: float = 0.0
    megabytes: float = 0.0


def ingest_figures(load: Load) -> Iterator[Figure]:
    """Measure delay, processor time and memory of the ingest process.

    Raises:
        RuntimeError: if an exchange sends nothing, or too little comes within a minute.
    """
    rest, measured = cores()
    endpoint = f"tcp://{HOST}:{own_port(14_700)}"
    with scratch_redis(rest) as redis_url, _simulator(rest) as simulator:
        url = simulator.answer()["url"]
        _set_rate(url, load.rate)
        environment = {
            "VENUE_SIMULATOR_URL": url, "ZMQ_ENDPOINT": endpoint, "REDIS_URL": redis_url,
            "INGEST_HEALTH_PORT": "0",
        }  # fmt: skip
        arguments = ["--only", EXCHANGES]
        with Child(INGEST, arguments, core=measured, environment=environment, is_server=True) as ingest:
            found = _listen(endpoint, ingest.pid, load)
    missing = set(EXCHANGES.split(",")) - found.exchanges
    if missing or len(found.delays) < load.messages:
        silent = f", none from {', '.join(sorted(missing))}" if missing else ""
        msg = f"{len(found.delays)} messages came{silent}"
        raise RuntimeError(msg)
    yield from _figures(found)


def _simulator(core: int) -> Child:
    return Child(SIMULATOR, ["simulate", "--port", "0", "--json"], core=core, is_server=True)


def _set_rate(url: str, rate: int) -> None:
    body = json.dumps({"rate": rate}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own simulator
        f"{url}/__sim__/exchanges", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def _listen(endpoint: str, pid: int, load: Load) -> Ingested:
    """Read what the process sends: first until all are there and warm, then for the measurement."""
    context = zmq.Context()
    socket = context.socket(zmq.PULL)
    socket.connect(endpoint)
    found = Ingested([], set())
    try:
        _read(socket, found, until=lambda: len(found.exchanges) == len(EXCHANGES.split(",")))
        found.delays.clear()
        _read(socket, found, until=lambda: len(found.delays) >= load.warm)
        found.delays.clear()
        began = _processor_seconds(pid)
        _read(socket, found, until=lambda: len(found.delays) >= load.messages)
        found.cpu_seconds = _processor_seconds(pid) - began
        found.megabytes = _resident_megabytes(pid)
    finally:
        context.destroy(linger=0)
    return found


def _read(socket: "zmq.Socket[bytes]", found: Ingested, *, until: Callable[[], bool]) -> None:
    """Read until a condition holds, or the patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until() and (left := deadline - time.monotonic()) > 0:
        if not socket.poll(int(left * 1_000) + 1):
            continue
        frame = socket.recv()
        now = time.time_ns()
        message = decode(frame)
        if isinstance(message, Quote):
            found.exchanges.add(message.exchange)
            found.delays.append((now - message.received) / 1e3)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


def _figures(found: Ingested) -> Iterator[Figure]:
    delays = sorted(found.delays)
    half, most = statistics.median(delays) / 1e3, delays[int(len(delays) * 0.99)] / 1e3
    count = f"{len(delays):,} messages of 5 exchanges"
    yield Figure(
        "WebSocket receipt to ZeroMQ p50", half, "ms",
        target=MOST_MILLISECONDS, better=Better.LOWER, note=count,
    )  # fmt: skip
    yield Figure("WebSocket receipt to ZeroMQ p99", most, "ms")
    yield Figure("ingest, processor time per message", found.cpu_seconds / len(delays) * 1e6, "µs")
    yield Figure(
        "ingest, memory", found.megabytes, "MB",
        target=MOST_MEGABYTES, better=Better.LOWER, note="resident, shared libraries included",
    )  # fmt: skip
