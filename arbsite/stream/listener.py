"""One open connection: what it wants to hear, and the few events it has not taken yet."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .board import Board
from .messages import Event, control_event

MAX_PENDING: Final = 64
EVICT_SECONDS: Final = 10.0
LIVE_SECONDS: Final = 0.1
"""Least pause between two deliveries of live news to one listener."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class Listener:
    """A bounded, conflating queue between the hub and one answer.

    Events are delivered at once, in order. Live news waits on the hub's board until the pause since the last
    delivery is over, so that a listener gets the newest state of each thing a few times a second, however
    often it changes. A listener that falls behind loses events and is told to fetch everything again
    (`resync`). One that has taken nothing for `EVICT_SECONDS` while events waited is evicted.

    Args:
        topics: what it asked for.
        user: id of the user behind it, empty for an anonymous one.
        heard: id of the last event it has, as numbers; older ones are not delivered.
        cut: setting it cuts the connection.
        board: where live news is.
        mark: change of the board up to which it has seen live news.
        live_seconds: least pause between two deliveries of live news.
    """

    topics: frozenset[str]
    user: str
    heard: tuple[int, int] = (0, 0)
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    board: Board = field(default_factory=Board)
    mark: int = 0
    live_seconds: float = LIVE_SECONDS
    _pending: dict[str, Event] = field(default_factory=dict)
    _lost: bool = False
    _has_live: bool = False
    _live_due: float = 0.0
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _urgent: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting_since: float | None = None

    def wants(self, event: Event) -> bool:
        """Return whether the event is for this listener and new to it."""
        return event.topic in self.topics and event.user in ("", self.user) and event.position > self.heard

    def offer(self, event: Event, *, at: float) -> None:
        """Queue an event; a newer one of the same key takes the older one's place.

        Args:
            event: what happened.
            at: monotonic time.
        """
        if self._waiting_since is None:
            self._waiting_since = at
        self._pending.pop(event.key, None)
        if len(self._pending) >= MAX_PENDING:
            self._pending.clear()
            self._lost = True
        else:
            self._pending[event.key] = event
        self._hurry()

    def stir(self, topics: Iterable[str], *, at: float) -> None:
        """Note that the board has news of these topics.

        Args:
            topics: of what changed.
            at: monotonic time.
        """
        if self._has_live or self.topics.isdisjoint(topics):
            return
        self._has_live = True
        if self._waiting_since is None:
            self._waiting_since = at
        self._woken.set()

    def lose(self) -> None:
        """Note that events may be missing: the hub could not read for a while."""
        self._lost = True
        self._hurry()

    def is_stuck(self, *, at: float) -> bool:
        """Return whether it has taken nothing for too long although events wait."""
        return self._waiting_since is not None and at - self._waiting_since > EVICT_SECONDS

    def evict(self) -> None:
        """Cut the connection."""
        self.cut.set()

    async def take(self, *, timeout_seconds: float) -> bytes:
        """Wait for something to send; empty when nothing came in time."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._woken.wait()
        except TimeoutError:
            return b""
        now = await self._live_turn()
        parts = self._take_events()
        if self._has_live and now >= self._live_due:
            parts += self._take_live(now)
        self._waiting_since = now if self._has_live else None
        self._urgent.clear()
        if not self._has_live:
            self._woken.clear()
        if self._lost:
            self._lost = False
            parts.insert(0, control_event("resync"))
        return b"".join(parts)

    def _hurry(self) -> None:
        self._urgent.set()
        self._woken.set()

    async def _live_turn(self) -> float:
        """Wait until live news is due or an event hurries us; return the monotonic time."""
        pause = self._live_due - time.monotonic()
        if pause > 0:
            try:
                async with asyncio.timeout(pause):
                    await self._urgent.wait()
            except TimeoutError:
                return self._live_due
        return time.monotonic()

    def _take_events(self) -> list[bytes]:
        events = list(self._pending.values())
        self._pending.clear()
        if events:
            self.heard = max(self.heard, events[-1].position)
        return [event.body for event in events]

    def _take_live(self, now: float) -> list[bytes]:
        found, has_forgotten = self.board.since(self.mark, self.topics)
        self.mark = self.board.newest
        self._has_live = False
        self._live_due = now + self.live_seconds
        self._lost = self._lost or has_forgotten
        return found
