"""A small gift-card desk on loopback, at an address the guard takes for the simulator's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from common.secrets import Secret
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.giftcards import Market


@dataclass
class Desks:
    """What the desks answer, by name, and what they were asked."""

    bodies: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, web.Response] = field(default_factory=dict)
    hung: set[str] = field(default_factory=set)
    requests: Counter[str] = field(default_factory=Counter)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{name}/quotes", self._quotes)
        return app

    async def _quotes(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.requests[name] += 1
        self.headers[name] = dict(request.headers)
        if name in self.hung:
            await asyncio.sleep(3_600)
        if name in self.raw:
            kept = self.raw[name]
            return web.Response(body=kept.body, status=kept.status, headers=kept.headers)
        return web.json_response(self.bodies[name])

    def market(self, name: str, side: MarketSide = MarketSide.SELL, **facts: Any) -> Market:
        """Return the market that asks the desk of that name."""
        facts = {"poll_ms": 200, "timeout_ms": 2_000, "token": Secret("t0ken"), **facts}
        return Market(name, LiveAdapter.JSON, side, f"{self.url}/{name}/quotes", **facts)


@asynccontextmanager
async def serving(settings: Any) -> AsyncIterator[Desks]:
    """Serve desks; their address counts as the simulator's."""
    desks = Desks()
    # Requests that hang on purpose must not hold the end of the test up.
    async with TestServer(desks.app(), handler_cancellation=True, shutdown_timeout=0.1) as server:
        desks.url = str(server.make_url("")).rstrip("/")
        settings.VENUE_SIMULATOR_URL = desks.url
        yield desks


def item(brand: str, price: str, **more: Any) -> dict[str, Any]:
    """Return one quote as desks write it."""
    return {"brand": brand, "denomination": "50.00", "price": price, "quantity": 4, **more}


async def until(check: Callable[[], Any], *, patience: float = 20.0) -> None:
    """Wait for a condition that another task brings about."""
    async with asyncio.timeout(patience):
        while not check():  # noqa: ASYNC110 - nobody tells when it is so
            await asyncio.sleep(0.01)
