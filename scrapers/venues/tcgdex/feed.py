"""TCGdex's route: sets for what products lack, then the cards that were not read for longest."""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import quote

from catalog.choices import Category
from pricing.choices import Route
from scrapers.base import BaseScraper
from scrapers.errors import EvidenceMissing, NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.http import Response

from .documents import SOURCES, CardFacts, SetCards, parse_card, parse_set, parse_sets, parsed_prices
from .records import SetRow

PARSER: Final = "tcgdex.card/1"
SETS_EVERY: Final = timedelta(days=7)
CARDS_EVERY: Final = timedelta(hours=24)
CARDS_A_PART: Final = 25  # 50 seconds at one request in two
CARDS_A_RUN: Final = 400
RUN: Final = timedelta(hours=3)
"""What was read so lately counts into the same run: one run may be cut into several slices of a job."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class TcgdexFeed(BaseScraper):
    """Cards in brief by sets, once a week each, and the ids and prices of at most `CARDS_A_RUN` cards a run.

    Cards are read in parts of `CARDS_A_PART`. A part is remembered under the address of its set with its
    number as the fragment, so that the parts that were not read for longest come first.
    """

    source: ClassVar[str] = "tcgdex"
    code: ClassVar[str] = "bulk"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch sets that are due, then cards.

        Yields:
            A part of articles per set; then for each group of cards their details, and the prices of both
            markets. The last part of a group carries what to remember.

        Raises:
            FetchFailed: a subclass.
        """
        if categories and Category.POKEMON.value not in categories:
            return
        answer = await self.session.get(self._sets_url())
        sets = parse_sets(answer.body)
        is_idle = True
        for row in sets:
            if not memory.is_recent(self._set_url(row), now=self.clock.now(), within=SETS_EVERY):
                is_idle = False
                yield await self._set_part(row, total=len(sets))
        for row in self._longest_unread(sets, memory):
            if self._cards_left(memory) <= 0:
                break
            async for part in self._cards_of(row, memory):
                is_idle = False
                yield part
        if is_idle:
            yield BulkPart(
                name="pokemon cards", url=answer.url, fetched_at=answer.fetched_at, unchanged=True, total=1
            )

    async def _set_part(self, row: SetRow, *, total: int) -> BulkPart:
        answer, cards = await self._set(row)
        download = Download(url=self._set_url(row), fetched_at=answer.fetched_at, sha256=answer.sha256)
        return BulkPart(
            name=f"pokemon set {row.name}"[:80], url=answer.url, fetched_at=answer.fetched_at,
            articles=cards.articles, download=download, total=total, parser=PARSER, sha256=answer.sha256,
        )  # fmt: skip

    async def _set(self, row: SetRow) -> tuple[Response, SetCards]:
        answer = await self.session.get(self._set_url(row))
        return answer, parse_set(answer.body, asked=row.id)

    async def _cards_of(self, row: SetRow, memory: FeedMemory) -> AsyncIterator[BulkPart]:
        """Read the groups of a set's cards that are due, as long as the run may read cards."""
        answer, cards = await self._set(row)
        groups = [cards.ids[start : start + CARDS_A_PART] for start in range(0, len(cards.ids), CARDS_A_PART)]
        for number, ids in enumerate(groups):
            if memory.is_recent(self._group_url(row, number), now=self.clock.now(), within=CARDS_EVERY):
                continue
            if self._cards_left(memory) <= 0:
                return
            async for part in self._group(row, number, ids, memory):
                yield part
        for number in range(len(groups), _group_count(row)):  # the list promised more cards than there are
            download = Download(url=self._group_url(row, number), fetched_at=answer.fetched_at)
            yield BulkPart(
                name=f"pokemon set {row.name}"[:80], url=answer.url, fetched_at=answer.fetched_at,
                unchanged=True, download=download,
            )  # fmt: skip
            memory.remember(download)

    async def _group(
        self, row: SetRow, number: int, ids: Sequence[str], memory: FeedMemory
    ) -> AsyncIterator[BulkPart]:
        found: list[CardFacts] = []
        for card_id in ids:
            try:
                answer = await self.session.get(f"{self._base()}/cards/{quote(card_id, safe='')}")
                found.append(parse_card(answer.body, asked=card_id))
            except (NotListed, UnreadableAnswer, EvidenceMissing):
                continue
        if ids and not found:
            raise UnreadableAnswer(
                detail=f"Not one of {len(ids)} cards of TCGdex's set {row.id} can be read."
            )
        fetched_at = self.clock.now()
        download = Download(url=self._group_url(row, number), fetched_at=fetched_at)
        name = f"{row.name}, cards from {number * CARDS_A_PART + 1}"[:80]
        for part in _parts(name, self._set_url(row), found, fetched_at, missing=len(ids) - len(found)):
            part.file = download.url
            if part.prices is not None and part.prices.source == SOURCES[-1]:
                part.download = download
            yield part
        memory.remember(download)

    def _longest_unread(self, sets: Sequence[SetRow], memory: FeedMemory) -> list[SetRow]:
        """Return the sets with cards that are due, those first of which a group was not read for longest."""

        def oldest(row: SetRow) -> datetime:
            known = (
                memory.downloads.get(self._group_url(row, number)) for number in range(_group_count(row))
            )
            return min((download.fetched_at if download else _NEVER for download in known), default=_NEVER)

        due = [row for row in sets if row.cardCount.total and self.clock.now() - oldest(row) >= CARDS_EVERY]
        return sorted(due, key=oldest)

    def _cards_left(self, memory: FeedMemory) -> int:
        """Return how many cards this run may still read."""
        now, prefix = self.clock.now(), f"{self._base()}/sets/"
        groups = sum(
            now - download.fetched_at < RUN
            for url, download in memory.downloads.items()
            if url.startswith(prefix) and "#cards-" in url
        )
        return CARDS_A_RUN - groups * CARDS_A_PART

    def _base(self) -> str:
        return f"{self.url('tcgdex')}/v2/en"

    def _sets_url(self) -> str:
        return f"{self._base()}/sets"

    def _set_url(self, row: SetRow) -> str:
        return f"{self._base()}/sets/{quote(row.id, safe='')}"

    def _group_url(self, row: SetRow, number: int) -> str:
        return f"{self._set_url(row)}#cards-{number}"


def _group_count(row: SetRow) -> int:
    return -(-row.cardCount.total // CARDS_A_PART)


def _parts(
    name: str, url: str, found: list[CardFacts], fetched_at: datetime, *, missing: int
) -> Iterator[BulkPart]:
    yield BulkPart(
        name=name, url=url, fetched_at=fetched_at, articles=[card.article for card in found], parser=PARSER
    )
    for source in SOURCES:
        prices = parsed_prices(found, source=source)
        if missing and source == SOURCES[0]:
            prices.skipped["unreadable_row"] += missing
        yield BulkPart(name=name, url=url, fetched_at=fetched_at, prices=prices, parser=PARSER)
