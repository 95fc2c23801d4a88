"""The bulk route: Cardmarket's published downloads, one price guide and two product lists for each game.

No login; renewed once a day. Files are asked for conditionally, and one with the same bytes as last time is
unchanged: crawls of one day often are. Prices are in EUR and of the guide's own time.
"""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from typing import ClassVar, Final

from catalog.choices import ProductType
from pricing.choices import Route
from pricing.errors import PriceFileError
from pricing.importers import ParsedPrices, parse_price_guide
from scrapers.base import BaseScraper
from scrapers.errors import FetchFailed, NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.venues.downloads import PublishedFile, fetch_published

from .catalogue import parse_product_list
from .vocabulary import SOURCE, Game, games_of

PARSER: Final = "cardmarket.guide/1"
ASK_AGAIN_AFTER: Final = timedelta(hours=1)
FILES_PER_GAME: Final = 3
_LISTS: Final = (("products_nonsingles", ProductType.SEALED), ("products_singles", ProductType.SINGLE))


class CardmarketGuide(BaseScraper):
    """Price guides first, then the product lists, for every game of ours."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "guide"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch the files that changed.

        A file that is missing or cannot be read does not stop the others; its error is raised at the end.

        Raises:
            FetchFailed: why a file is missing.
        """
        games = games_of(tuple(categories or self.configuration.categories))
        failures: list[FetchFailed] = []
        for game in games:
            async for part in self._game_parts(game, memory, failures):
                part.total = FILES_PER_GAME * len(games)
                yield part
        if failures:
            raise failures[0]

    async def _game_parts(
        self, game: Game, memory: FeedMemory, failures: list[FetchFailed]
    ) -> AsyncIterator[BulkPart]:
        base = f"{self.url('cardmarket_downloads')}/productCatalog"
        try:
            url = f"{base}/priceGuide/price_guide_{game.number}.json"
            file, part = await self._file(url, f"{game.name} price guide", memory)
            if file is not None and file.content is not None:
                part.prices = _guide(file)
            yield part
        except (UnreadableAnswer, NotListed) as error:
            failures.append(error)
        for name, product_type in _LISTS:
            try:
                url = f"{base}/productList/{name}_{game.number}.json"
                file, part = await self._file(url, f"{game.name} {name.replace('_', ' ')}", memory)
                if file is not None and file.content is not None:
                    part.articles = parse_product_list(file.content, game=game, product_type=product_type)
                yield part
            except (UnreadableAnswer, NotListed) as error:
                failures.append(error)

    async def _file(self, url: str, name: str, memory: FeedMemory) -> tuple[PublishedFile | None, BulkPart]:
        """Return a file and the part it becomes; no file if it was asked for a moment ago."""
        now = self.clock.now()
        if memory.is_recent(url, now=now, within=ASK_AGAIN_AFTER):
            return None, BulkPart(name, url, now, unchanged=True, parser=PARSER)
        file = await fetch_published(self.session, url, memory=memory, folder=self.configuration.folder)
        part = BulkPart(
            name, url, file.download.fetched_at, file.download, parser=PARSER, sha256=file.download.sha256
        )
        part.unchanged = file.content is None
        return file, part


def _guide(file: PublishedFile) -> ParsedPrices:
    try:
        parsed = parse_price_guide(file.content or b"")
    except PriceFileError as error:
        raise UnreadableAnswer(detail=error.detail) from error
    now = file.download.fetched_at
    # a guide that does not say when it was made, or says a time to come, is of now
    parsed.recorded_at = min(parsed.recorded_at or now, now)
    return parsed
