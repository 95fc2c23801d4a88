"""One reader of the Redis stream per event loop, and the listeners it feeds."""

import asyncio
import time
from collections import Counter
from typing import Final, cast
from weakref import WeakKeyDictionary

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from common.events import STREAM_KEY
from common.metrics import STREAM_EVENTS, STREAM_EVICTIONS, STREAM_LISTENERS
from common.redis import open_async_redis

from .listener import Listener
from .messages import Event, position_of, read_entry

logger = structlog.get_logger(__name__)

Entries = list[tuple[bytes, dict[bytes, bytes]]]
Streams = list[tuple[bytes, Entries]]

READ_BLOCK_MS: Final = 2_000
READ_COUNT: Final = 500
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

    def count_of(self, owner: str) -> int:
        """Return how many connections a user (or an address) has in this process."""
        return self._counts[owner]

    def join(self, listener: Listener, owner: str) -> None:
        """Start feeding a listener."""
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
        last, has_failed = "", False
        while True:
            client = open_async_redis()
            try:
                last = last or await _newest(client)
                self._follows.set()
                if has_failed:
                    for listener in self._listeners:
                        listener.lose()
                has_failed = False
                await self._follow(client, last)
            except (RedisError, OSError) as error:
                if not has_failed:
                    logger.warning("stream.unavailable", error=type(error).__name__)
                last, has_failed = "", True
                self._follows.clear()
            finally:
                await client.aclose()
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, client: redis.asyncio.Redis, last: str) -> None:
        while True:
            answer = await client.xread({STREAM_KEY: last}, count=READ_COUNT, block=READ_BLOCK_MS)
            now = time.monotonic()
            for _, entries in cast("Streams", answer) or ():
                for identifier, fields in entries:
                    last = identifier.decode()
                    self._hand_out(read_entry(identifier, fields), now)
            self._evict_stuck(now)

    def _hand_out(self, event: Event, now: float) -> None:
        STREAM_EVENTS.labels(topic=event.topic).inc()
        for listener in self._listeners:
            if listener.wants(event):
                listener.offer(event, at=now)

    def _evict_stuck(self, now: float) -> None:
        for listener in [one for one in self._listeners if one.is_stuck(at=now)]:
            STREAM_EVICTIONS.inc()
            logger.info("stream.evicted", user=listener.user)
            self._listeners.discard(listener)  # its answer may take a while to notice
            listener.evict()


async def _newest(client: redis.asyncio.Redis) -> str:
    newest = cast("Entries", await client.xrevrange(STREAM_KEY, count=1))
    return newest[0][0].decode() if newest else "0-0"


_HUBS: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    return _HUBS.setdefault(loop, Hub())
