"""Card Kingdom's bulk route: the price lists of singles and of sealed products, whole, once a day.

Public and for programs, about 65 MB for 150,000 singles. The lists carry Scryfall ids and stock numbers: once
a week they also go into the catalogue as further identifiers of what it holds.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, Final

from catalog.choices import Category, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from pricing.choices import Route
from pricing.errors import PriceFileError
from pricing.importers.cardkingdom import (
    SKU_NAME_SPACE,
    SOURCE,
    ListRow,
    PriceList,
    list_rows,
    price_list_prices,
    read_price_list,
)
from scrapers.base import BaseScraper
from scrapers.errors import FetchFailed, MarkupDrift, NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.text import clean_text

from .downloads import PublishedFile, fetch_published

PARSER: Final = "cardkingdom.pricelist/1"
NAME_SPACE: Final = "ck"
LIST_EVERY: Final = timedelta(hours=24)
ARTICLES_EVERY: Final = timedelta(days=7)
LISTS: Final = (
    ("/api/v2/pricelist", "singles", ProductType.SINGLE),
    ("/api/sealed_pricelist", "sealed products", ProductType.SEALED),
)


class CardKingdomPriceList(BaseScraper):
    """Retail and cash buylist prices with the copies behind them."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "pricelist"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch both lists, unless they were fetched within a day.

        A list that is missing or cannot be read does not stop the other one; its error is raised at the end.

        Raises:
            FetchFailed: why a list is missing.
        """
        wanted = tuple(categories or self.configuration.categories)
        if wanted and Category.MTG.value not in wanted:
            return
        failures: list[FetchFailed] = []
        for path, name, product_type in LISTS:
            url = f"{self.url('cardkingdom')}{path}"
            try:
                async for part in self._list_parts(url, name, product_type, memory):
                    yield part
            except (UnreadableAnswer, NotListed) as error:
                failures.append(error)
        if failures:
            raise failures[0]

    async def _list_parts(
        self, url: str, name: str, product_type: ProductType, memory: FeedMemory
    ) -> AsyncIterator[BulkPart]:
        now = self.clock.now()
        if memory.is_recent(url, now=now, within=LIST_EVERY):
            yield BulkPart(name, url, now, unchanged=True, parser=PARSER)
            return
        file = await fetch_published(self.session, url, memory=memory, folder=self.configuration.folder)
        part = BulkPart(
            name, url, file.download.fetched_at, file.download, parser=PARSER, sha256=file.download.sha256,
            file=url,
        )  # fmt: skip
        if file.content is None:
            part.unchanged = True
            yield part
            return
        price_list = _read(file)
        articles_key = f"{url}#articles"
        if not memory.is_recent(articles_key, now=now, within=ARTICLES_EVERY):
            known = Download(articles_key, file.download.fetched_at, file.download.sha256)
            yield replace(
                part,
                name=f"{name}: identifiers",
                download=known,
                articles=list(_articles(price_list, product_type)),
            )
        part.prices = price_list_prices(price_list, is_sealed=product_type is ProductType.SEALED)
        # a list without a time, or of a time to come in the zone it does not name, is of now
        part.prices.recorded_at = min(part.prices.recorded_at or part.fetched_at, part.fetched_at)
        yield part


def _read(file: PublishedFile) -> PriceList:
    try:
        price_list = read_price_list(file.content or b"")
    except PriceFileError as error:
        raise UnreadableAnswer(detail=error.detail) from error
    readable = sum(1 for _ in list_rows(price_list))
    if 2 * readable < len(price_list.data):
        raise MarkupDrift(detail=f"Only {readable} of {len(price_list.data)} rows are of the known shape.")
    return price_list


def _articles(price_list: PriceList, product_type: ProductType) -> Iterator[Article]:
    """Yield one article for each card with its stock numbers by finish, or for each sealed product.

    Several stock numbers for one card and finish (stamped, misprinted …) cannot be told apart by their
    Scryfall id: each is an article of its own without it.
    """
    cards: dict[str, list[ListRow]] = defaultdict(list)
    for row in list_rows(price_list):
        if row.id <= 0 or not clean_text(row.name):
            continue
        if product_type is ProductType.SINGLE and row.scryfall_id:
            cards[row.scryfall_id].append(row)
        else:
            yield _article((row,), product_type)
    for scryfall_id, rows in cards.items():
        if len({row.finish for row in rows}) == len(rows):
            yield _article(rows, product_type, ArticleIdentifier("scryfall", scryfall_id))
        else:
            yield from (_article((row,), product_type) for row in rows)


def _article(rows: Sequence[ListRow], product_type: ProductType, *known: ArticleIdentifier) -> Article:
    return Article(
        identifiers=(*(found for row in rows for found in _identifiers(row, product_type)), *known),
        name=clean_text(rows[0].name),
        product_type=product_type.value,
        category=Category.MTG.value,
        set_name=clean_text(rows[0].edition or ""),
        is_complete=False,
    )


def _identifiers(row: ListRow, product_type: ProductType) -> Iterator[ArticleIdentifier]:
    finish = "" if product_type is ProductType.SEALED else row.finish
    yield ArticleIdentifier(NAME_SPACE, str(row.id), finish)
    if row.sku:
        yield ArticleIdentifier(SKU_NAME_SPACE, row.sku, finish)
