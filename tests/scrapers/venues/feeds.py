"""Running a bulk route against a small server on this machine, as the runner does, without a database."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import BaseScraper, Configuration
from scrapers.feeds import BulkPart, FeedMemory
from tests.scrapers.http.sessions import quick_session, venue

ETAG = '"v1"'
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Shelf:
    """What a server answers by path (with its query, if it has one), and what it was asked."""

    answers: dict[str, bytes | web.Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    base: str = ""

    @asynccontextmanager
    async def served(self) -> AsyncIterator["Shelf"]:
        """Answer at `base` while the context is open."""
        async with venue(self.handle) as self.base:
            yield self

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.headers.append(dict(request.headers))
        found = self.answers.get(request.path_qs, self.answers.get(request.path))
        if found is None:
            return web.json_response({"error": "not found"}, status=404)
        if isinstance(found, web.Response):
            return web.Response(body=found.body, status=found.status, headers=found.headers)
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304)
        return web.Response(body=found, content_type="application/octet-stream", headers={"ETag": ETAG})


@dataclass(slots=True)
class Taken:
    """One part with its lazy content consumed, in the order the runner would."""

    part: BulkPart
    prices: list[Any] = field(default_factory=list)
    articles: list[Any] = field(default_factory=list)


async def run_feed(
    scraper: type[BaseScraper],
    shelf: Shelf,
    folder: Path,
    *,
    endpoints: tuple[str, ...],
    memory: FeedMemory | None = None,
    now: datetime = NOW,
    **configuration: Any,
) -> list[Taken]:
    """Fetch all parts, consume each and remember what it says to; each is of a file that is remembered."""
    memory = memory if memory is not None else FeedMemory()
    taken: list[Taken] = []
    clock = FrozenClock(now)
    async with quick_session(shelf.base, clock=clock) as session:
        urls = {name: f"{shelf.base}/{name}" for name in endpoints}
        shelf.asked.clear()
        feed = scraper(session, Configuration(urls=urls, folder=folder, **configuration), clock=clock)
        async for part in feed.fetch_bulk(memory):
            row = Taken(part)
            taken.append(row)
            row.prices.extend(part.prices.observations if part.prices else ())
            row.articles.extend(part.articles or ())
            if part.download is not None:
                memory.remember(part.download)
    remembered = {row.part.download.url for row in taken if row.part.download is not None}
    assert {row.part.file_key for row in taken if not row.part.unchanged} <= remembered
    return taken
