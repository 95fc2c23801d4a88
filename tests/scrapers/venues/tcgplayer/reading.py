"""Hand-written answers of TCGplayer, and a small mirror that serves them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.venues.tcgplayer.tcgcsv import TcgcsvFeed
from tests.scrapers.http.sessions import quick_session, venue

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)
UPDATED = "2026-11-20T20:04:11+0000"


def sample(name: str) -> bytes:
    """Return a hand-written sample."""
    return (SAMPLES / name).read_bytes()


def envelope(*results: object, success: bool = True, errors: tuple[str, ...] = ()) -> bytes:
    """Return rows as the API wraps them."""
    return json.dumps({"success": success, "errors": errors, "results": results}).encode()


def group(number: int, published: str | None, category: int = 3, name: str = "") -> dict[str, object]:
    """Return a row of a groups file."""
    return {
        "groupId": number, "name": name or f"Group {number}", "abbreviation": f"G{number}",
        "isSupplemental": False, "publishedOn": published, "modifiedOn": published, "categoryId": category,
    }  # fmt: skip


def product(number: int, group_id: int, **extended: str) -> dict[str, object]:
    """Return a row of a products file."""
    data = [{"name": name, "displayName": name, "value": value} for name, value in extended.items()]
    return {"productId": number, "name": f"Product {number}", "groupId": group_id, "extendedData": data}


def price(number: int, market: object, sub_type: str = "Normal") -> dict[str, object]:
    """Return a row of a prices file."""
    return {"productId": number, "marketPrice": market, "lowPrice": None, "subTypeName": sub_type}


class Mirror:
    """A tcgcsv.com of two groups that counts what it is asked for."""

    def __init__(self) -> None:
        self.parts: list[BulkPart] = []
        self.asked: list[str] = []
        self.files: dict[str, bytes | tuple[int, bytes]] = {
            "/last-updated.txt": UPDATED.encode(),
            "/tcgplayer/categories": envelope(
                {"categoryId": 1, "name": "Magic"}, {"categoryId": 3, "name": "Pokemon"},
                {"categoryId": 70, "name": "Dead"},
            ),
            "/tcgplayer/1/groups": envelope(),
            "/tcgplayer/3/groups": envelope(
                group(10, "1999-01-09T00:00:00"), group(11, "2026-11-13T00:00:00"),
                group(12, None, category=4),
            ),
            "/tcgplayer/3/10/products": envelope(product(100, 10, Number="4/102", Rarity="Rare")),
            "/tcgplayer/3/10/prices": envelope(price(100, 5, "1st Edition"), price(100, 2, "Unlimited")),
            "/tcgplayer/3/11/products": envelope(product(110, 11)),
            "/tcgplayer/3/11/prices": envelope(price(110, 119.95)),
        }  # fmt: skip

    async def answer(self, request: web.Request) -> web.Response:
        """Serve a file."""
        self.asked.append(request.path)
        found = self.files.get(request.path, (404, b"<html><title>404</title></html>"))
        status, body = found if isinstance(found, tuple) else (200, found)
        kind = "text/html" if body.startswith(b"<") else "application/json"
        return web.Response(status=status, body=body, content_type=kind)

    @asynccontextmanager
    async def feed(
        self, *, now: datetime = NOW, categories: tuple[str, ...] = ()
    ) -> AsyncIterator[TcgcsvFeed]:
        """Give a route that asks this mirror."""
        async with venue(self.answer) as base, quick_session(base, clock=FrozenClock(now)) as session:
            configuration = Configuration({"tcgcsv": base}, categories=categories)
            yield TcgcsvFeed(session, configuration, clock=FrozenClock(now))

    async def run(self, memory: FeedMemory, *, now: datetime = NOW) -> list[BulkPart]:
        """Return the parts of one pass and remember them as the runner does; `asked` starts anew.

        Addresses are remembered without their origin, because the port changes from pass to pass.
        """
        self.asked.clear()
        parts: list[BulkPart] = []
        async with self.feed(now=now) as feed:
            base = feed.url("tcgcsv")
            local = FeedMemory(
                {base + url: replace(known, url=base + url) for url, known in memory.downloads.items()}
            )
            try:
                async for part in feed.fetch_bulk(local):
                    parts.append(part)
                    if part.download is not None:
                        path = part.download.url.removeprefix(base)
                        memory.downloads[path] = part.download
            finally:
                self.parts = parts
        return parts
