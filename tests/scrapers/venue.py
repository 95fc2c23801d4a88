"""A small venue on loopback, its scrapers, and the registry that names them."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

import aiohttp
import msgspec
from aiohttp import web

from common.clock import utc_now
from pricing.choices import PriceType, Route
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.base import BaseScraper
from scrapers.choices import RobotsPolicy
from scrapers.errors import (
    Blocked,
    BreakerOpen,
    CredentialsRefused,
    NotListed,
    SourceNotReady,
    UnreadableAnswer,
    VenueUnavailable,
)
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.records import Evidence, Quote, Sale, ScrapedPrice
from scrapers.registry import RESEARCHED_ON, PriceSourceSpec, RouteSpec, SourceSpec

ENDPOINT = "small_venue"


@dataclass
class Venue:
    """What the venue sells, how it misbehaves, and what it was asked."""

    prices: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    robots: str = ""
    robots_status: int = 200
    delay: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{route}/products/{id}", self._product)
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/files", self._list)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_post("/token", self._token)
        return app

    async def _product(self, request: web.Request) -> web.Response:
        route, product = request.match_info["route"], request.match_info["id"]
        self.requests[f"{route}/{product}"] += 1
        await asyncio.sleep(self.delay)
        status = self.statuses.get(f"{route}/{product}", self.statuses.get(route, 200))
        if status != 200:
            return web.Response(status=status, headers=self.headers)
        if product not in self.prices:
            return web.Response(status=404)
        return web.json_response({"id": product, "price": self.prices[product], "currency": "EUR"})

    async def _robots(self, _: web.Request) -> web.Response:
        return web.Response(text=self.robots, status=self.robots_status, headers=self.headers)

    async def _list(self, _: web.Request) -> web.Response:
        self.requests["files"] += 1
        return web.json_response(sorted(self.files))

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.requests[f"files/{name}"] += 1
        await asyncio.sleep(self.delay)
        if status := self.statuses.get(f"files/{name}"):
            return web.Response(status=status)
        body = json.dumps(self.files[name])
        tag = f'"{sha256(body.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(text=body, headers={"ETag": tag})

    async def _token(self, _: web.Request) -> web.Response:
        self.orders["token"] += 1
        return web.json_response({"token": "t"})


@contextmanager
def running(venue: Venue) -> Iterator[Venue]:
    """Serve a venue from a thread of its own, so that synchronous code can be its client."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    runner = web.AppRunner(venue.app(), access_log=None)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        venue.url = f"http://{host}:{port}"

    def serve() -> None:
        loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield venue
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


