"""Server-sent events as bytes."""

import json
from dataclasses import dataclass
from typing import Any, Final

from common.events import Topic

from .board import LiveEvent

RETRY_MS: Final = 2_000
HEARTBEAT: Final = b": still here\n\n"
MAX_LIVE_BYTES: Final = 65_536
_LIVE_HEADS: Final = {
    topic.value.encode(): (topic.value, f"event: {topic}\ndata: ".encode()) for topic in Topic
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the Redis stream, encoded once for all listeners.

    Args:
        id: of the Redis stream entry; what a browser sends back as `Last-Event-ID`.
        topic: what it is about.
        user: id of the only user who gets it, empty for everybody.
        key: events of the same key replace each other while a listener has not taken them yet.
        body: the event on the wire.
    """

    id: str
    topic: str
    user: str
    key: str
    body: bytes

    @property
    def position(self) -> tuple[int, int]:
        """The id as numbers, in the order of the stream."""
        return position_of(self.id)


def position_of(identifier: str) -> tuple[int, int]:
    """Return a stream id as numbers.

    Raises:
        ValueError: if it is none.
    """
    milliseconds, _, sequence = identifier.partition("-")
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 15):
        msg = f"not a stream id: {identifier!r}"
        raise ValueError(msg)
    if sequence and not (sequence.isascii() and sequence.isdigit() and len(sequence) <= 15):
        msg = f"not a stream id: {identifier!r}"
        raise ValueError(msg)
    return int(milliseconds), int(sequence or 0)


def read_entry(identifier: bytes, fields: dict[bytes, bytes]) -> Event:
    """Return an entry of the Redis stream as an event."""
    topic, user = fields[b"topic"].decode(), fields[b"user"].decode()
    data = fields[b"data"]
    facts = json.loads(data)
    key = f"{topic}:{facts.get('name')}:{facts.get('id', identifier.decode())}"
    head = f"id: {identifier.decode()}\nevent: {topic}\ndata: ".encode()
    return Event(identifier.decode(), topic, user, key, head + data + b"\n\n")


def read_live(fields: dict[bytes, bytes]) -> LiveEvent:
    """Return an entry of the live stream as an event; its data is passed on as it is.

    Raises:
        ValueError: if the data cannot be one line of an event.
        KeyError: if a field is missing or the topic unknown.
    """
    topic, head = _LIVE_HEADS[fields[b"topic"]]
    data = fields[b"data"]
    if len(data) > MAX_LIVE_BYTES or b"\n" in data or b"\r" in data:
        msg = f"news of {topic} is no line of at most {MAX_LIVE_BYTES} bytes"
        raise ValueError(msg)
    return LiveEvent(topic, fields[b"key"].decode(), head + data + b"\n\n")


def control_event(name: str, **facts: Any) -> bytes:
    """Return an event of ours that has no place in the stream, such as `hello` and `resync`."""
    return f"event: {name}\ndata: {json.dumps(facts)}\n\n".encode()


def opening() -> bytes:
    """Return the first bytes of every answer: how long to wait before connecting again."""
    return f"retry: {RETRY_MS}\n\n".encode()
