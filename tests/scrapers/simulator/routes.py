"""Opening real routes against the simulator, and what it would be honest for them to say."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from common.clock import FrozenClock
from scrapers.base import BaseScraper, Configuration
from scrapers.choices import RobotsPolicy
from scrapers.feeds import FeedMemory
from scrapers.http import Host
from scrapers.registry import RouteSpec, source_spec
from scrapers.simulator.market import Market
from scrapers.simulator.serving import RunningSimulator
from scrapers.simulator.world import SimulatedArticle, Venue
from scrapers.tokens import TokenCache
from tests.scrapers.http.sessions import quick_session

OPTIONS = {
    "EBAY_MARKETPLACE": "EBAY_US", "AMAZON_CREDENTIAL_VERSION": "3.1",
    "AMAZON_MARKETPLACE": "www.amazon.com", "TCGPLAYER_SEARCH_ALGORITHM": "sales_dismax",
}  # fmt: skip
MORE_CREDENTIALS = ("CARDMARKET_ACCESS_TOKEN", "CARDMARKET_ACCESS_TOKEN_SECRET")
WITH_TOKENS = frozenset({"tcgplayer/api", "ebay/browse", "amazon/creators"})

# route -> the venue, the name space its product ids are in, and what its ids begin with
PRODUCT_ROUTES = {
    "tcgplayer/api": (Venue.TCGPLAYER, "tcgplayer", ""),
    "tcgplayer/site": (Venue.TCGPLAYER, "tcgplayer", ""),
    "ebay/browse": (Venue.EBAY, "epid", "epid:"),
    "amazon/creators": (Venue.AMAZON, "asin", ""),
    "amazon/page": (Venue.AMAZON, "asin", ""),
    "cardmarket/api": (Venue.CARDMARKET, "mcm", ""),
}


def route_spec(name: str) -> RouteSpec:
    source, _, code = name.partition("/")
    return next(route for route in source_spec(source).routes if route.code == code)


def credential(name: str) -> str:
    if name == "AMAZON_PARTNER_TAG":
        return "simulator-20"
    return "simulator-secret" if name.endswith(("SECRET", "PRIVATE_KEY")) else "simulator"


@asynccontextmanager
async def open_route(
    name: str, running: RunningSimulator, clock: FrozenClock, *, folder: Path, **session: Any
) -> AsyncIterator[BaseScraper]:
    """Open a route of the registry with a polite session to the simulator, as a demo does."""
    spec = route_spec(name)
    urls = {endpoint: f"{running.url}/{endpoint}" for endpoint in spec.endpoints}
    hosts = [
        Host.of(url, prefix=f"/{endpoint}", is_private_allowed=True, label=endpoint)
        for endpoint, url in urls.items()
    ]
    configuration = Configuration(
        urls=urls,
        credentials={name: credential(name) for name in (*spec.credentials, *MORE_CREDENTIALS)},
        options=OPTIONS,
        folder=folder,
    )
    module, _, attribute = spec.scraper.partition(":")
    scraper: type[BaseScraper] = getattr(import_module(module), attribute)
    own_tokens = {"tokens": TokenCache(clock=clock)} if name in WITH_TOKENS else {}
    has_robots = spec.robots is RobotsPolicy.OBEY
    async with quick_session(*hosts, clock=clock, has_robots=has_robots, **session) as polite:
        yield scraper(polite, configuration, clock=clock, **own_tokens)


def asked_article(running: RunningSimulator, name: str) -> tuple[SimulatedArticle, str]:
    """Return a box that the route's venue lists, and the id to ask the route for."""
    venue, source, prefix = PRODUCT_ROUTES[name]
    box = next(
        one
        for one in running.simulator.world.articles
        if one.sealed_kind == "booster_box" and venue in one.prices and source in one.ids
    )
    return box, prefix + box.ids[source]


def honest_amounts(running: RunningSimulator, article: SimulatedArticle, venue: Venue) -> set[Decimal]:
    """Return every amount that a venue honestly states of an article now."""
    return set(_amounts(running, article, venue))


def _amounts(running: RunningSimulator, article: SimulatedArticle, venue: Venue) -> Iterator[Decimal]:
    for finish in article.finishes:
        market = Market(running.simulator.world, article, venue, at=running.simulator.now(), finish=finish)
        shown = market.statistics()
        yield from (one for one in (shown.low, shown.mid, shown.market, shown.trend, shown.average) if one)
        if shown.low is not None:
            yield (shown.low * Decimal("1.12")).quantize(shown.low)  # Direct's lowest
        yield from (market.mean(days) for days in (1, 7, 30))
        yield from (offer.price for offer in market.offers())


async def run_feed(scraper: BaseScraper, memory: FeedMemory | None = None) -> list[Any]:
    """Fetch all parts of a feed; lazy prices and articles are read at once, as the runner does."""
    memory = memory if memory is not None else FeedMemory()
    parts = []
    async for part in scraper.fetch_bulk(memory):
        if part.prices is not None:
            part.prices.observations = list(part.prices.observations)
        if part.articles is not None:
            part.articles = list(part.articles)
        if part.catalogue_file is not None:
            part.catalogue_file.unlink()
        if part.download is not None:
            memory.remember(part.download)
        parts.append(part)
    return parts


def observed(parts: list[Any], source: str) -> dict[tuple[str, str, str], Decimal]:
    """Return the prices of one source in all parts by external id, price type and finish."""
    return {
        (seen.external_id, seen.price_type, seen.finish): seen.price
        for part in parts
        if part.prices is not None and part.prices.source == source
        for seen in part.prices.observations
        if not seen.condition or seen.condition == "near_mint"
    }
