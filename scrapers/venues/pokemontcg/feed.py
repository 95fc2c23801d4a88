"""pokemontcg.io's route: page after page, once a day."""

from collections.abc import AsyncIterator, Collection, Iterator
from datetime import timedelta
from typing import ClassVar, Final

from catalog.choices import Category
from pricing.choices import Route
from scrapers.base import BaseScraper
from scrapers.errors import UnreadableAnswer
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.http import Response

from .pages import PAGE_SIZE, SOURCES, Page, parse_page

PARSER: Final = "pokemontcg.cards/1"
EVERY: Final = timedelta(hours=24)
MAX_PAGES: Final = 400
MAX_PAGE_BYTES: Final = 20 << 20
FIELDS: Final = "id,name,number,rarity,set,images,tcgplayer,cardmarket"


class PokemonTcgFeed(BaseScraper):
    """All cards, page by page, once a day; pages of an interrupted run are not fetched again."""

    source: ClassVar[str] = "pokemontcg"
    code: ClassVar[str] = "bulk"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch every page that was not fetched within a day.

        Yields:
            Per page its cards, to be matched only, and the prices of both markets; the last part of a page
            carries what to remember of it.

        Raises:
            FetchFailed: a subclass; an empty page before the last card is an error, not an end.
        """
        if categories and Category.POKEMON.value not in categories:
            return
        url = f"{self.url('pokemontcg')}/v2/cards"
        now = self.clock.now()
        if memory.is_recent(url, now=now, within=EVERY):
            yield BulkPart(name="pokemon cards", url=url, fetched_at=now, unchanged=True, total=1)
            return
        for number in range(1, MAX_PAGES + 1):
            if memory.is_recent(f"{url}?page={number}", now=now, within=EVERY):
                continue
            answer = await self._page(url, number)
            page = parse_page(answer.body, page=number)
            is_last = number * PAGE_SIZE >= page.total
            if not page.rows and not (number > 1 and (number - 1) * PAGE_SIZE >= page.total):
                raise UnreadableAnswer(detail=f"Page {number} of {page.total} cards is empty.")
            for part in _parts(page, f"{url}?page={number}", number, answer):
                yield part
            if is_last:
                break
        yield BulkPart(
            name="pokemon cards", url=url, fetched_at=now, unchanged=True,
            download=Download(url=url, fetched_at=self.clock.now()), is_end=True,
        )  # fmt: skip

    async def _page(self, url: str, number: int) -> Response:
        key = self.configuration.credentials.get("POKEMONTCG_API_KEY", "")
        return await self.session.get(
            url,
            params={
                "page": str(number), "pageSize": str(PAGE_SIZE), "orderBy": "set.releaseDate,id",
                "select": FIELDS,
            },
            headers={"X-Api-Key": key} if key else None,
            max_bytes=MAX_PAGE_BYTES,
        )  # fmt: skip


def _parts(page: Page, url: str, number: int, answer: Response) -> Iterator[BulkPart]:
    total = 2 + (1 + len(SOURCES)) * -(-page.total // PAGE_SIZE)
    name = f"pokemon cards, page {number}"
    download = Download(url=url, fetched_at=answer.fetched_at, sha256=answer.sha256)
    yield BulkPart(
        name=name, url=answer.url, fetched_at=answer.fetched_at, articles=page.articles, total=total,
        parser=PARSER, sha256=download.sha256, file=download.url,
    )  # fmt: skip
    for source in SOURCES:
        yield BulkPart(
            name=name, url=answer.url, fetched_at=answer.fetched_at, prices=page.prices[source],
            download=download if source == SOURCES[-1] else None, total=total, parser=PARSER,
            sha256=download.sha256, file=download.url,
        )  # fmt: skip
