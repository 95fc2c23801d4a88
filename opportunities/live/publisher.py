"""Writes signals, sightings and live news to Redis: one joined write per burst, replies read on the side.

Nothing here ever waits. What must arrive (signals, sightings) is kept in a bounded buffer until Redis
confirmed it; the oldest is dropped and counted when the buffer is full. What is replaced within a moment
(quotes, news) is only written while Redis takes it, because the engine writes all of it anew after a
connection is back. Entries can arrive twice when a connection breaks between execution and reply: history
is a set, and the sink ignores what it has.
"""

import asyncio
import contextlib
import random
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import structlog
from redis.asyncio.connection import parse_url

from . import resp
from .connection import Connection, Kept, PublisherCounts

logger = structlog.get_logger(__name__)

MAX_PENDING: Final = 2_000
REPLY_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 2.0
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_WATCH_SECONDS: Final = 0.25


class Publisher:
    """The engine's one way to Redis; used from one event loop only.

    Args:
        url: as `settings.REDIS_URL`.
        max_age_ms: a signal older than this is kept in history but no longer announced.
        on_connected: called whenever a connection is ready, the first one included.
    """

    def __init__(self, url: str, *, max_age_ms: int, on_connected: Callable[[], None]) -> None:
        self.counts = PublisherCounts()
        self._options: dict[str, Any] = dict(parse_url(url))
        self._max_age_ms = max_age_ms
        self._on_connected = on_connected
        self._pending: deque[Kept] = deque()
        self._news: list[bytes] = []
        self._news_replies = 0
        self._connection: Connection | None = None

    @property
    def is_connected(self) -> bool:
        """Whether Redis takes what is written."""
        return self._connection is not None and self._connection.can_write

    @property
    def refusal(self) -> str:
        """What Redis refused of the last write; empty if it took all of it."""
        return "" if self._connection is None else self._connection.refusal

    @property
    def backlog(self) -> int:
        """How many signals and sightings wait to be written."""
        return len(self._pending)

    def add_signal(self, at_ms: int, body: bytes) -> None:
        """Queue a signal for the next `flush`."""
        self.counts.signals += 1
        self._queue(Kept(at_ms, body))

    def add_sighting(self, body: bytes) -> None:
        """Queue a sighting for the next `flush`."""
        self.counts.sightings += 1
        self._queue(Kept(0, body))

    def add_news(self, commands: bytes, replies: int) -> None:
        """Queue commands that may be lost; they are, while there is no connection."""
        if self.is_connected:
            self._news.append(commands)
            self._news_replies += replies

    def _queue(self, kept: Kept) -> None:
        if len(self._pending) >= MAX_PENDING:
            self._pending.popleft()
            self.counts.dropped += 1
        self._pending.append(kept)

    def flush(self, now_ms: int) -> bool:
        """Write all that is queued in one piece, or keep it while Redis does not listen.

        Args:
            now_ms: our clock, Unix milliseconds; decides which signals are too old to announce.

        Returns:
            Whether something was written.
        """
        connection = self._connection
        if connection is None or not connection.can_write:
            self._news.clear()
            self._news_replies = 0
            return False
        if not (self._pending or self._news):
            return False
        oldest = now_ms - self._max_age_ms
        pieces, replies, has_signal = [], self._news_replies, False
        kept = list(self._pending)
        for one in kept:
            if one.at_ms == 0:
                pieces.append(resp.add_sighting(one.body))
                replies += 1
                continue
            has_signal = True
            if one.at_ms >= oldest:
                pieces.append(resp.publish_signal(one.body))
                replies += 1
            pieces.append(resp.keep_signal(one.at_ms, one.body))
            replies += 2
        if has_signal:
            pieces.append(resp.TRIM_HISTORY)
            replies += 1
        pieces += self._news
        self._pending.clear()
        self._news.clear()
        self._news_replies = 0
        connection.write(b"".join(pieces), replies, kept)
        return True

    async def run(self) -> None:
        """Keep a connection until cancelled, with growing pauses between attempts."""
        failures = 0
        while True:
            try:
                connection = await self._connect()
            except (OSError, TimeoutError) as error:
                failures += 1
                if failures == 1:
                    logger.warning("publisher.unreachable", error=f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(_pause(failures))
                continue
            failures = 0
            await self._serve(connection)

    async def finish(self, seconds: float = 1.0) -> None:
        """Wait until everything written was confirmed, at most that long."""
        if self._connection is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._connection.confirmed()

    async def _serve(self, connection: Connection) -> None:
        self._connection = connection
        self.counts.connections += 1
        logger.info("publisher.connected", number=self.counts.connections)
        self._on_connected()
        try:
            while not connection.lost.done():
                await asyncio.wait([connection.lost], timeout=_WATCH_SECONDS)
                if connection.is_silent(REPLY_SECONDS):
                    logger.warning("publisher.silent")
                    connection.abort()
        finally:
            self._connection = None
            await connection.close()
            self._take_back(connection)
        logger.warning("publisher.disconnected", backlog=len(self._pending))

    def _take_back(self, connection: Connection) -> None:
        """Queue again what Redis did not confirm, before what came later."""
        unconfirmed = [one for write in connection.in_flight for one in write.kept]
        waiting = [*unconfirmed, *self._pending]
        self.counts.dropped += max(0, len(waiting) - MAX_PENDING)
        self._pending = deque(waiting[-MAX_PENDING:])

    async def _connect(self) -> Connection:
        options = self._options
        loop = asyncio.get_running_loop()

        def protocol() -> Connection:
            return Connection(self.counts)

        async with asyncio.timeout(CONNECT_SECONDS):
            if "path" in options:
                _, connection = await loop.create_unix_connection(protocol, options["path"])
            else:
                secure = ssl.create_default_context() if "connection_class" in options else None
                _, connection = await loop.create_connection(
                    protocol, options.get("host", "localhost"), options.get("port", 6379), ssl=secure
                )
            try:
                await self._greet(connection)
            except BaseException:
                await connection.close()
                raise
        return connection

    async def _greet(self, connection: Connection) -> None:
        """Log in, choose the database and see that commands are taken.

        Raises:
            ConnectionError: if Redis refuses.
        """
        greetings = []
        if self._options.get("password"):
            name = self._options.get("username")
            login = (name, self._options["password"]) if name else (self._options["password"],)
            greetings.append(resp.command("AUTH", *login))
        if self._options.get("db"):
            greetings.append(resp.command("SELECT", str(self._options["db"])))
        greetings.append(resp.command("PING"))
        connection.write(b"".join(greetings), len(greetings), [])
        await connection.confirmed()
        if connection.lost.done() or connection.refusal:
            raise ConnectionError(connection.refusal or "closed during the greeting")


def _pause(failures: int) -> float:
    """Return seconds until the next attempt: doubling, with jitter so that processes do not come together."""
    longest = min(_FIRST_PAUSE * 2.0 ** min(failures, 10), _LONGEST_PAUSE)
    return longest * (0.5 + random.random() / 2)  # noqa: S311  # spreads attempts, protects nothing
