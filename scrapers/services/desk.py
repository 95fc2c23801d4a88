"""The desk where synchronous services work with asynchronous routes: one event loop, one session per route.

Asynchronous code never touches the database: a route is handed its configuration and memory, and gives back
records. Sessions stay open between calls, so that connections are kept alive, and close with the desk.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar

from scrapers.base import BaseScraper
from scrapers.choices import RobotsPolicy
from scrapers.errors import FetchFailed, SourceNotReady, VenueUnavailable
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES, RouteSpec, SourceSpec
from scrapers.selectors.endpoints import Mode, configuration_for

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

T = TypeVar("T")
_CLOSE_SECONDS: Final = 10.0


class SessionOpener(Protocol):
    """Makes the polite session of one route."""

    def __call__(
        self, *, allowed_urls: Collection[str], robots: RobotsPolicy, min_delay: float | None = None
    ) -> AbstractAsyncContextManager["PoliteSession"]:
        """Return a session that may talk to these addresses only."""
        ...


def open_polite_session(
    *, allowed_urls: Collection[str], robots: RobotsPolicy, min_delay: float | None = None
) -> AbstractAsyncContextManager["PoliteSession"]:
    """Open the product's own session, as the settings say."""
    from scrapers.http import open_session

    return open_session(allowed_urls=allowed_urls, robots=robots, min_delay=min_delay)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run works with.

    Args:
        mode: live or demo.
        sources: the registry.
        open_session: makes the session of a route.
    """

    mode: Mode
    sources: tuple[SourceSpec, ...] = SOURCES
    open_session: SessionOpener = open_polite_session


class Desk:
    """Runs routes for synchronous callers. Use as a context manager, in one thread."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._scrapers: dict[int, BaseScraper] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._runner:
            self._runner.run(self._close())

    async def _close(self) -> None:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await self._stack.aclose()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run asynchronous work to its end and return its result."""
        return self._runner.run(work)

    def scraper(self, row: SourceRoute, route: RouteSpec, *, categories: tuple[str, ...] = ()) -> BaseScraper:
        """Return the route's scraper with an open session; the same one each time.

        Raises:
            FetchFailed: if the route's addresses or the rest of its configuration are refused.
        """
        known = self._scrapers.get(row.pk)
        if known is None:
            known = self._scrapers[row.pk] = self.run(self._make(row, route, categories))
        return known

    async def _make(self, row: SourceRoute, route: RouteSpec, categories: tuple[str, ...]) -> BaseScraper:
        configuration = configuration_for(route, self.setup.mode, categories=categories)
        configuration.folder.mkdir(parents=True, exist_ok=True)
        session = await self._stack.enter_async_context(
            self.setup.open_session(
                allowed_urls=tuple(filter(None, configuration.urls.values())),
                robots=RobotsPolicy(row.robots_policy),
                min_delay=float(row.min_delay_seconds),
            )
        )
        try:
            return scraper_class(route)(session, configuration)
        except SourceNotReady as error:  # of this route; the run goes on with the others
            raise FetchFailed(error.code, error.detail) from error

    def parts(
        self,
        scraper: BaseScraper,
        memory: FeedMemory,
        *,
        categories: Collection[str],
        seconds: Callable[[], float] = lambda: math.inf,
    ) -> Generator[BulkPart, None, None]:
        """Yield the parts of a bulk feed one by one; closing this iterator closes the feed.

        Args:
            scraper: of the route.
            memory: earlier downloads.
            categories: games to fetch.
            seconds: tells before each part how long it may take to arrive.

        Raises:
            VenueUnavailable: if a part takes longer.
            FetchFailed: another reason why the feed ends early.
        """
        feed = scraper.fetch_bulk(memory, categories=categories)
        try:
            while (part := self.run(_next(feed, seconds()))) is not None:
                yield part
        finally:
            close: Callable[[], Coroutine[Any, Any, None]] | None = getattr(feed, "aclose", None)
            if close is not None:
                self.run(_awaited(close))


def scraper_class(route: RouteSpec) -> type[BaseScraper]:
    """Import a route's scraper class."""
    module, _, name = route.scraper.partition(":")
    found: type[BaseScraper] = getattr(import_module(module), name)
    return found


async def _next(feed: AsyncIterator[BulkPart], seconds: float) -> BulkPart | None:
    try:
        async with asyncio.timeout(seconds if math.isfinite(seconds) else None) as limit:
            return await anext(feed, None)
    except TimeoutError:
        if not limit.expired():
            raise
        detail = f"The next part did not arrive in {seconds:.0f} s, which is all the run has left."
        raise VenueUnavailable(None, detail, {"reason": "deadline"}) from None


async def _awaited(function: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await function()
