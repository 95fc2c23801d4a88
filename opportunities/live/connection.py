"""One connection to Redis that is written to without waiting: replies are counted as they come."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import hiredis

MAX_IN_FLIGHT: Final = 2_000
"""Writes without a reply; beyond it Redis counts as not listening."""
CLOSE_SECONDS: Final = 2.0
_MOST_REFUSAL: Final = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that must arrive: a signal with its time, or a sighting (`at_ms` 0)."""

    at_ms: int
    body: bytes


@dataclass(slots=True)
class Write:
    """Commands that were sent in one piece and still wait for this many replies."""

    replies: int
    at: float
    kept: list[Kept]
    refusal: str = ""


@dataclass(slots=True)
class PublisherCounts:
    """What happened since the start."""

    signals: int = 0
    sightings: int = 0
    dropped: int = 0
    refused: int = 0
    connections: int = 0


class Connection(asyncio.Protocol):
    """Counts the replies of each write, and keeps what was not confirmed.

    Args:
        counts: goes on counting for a former connection's.

    Attributes:
        in_flight: what was written and not replied to yet.
        is_paused: the socket takes no more for the moment.
        lost: done when the connection is.
        refusal: what Redis refused the last write with, a greeting included; empty when it took all of it.
    """

    def __init__(self, counts: PublisherCounts) -> None:
        self.in_flight: deque[Write] = deque()
        self.is_paused = False
        self.lost = asyncio.get_running_loop().create_future()
        self.refusal = ""
        self._counts = counts
        self._reader = hiredis.Reader()
        self._transport: asyncio.Transport
        self._when_idle: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note where to write."""
        self._transport = transport  # type: ignore[assignment]  # streams have no narrower type

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it is over."""
        if not self.lost.done():
            self.lost.set_result(exc)

    def pause_writing(self) -> None:
        """Stop: the socket's buffer is full."""
        self.is_paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self.is_paused = False

    def data_received(self, data: bytes) -> None:
        """Count replies; what is no Redis protocol ends the connection."""
        self._reader.feed(data)
        in_flight = self.in_flight
        try:
            while (reply := self._reader.gets()) is not False:
                if in_flight:
                    self._on_reply(reply, in_flight[0])
            if not in_flight and self._when_idle is not None and not self._when_idle.done():
                self._when_idle.set_result(None)
        except hiredis.ProtocolError:
            self.abort()

    def _on_reply(self, reply: object, write: Write) -> None:
        if isinstance(reply, hiredis.ReplyError):
            self._counts.refused += 1
            write.refusal = self.refusal = str(reply)[:_MOST_REFUSAL]
        write.replies -= 1
        if write.replies == 0:
            self.in_flight.popleft()
            self.refusal = write.refusal  # all of it taken: what was refused before is over

    def write(self, data: bytes, replies: int, kept: list[Kept]) -> None:
        """Send commands that will get so many replies."""
        self.in_flight.append(Write(replies, time.monotonic(), kept))
        self._transport.write(data)

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    async def close(self) -> None:
        """Cut the connection and wait until it is."""
        self.abort()
        await asyncio.wait([self.lost], timeout=CLOSE_SECONDS)

    async def confirmed(self) -> None:
        """Wait until everything written was replied to, or the connection is lost."""
        if self.in_flight and not self.lost.done():
            self._when_idle = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._when_idle, self.lost], return_when=asyncio.FIRST_COMPLETED)

    @property
    def can_write(self) -> bool:
        """Whether Redis keeps up with what is written."""
        return not (self.is_paused or self.lost.done() or len(self.in_flight) >= MAX_IN_FLIGHT)

    def is_silent(self, seconds: float) -> bool:
        """Tell whether a reply is overdue by then."""
        return bool(self.in_flight) and time.monotonic() - self.in_flight[0].at > seconds
