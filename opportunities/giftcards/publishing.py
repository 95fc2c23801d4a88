"""Writes the engine's news to Redis: what must not be lost waits for a Redis that is gone."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from common.events import Topic
from common.live import LIVE_STREAM, MAX_LIVE, MAX_SPREADS, SPREADS_STREAM, live_entry
from pricing.quotebook import LiveQuote, queue_quotes

from .engine import News

logger = structlog.get_logger(__name__)

MAX_PENDING: Final = 10_000
WRITE_SECONDS: Final = 2.0
BATCH: Final = 500


class Publisher:
    """Keeps what could not be written and writes it later, oldest first.

    Sightings wait in a bounded queue (the oldest is dropped and counted); of quotes and of news for control
    rooms only the newest of each is kept. After a failure everything may have been lost, so the caller asks
    `take_recovery` and has the engine tell all of it again.

    Args:
        client: of the running event loop.
    """

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client
        self._quotes: dict[tuple[str, str], LiveQuote] = {}
        self._sightings: deque[dict[str, Any]] = deque(maxlen=MAX_PENDING)
        self._live: dict[tuple[Topic, str], Mapping[str, Any]] = {}
        self._has_failed = False
        self._has_recovered = False
        self.dropped = 0
        self.written = 0

    @property
    def is_connected(self) -> bool:
        """Return whether the last write arrived."""
        return not self._has_failed

    def add(self, news: News) -> None:
        """Take news to be written with the next `flush`."""
        self._quotes.update({(quote.symbol, quote.venue): quote for quote in news.quotes})
        self.dropped += max(0, len(self._sightings) + len(news.sightings) - MAX_PENDING)
        self._sightings.extend(news.sightings)
        self._live.update({(Topic.QUOTE, symbol): data for symbol, data in news.books.items()})
        self._live.update({(Topic.SPREAD, key): data for key, data in news.spreads.items()})

    def tell(self, *, topic: Topic, key: str, data: Mapping[str, Any]) -> None:
        """Take one more piece of news for control rooms."""
        self._live[topic, key] = data

    def take_recovery(self) -> bool:
        """Tell, once, that Redis answers again after a failure."""
        found, self._has_recovered = self._has_recovered, False
        return found

    async def flush(self) -> bool:
        """Write what waits, in transactions of some hundred; return whether all of it arrived."""
        try:
            while self._quotes or self._sightings or self._live:
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._write_some()
        except (RedisError, OSError) as error:
            if not self._has_failed:
                logger.warning("giftcards.not_published", error=type(error).__name__)
            self._has_failed = True
            return False
        if self._has_failed:
            logger.info("giftcards.published_again")
            self._has_failed, self._has_recovered = False, True
        return True

    async def _write_some(self) -> None:
        quotes = list(self._quotes.items())[:BATCH]
        sightings = [self._sightings[number] for number in range(min(BATCH, len(self._sightings)))]
        live = list(self._live.items())[:BATCH]
        async with self._client.pipeline(transaction=True) as pipeline:
            queue_quotes(pipeline, [quote for _, quote in quotes])
            for entry in sightings:
                body = json.dumps(entry, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
                pipeline.xadd(SPREADS_STREAM, {"data": body}, maxlen=MAX_SPREADS, approximate=True)
            for (topic, key), data in live:
                fields: dict[Any, Any] = dict(live_entry(topic=topic, key=key, data=data))
                pipeline.xadd(LIVE_STREAM, fields, maxlen=MAX_LIVE, approximate=True)
            await pipeline.execute()
        self._forget(quotes, live, len(sightings))

    def _forget(self, quotes: Any, live: Any, sightings: int) -> None:
        """Drop what arrived; what was replaced meanwhile stays."""
        for key, quote in quotes:
            if self._quotes.get(key) is quote:
                del self._quotes[key]
        for key, data in live:
            if self._live.get(key) is data:
                del self._live[key]
        for _ in range(sightings):
            self._sightings.popleft()
        self.written += len(quotes) + len(live) + sightings
