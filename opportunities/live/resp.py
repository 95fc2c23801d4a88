"""Redis commands as bytes.

redis-py builds a command in ~10 us, a bytes format in less than one: on the path of a signal that difference
is the whole cost (PERFORMANCE 4).
"""

from typing import Final

from common.live import (
    LIVE_STREAM,
    MAX_LIVE,
    MAX_SIGNALS,
    MAX_SPREADS,
    SIGNALS_CHANNEL,
    SIGNALS_HISTORY,
    SIGNALS_STREAM,
    SPREADS_STREAM,
)


def command(*parts: bytes | str) -> bytes:
    """Return one command with its arguments as Redis reads it."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in encoded)


def _opening(count: int, *parts: str) -> bytes:
    """Return the beginning of a command of `count` arguments whose first ones are known."""
    return command(*parts).replace(b"*%d\r\n" % len(parts), b"*%d\r\n" % count, 1)


_PUBLISH: Final = _opening(3, "PUBLISH", SIGNALS_CHANNEL) + b"$%d\r\n%b\r\n"
_ZADD: Final = _opening(4, "ZADD", SIGNALS_HISTORY) + b"$%d\r\n%b\r\n$%d\r\n%b\r\n"
_XADD: Final = (
    _opening(8, "XADD", SIGNALS_STREAM, "MAXLEN", "~", str(MAX_SIGNALS), "*", "data") + b"$%d\r\n%b\r\n"
)
_SPREAD: Final = (
    _opening(8, "XADD", SPREADS_STREAM, "MAXLEN", "~", str(MAX_SPREADS), "*", "data") + b"$%d\r\n%b\r\n"
)
TRIM_HISTORY: Final = command("ZREMRANGEBYRANK", SIGNALS_HISTORY, "0", str(-MAX_SIGNALS - 1))
"""R001's trim, sent once per write instead of once per signal: the cap holds after every write."""


def publish_signal(body: bytes) -> bytes:
    """Return the command that wakes the subscribers (one reply)."""
    return _PUBLISH % (len(body), body)


def keep_signal(at_ms: int, body: bytes) -> bytes:
    """Return the commands that keep a signal in history and stream (two replies)."""
    score = b"%d" % at_ms
    size = len(body)
    return _ZADD % (len(score), score, size, body) + _XADD % (size, body)


def add_sighting(body: bytes) -> bytes:
    """Return the command that hands a sighting to the sink (one reply)."""
    return _SPREAD % (len(body), body)


def add_news(topic: str, key: str, body: bytes) -> bytes:
    """Return the command that tells open control rooms (one reply)."""
    return command(
        "XADD", LIVE_STREAM, "MAXLEN", "~", str(MAX_LIVE), "*", "topic", topic, "key", key, "data", body
    )  # fmt: skip
