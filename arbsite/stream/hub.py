"""One reader of both Redis streams per event loop, and the listeners it feeds.

Events go into the queue of each listener; live news goes onto one board that all listeners look at.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from common.events import STREAM_KEY
from common.live import LIVE_STREAM
from common.metrics import STREAM_EVENTS, STREAM_EVICTIONS, STREAM_LISTENERS
from common.redis import open_async_redis

from .board import Board
from .listener import Listener
from .messages import Event, position_of, read_entry, read_live

logger = structlog.get_logger(__name__)

Entries = Sequence[tuple[bytes, dict[bytes, bytes]]]
Streams = Sequence[tuple[bytes, Entries]]
Places = dict[str, str]
"""Key of a stream → id of the last entry read."""

READ_BLOCK_MS: Final = 2_000
READ_COUNT: Final = 500
READ_PAUSE_SECONDS: Final = 0.01
"""After live news, so that a hundred readings a second carry what thousands of changes a second write."""
MAX_REPLAY: Final = 500
RETRY_SECONDS: Final = 1.0
START_SECONDS: Final = 3.0


class Hub:
    """Reads while somebody listens, and stops when nobody does."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._reader: asyncio.Task[None] | None = None
        self._counts: Counter[str] = Counter()
        self._follows = asyncio.Event()
        self._board = Board()
        self._has_refused = False

    def count_of(self, owner: str) -> int:
        """Return how many connections a user (or an address) has in this process."""
        return self._counts[owner]

    def join(self, listener: Listener, owner: str) -> None:
        """Start feeding a listener with what happens from now on."""
        listener.board, listener.mark = self._board, self._board.newest
        self._listeners.add(listener)
        self._counts[owner] += 1
        STREAM_LISTENERS.set(len(self._listeners))
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="stream-reader")

    def leave(self, listener: Listener, owner: str) -> None:
        """Stop feeding a listener, evicted before or not."""
        self._listeners.discard(listener)
        self._counts[owner] -= 1
        if self._counts[owner] <= 0:
            del self._counts[owner]
        STREAM_LISTENERS.set(len(self._listeners))
        if not self._listeners and self._reader is not None:
            self._reader.cancel()
            self._reader = None
            self._follows.clear()
            self._board = Board()

    async def follows(self) -> bool:
        """Wait until the reader knows its place in the stream: nothing after this is missed.

        Returns:
            False if Redis does not answer in time.
        """
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._follows.wait()
        except TimeoutError:
            return False
        return True

    async def missed(self, after: str) -> list[Event] | None:
        """Return the events after an id, oldest first; None if some of them are no longer kept.

        Raises:
            RedisError, OSError: if the stream cannot be read.
        """
        client = open_async_redis()
        try:
            oldest = cast("Entries", await client.xrange(STREAM_KEY, count=1))
            if not oldest or position_of(oldest[0][0].decode()) > position_of(after):
                return None
            newer = await client.xrange(STREAM_KEY, min=f"({after}", count=MAX_REPLAY + 1)
            entries = cast("Entries", newer)
        finally:
            await client.aclose()
        if len(entries) > MAX_REPLAY:
            return None
        return [read_entry(identifier, fields) for identifier, fields in entries]

    async def _read(self) -> None:
        last: Places = {}
        has_failed = False
        while True:
            client = open_async_redis()
            try:
                last = last or await _newest(client)
                self._follows.set()
                if has_failed:
                    self._lose_all()
                has_failed = False
                await self._follow(client, last)
            except (RedisError, OSError) as error:
                if not has_failed:
                    logger.warning("stream.unavailable", error=type(error).__name__)
                last, has_failed = {}, True
                self._follows.clear()
            finally:
                await client.aclose()
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, client: redis.asyncio.Redis, last: Places) -> None:
        while True:
            streams = cast("dict[Any, Any]", last)
            answer = cast("Streams", await client.xread(streams, count=READ_COUNT, block=READ_BLOCK_MS) or ())
            now = time.monotonic()
            found = {key.decode(): entries for key, entries in answer}
            self._hand_out(found.get(STREAM_KEY, ()), now)
            live = found.get(LIVE_STREAM, ())
            self._put_up(live, now)
            is_behind = len(live) >= READ_COUNT and not await client.xrange(
                LIVE_STREAM, last[LIVE_STREAM], last[LIVE_STREAM]
            )
            if is_behind:  # what we read last is no longer kept, so more after it may be gone
                self._lose_all()
            last |= {key: entries[-1][0].decode() for key, entries in found.items()}
            self._evict_stuck(now)
            if live:
                await asyncio.sleep(READ_PAUSE_SECONDS)

    def _hand_out(self, entries: Entries, now: float) -> None:
        for identifier, fields in entries:
            try:
                event = read_entry(identifier, fields)
            except (ValueError, KeyError, AttributeError) as error:
                self._refuse(error)
                continue
            STREAM_EVENTS.labels(topic=event.topic).inc()
            for listener in self._listeners:
                if listener.wants(event):
                    listener.offer(event, at=now)

    def _put_up(self, entries: Entries, now: float) -> None:
        counts: Counter[str] = Counter()
        for _, fields in entries:
            try:
                event = read_live(fields)
            except (ValueError, KeyError) as error:
                self._refuse(error)
                continue
            counts[event.topic] += 1
            self._board.put(event, at=now)
        if counts:
            for topic, count in counts.items():
                STREAM_EVENTS.labels(topic=topic).inc(count)
            for listener in self._listeners:
                listener.stir(counts.keys(), at=now)

    def _refuse(self, error: Exception) -> None:
        """Leave an entry out that is none of ours; whoever writes such entries writes many."""
        if not self._has_refused:
            logger.warning("stream.unreadable", error=type(error).__name__)
        self._has_refused = True

    def _lose_all(self) -> None:
        for listener in self._listeners:
            listener.lose()

    def _evict_stuck(self, now: float) -> None:
        for listener in [one for one in self._listeners if one.is_stuck(at=now)]:
            STREAM_EVICTIONS.inc()
            logger.info("stream.evicted", user=listener.user)
            self._listeners.discard(listener)  # its answer may take a while to notice
            listener.evict()


async def _newest(client: redis.asyncio.Redis) -> Places:
    """Return where both streams end now."""
    places: Places = {}
    for key in (STREAM_KEY, LIVE_STREAM):
        newest = cast("Entries", await client.xrevrange(key, count=1))
        places[key] = newest[0][0].decode() if newest else "0-0"
    return places


_HUBS: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    return _HUBS.setdefault(loop, Hub())
