"""One open connection: what it wants to hear, and the few events it has not taken yet."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from .messages import Event, control_event

MAX_PENDING: Final = 64
EVICT_SECONDS: Final = 10.0


@dataclass(slots=True, eq=False, weakref_slot=True)
class Listener:
    """A bounded, conflating queue between the hub and one answer.

    A listener that falls behind loses events and is told to fetch everything again (`resync`). One that has
    taken nothing for `EVICT_SECONDS` while events waited is evicted: its task is cancelled.

    Args:
        topics: what it asked for.
        user: id of the user behind it, empty for an anonymous one.
        heard: id of the last event it has, as numbers; older ones are not delivered.
        cut: setting it cuts the connection.
    """

    topics: frozenset[str]
    user: str
    heard: tuple[int, int] = (0, 0)
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    _pending: dict[str, Event] = field(default_factory=dict)
    _lost: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
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
        self._woken.set()

    def lose(self) -> None:
        """Note that events may be missing: the hub could not read for a while."""
        self._lost = True
        self._woken.set()

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
        self._woken.clear()
        self._waiting_since = None
        events = list(self._pending.values())
        self._pending.clear()
        body = b"".join(event.body for event in events)
        if events:
            self.heard = max(self.heard, events[-1].position)
        if self._lost:
            self._lost = False
            return control_event("resync") + body
        return body
