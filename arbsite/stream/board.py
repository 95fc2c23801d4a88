"""The newest live news of every thing, shared by all listeners of a process.

Live news (prices, signals, health) replaces older news of the same thing, so it is kept once and not queued
per listener: what a listener has not seen is what changed since its mark. A slow listener therefore costs no
memory, and always gets the newest state.
"""

from dataclasses import dataclass
from typing import Final

MAX_KEYS: Final = 5_000
MAX_BYTES: Final = 16 * 2**20
KEPT_SECONDS: Final = 60.0
"""Longer than a listener may go without taking anything."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One live event, encoded once for all listeners.

    Args:
        topic: what it is about.
        key: what it replaces: older events of the same topic and key.
        body: the event on the wire, without an id: it is never resumed.
    """

    topic: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    at: float
    event: LiveEvent


class Board:
    """Events by topic and key, in the order of their last change; bounded in number, bytes and age.

    Args:
        max_keys: most events kept.
        max_bytes: most bytes of events kept.
    """

    def __init__(self, *, max_keys: int = MAX_KEYS, max_bytes: int = MAX_BYTES) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._bytes = 0
        self._max_keys, self._max_bytes = max_keys, max_bytes
        self._forgotten: dict[str, int] = {}
        self.newest = 0
        """Mark of the last change."""

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, event: LiveEvent, *, at: float) -> None:
        """Keep an event in place of the older one of its topic and key.

        Args:
            event: the newest state.
            at: monotonic time.
        """
        identity = (event.topic, event.key)
        older = self._kept.pop(identity, None)
        if older is not None:
            self._bytes -= len(older.event.body)
        self.newest += 1
        self._kept[identity] = _Kept(self.newest, at, event)
        self._bytes += len(event.body)
        while self._is_too_much(at):
            self._forget_oldest()

    def since(self, mark: int, topics: frozenset[str]) -> tuple[list[bytes], bool]:
        """Return what changed after a mark, oldest change first.

        Args:
            mark: value of `newest` when the listener last looked.
            topics: what it wants.

        Returns:
            the events on the wire, and whether something after the mark was forgotten.
        """
        found: list[bytes] = []
        for kept in reversed(self._kept.values()):
            if kept.number <= mark:
                break
            if kept.event.topic in topics:
                found.append(kept.event.body)
        found.reverse()
        return found, any(self._forgotten.get(topic, 0) > mark for topic in topics)

    def _is_too_much(self, now: float) -> bool:
        if len(self._kept) > self._max_keys or self._bytes > self._max_bytes:
            return True
        oldest = next(iter(self._kept.values()), None)
        return oldest is not None and now - oldest.at > KEPT_SECONDS

    def _forget_oldest(self) -> None:
        identity = next(iter(self._kept))
        kept = self._kept.pop(identity)
        self._bytes -= len(kept.event.body)
        self._forgotten[kept.event.topic] = kept.number