class PlainSession:
    """Just enough of a polite session for scrapers of the small venue; no pacing, loopback only."""

    def __init__(self) -> None:
        self._client: aiohttp.ClientSession | None = None
        self.requests_sent = 0

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._client is not None
        await self._client.close()

    async def get(self, url: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        assert self._client is not None
        self.requests_sent += 1
        try:
            async with self._client.get(url, headers=headers) as response:
                status, body, found = (
                    response.status,
                    await response.read(),
                    {name.lower(): value for name, value in response.headers.items()},
                )
        except aiohttp.ClientError as error:
            raise VenueUnavailable(detail="No connection.") from error
        if status == 404:
            raise NotListed(detail="Unknown article.")
        if status == 401:
            raise CredentialsRefused(detail="Not that key.")
        if status == 403:
            raise Blocked(detail="Turned away.")
        if status == 420:
            raise BreakerOpen(detail="The host is left alone.")
        if status >= 500:
            raise VenueUnavailable(detail=f"Status {status}.")
        return status, body, found

    async def post(self, url: str) -> bytes:
        assert self._client is not None
        async with self._client.post(url) as response:
            return await response.read()


def open_plain(*, allowed_urls: Collection[str], robots: RobotsPolicy, min_delay: float | None = None) -> Any:
    """Open a session the way a desk does."""
    assert allowed_urls
    assert min_delay is None or min_delay >= 2
    return PlainSession()


class SmallProducts(BaseScraper):
    """Prices single products; asks for a token first."""

    source, code, route = "small", "api", Route.API
    offers = frozenset({"product"})

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        session: Any = self.session
        if not getattr(self, "_has_token", False):
            await session.post(f"{self.url(ENDPOINT)}/token")
            self._has_token = True
        url = f"{self.url(ENDPOINT)}/{self.code}/products/{product_id}"
        _, body, _ = await session.get(url)
        data = json.loads(body)
        if data["price"] == "crash":
            raise KeyError("a mistake of the parser")
        if data["price"] == "drift":
            raise UnreadableAnswer(detail="Nothing known on the page.")
        if data["price"] == "none":
            return None
        return ScrapedPrice(
            external_id="other" if data["price"] == "other" else product_id,
            currency=data["currency"],
            quotes=(Quote(amount=Decimal(data["price"].replace("other", "1")), price_type=PriceType.TREND),),
            evidence=Evidence(data["id"], data["currency"], "price"),
            route=self.route,
            source_url=url,
            fetched_at=self.clock.now(),
            payload_sha256=sha256(body).hexdigest(),
            parser="small.api/1",
        )


class SmallPages(SmallProducts):
    """The same from pages."""

    code, route = "page", Route.PAGE


class SmallMistyped(SmallProducts):
    """Reads an option of the operator's that names nothing."""

    code = "mistyped"

    def __init__(self, *args: Any, **options: Any) -> None:
        raise SourceNotReady(detail="SMALL_MARKETPLACE: 'XX' is none of ours.")


class SmallSales(SmallProducts):
    """What was sold of articles with an even number; it knows no others."""

    code, route = "sold", Route.PAGE
    offers = frozenset({"sales"})

    def ids_to_ask(self, external_ids: Sequence[str]) -> Sequence[str]:
        return [external_id for external_id in external_ids if int(external_id) % 2 == 0]

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        found = await super().scrape_product_price(product_id)
        assert found is not None
        yesterday = (self.clock.now() - timedelta(days=1)).date()
        sale = Sale(reference=f"listing {product_id}", sold_on=yesterday, units=3)
        return msgspec.structs.replace(found, quotes=(), sales=(sale,))


class SmallFeed(BaseScraper):
    """A bulk feed of several files."""

    source, code, route = "small", "feed", Route.BULK
    offers = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        session: Any = self.session
        base = self.url(ENDPOINT)
        _, body, _ = await session.get(f"{base}/files")
        names = json.loads(body)
        for name in names:
            url = f"{base}/files/{name}"
            known = memory.downloads.get(url)
            headers = {"If-None-Match": known.etag} if known and known.etag else {}
            status, body, found = await session.get(url, headers)
            now = utc_now()
            if status == 304 and known is not None:
                again = Download(url, now, known.sha256, known.etag)
                yield BulkPart(name, url, now, again, unchanged=True, total=len(names))
                continue
            digest = sha256(body).hexdigest()
            download = Download(url, now, digest, found.get("etag", ""))
            yield BulkPart(
                name,
                url,
                now,
                download,
                prices=_parsed(body),
                total=len(names),
                parser="small.feed/1",
                sha256=digest,
            )


class RefusedFeed(SmallFeed):
    """A bulk feed that does not start as it is configured."""

    code = "refused"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        raise SourceNotReady(detail="The configuration is wrong.")


def _parsed(body: bytes) -> ParsedPrices:
    prices = json.loads(body)
    source = prices.pop("source", "small")
    observations = [
        Observation(price=Decimal(price), price_type="trend", currency="EUR", external_id=external_id)
        for external_id, price in prices.items()
    ]
    return ParsedPrices(source=source, observations=observations, recorded_at=None, rows_read=len(prices))


def _route(code: str, route: Route, scraper: str, **values: Any) -> RouteSpec:
    return RouteSpec(
        code=code,
        route=route,
        scraper=f"tests.scrapers.venue:{scraper}",
        endpoints=(ENDPOINT,),
        terms_url="https://venue.example/terms",
        reviewed_on=RESEARCHED_ON,
        **values,
    )


FEED = _route("feed", Route.BULK, "SmallFeed")
REFUSED = _route("refused", Route.BULK, "RefusedFeed")
API = _route("api", Route.API, "SmallProducts")
SOLD = _route("sold", Route.PAGE, "SmallSales")
MISTYPED = _route("mistyped", Route.API, "SmallMistyped")
PAGE = _route("page", Route.PAGE, "SmallPages")
LOCKED = _route("locked", Route.API, "SmallProducts", credentials=("EBAY_CLIENT_ID",))
PRICES = PriceSourceSpec("small", "small", "EUR", "mcm", PriceType.TREND)


def small_source(*routes: RouteSpec) -> SourceSpec:
    """Return the venue's entry in a registry, with some of its routes."""
    return SourceSpec(code="small", name="Small venue", prices=(PRICES,), routes=routes, categories=("mtg",))
