"""The one interface of all routes: `BaseScraper`.

A scraper is asynchronous, knows one venue's formats and nothing of the database. It is made for one run with
a polite session and the operator's configuration; parsing lives in pure functions beside it, so that recorded
and damaged answers can be tested without a network.
"""

from abc import ABC
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from common.clock import Clock, SystemClock
from pricing.choices import Route

from .errors import NotOffered
from .feeds import BulkPart, FeedMemory
from .records import ScrapedPrice, SearchHit

if TYPE_CHECKING:
    from .http import PoliteSession


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the operator set for one route.

    Args:
        urls: endpoint name -> base address (`settings.VENUE_URLS`, or the simulator's).
        credentials: setting name -> secret value; only the names the registry lists for the route.
        options: further settings of the route, such as the marketplace.
        categories: games to fetch; empty means all the venue has of ours.
        folder: where large downloads go.
    """

    urls: Mapping[str, str]
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    folder: Path = Path("/tmp")  # noqa: S108 - callers pass the installation's own folder


class BaseScraper(ABC):
    """One route of one source. Subclasses override what the venue offers; the rest refuses.

    Class attributes:
        source: code of the price source.
        code: name of the route within the source.
        route: how its prices arrive.
        offers: which of `product` (what it costs now), `sales` (what was sold), `search`, `bulk` it can do.
    """

    source: ClassVar[str]
    code: ClassVar[str]
    route: ClassVar[Route]
    offers: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self, session: "PoliteSession", configuration: Configuration, *, clock: Clock | None = None
    ) -> None:
        self.session = session
        self.configuration = configuration
        self.clock = clock or SystemClock()

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Fetch what the venue asks for one article now.

        Args:
            product_id: in the source's own name space.

        Returns:
            The record, or None if the article exists and nothing is on offer.

        Raises:
            FetchFailed: a subclass that says why there is no price.
            NotOffered: if the route knows no single articles.
        """
        raise NotOffered(detail=f"{self.source}/{self.code} cannot price single products.")

    def ids_to_ask(self, external_ids: Sequence[str]) -> Sequence[str]:
        """Return those of an article's ids that this route can ask by; it may be none.

        Args:
            external_ids: all ids of one article in the source's name space.
        """
        return external_ids

    async def search_products(self, query: str) -> list[SearchHit]:
        """Ask the venue for articles by name, best match first.

        Raises:
            FetchFailed: a subclass that says why there is no answer.
            NotOffered: if the route cannot search.
        """
        raise NotOffered(detail=f"{self.source}/{self.code} cannot search.")

    def fetch_bulk(self, memory: FeedMemory, *, categories: Collection[str] = ()) -> AsyncIterator[BulkPart]:
        """Fetch everything the venue publishes, part by part; addresses fetched recently are left out.

        Raises:
            FetchFailed: a subclass; parts yielded before it are good.
            NotOffered: if the route has no bulk feed.
        """
        raise NotOffered(detail=f"{self.source}/{self.code} has no bulk feed.")

    def url(self, endpoint: str) -> str:
        """Return the base address of one of the route's endpoints, without a trailing slash."""
        return self.configuration.urls[endpoint].rstrip("/")
