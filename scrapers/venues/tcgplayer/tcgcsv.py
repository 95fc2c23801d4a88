"""The bulk route: tcgcsv.com, a daily mirror of TCGplayer's catalogue and prices, group by group.

Its maintainer asks for a named user agent, for the files of groups instead of archives, and never for the
same price file twice in 24 hours. So `last-updated.txt` is asked first, newest sets come first, and a run
that was cut short goes on with what is still missing. Prices are of the time in `last-updated.txt`.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from pricing.choices import Route
from pricing.errors import PriceFileError
from pricing.importers import ParsedPrices
from pricing.importers.tcgcsv import finishes_by_product, parse_group_prices
from scrapers.base import BaseScraper
from scrapers.errors import (
    EvidenceMissing,
    FetchFailed,
    MarkupDrift,
    NotListed,
    RequestRejected,
    UnreadableAnswer,
)
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.http.messages import Expect, Response

from .catalogue import Envelope as _Envelope
from .catalogue import GroupRow, newest_first, parse_categories, parse_groups, parse_products
from .vocabulary import SOURCE, Game, games_of

PARSER: Final = "tcgplayer.tcgcsv/1"
PRICE_FILE_EVERY: Final = timedelta(hours=24)
NEW_GROUP_FOR: Final = timedelta(days=60)
OLD_PRODUCTS_EVERY: Final = timedelta(days=7)
MAX_FAILURES: Final = 5  # broken groups in a row: then the fault is not the group's
MAX_BYTES: Final = 30_000_000
_JSON_404: Final = frozenset({404})


def parse_last_updated(body: bytes, *, fetched_at: datetime) -> datetime:
    """Return when the mirror was refreshed; a clock that is minutes ahead of ours means now.

    Raises:
        UnreadableAnswer: if it is no ISO time with a zone.
        EvidenceMissing: if it lies further in the future.
    """
    try:
        moment = datetime.fromisoformat(body.decode("ascii").strip())
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableAnswer(detail=f"last-updated.txt is no time: {error}.") from error
    if moment > fetched_at + timedelta(minutes=5):
        raise EvidenceMissing(detail=f"last-updated.txt lies in the future: {moment.isoformat()}.")
    return min(moment, fetched_at)


@dataclass(slots=True)
class _Run:
    """What one pass over the groups has come to."""

    memory: FeedMemory
    updated_at: datetime
    total: int
    is_complete: bool = True
    files: int = 0
    missing: list[FetchFailed] = field(default_factory=list)
    failures: list[FetchFailed] = field(default_factory=list)
    failures_in_row: int = 0

    def wants_prices(self, url: str, now: datetime) -> bool:
        """Tell whether a price file may and must be fetched; one that must wait leaves the run incomplete."""
        known = self.memory.downloads.get(url)
        if known is not None and known.fetched_at >= self.updated_at:
            return False
        if self.memory.is_recent(url, now=now, within=PRICE_FILE_EVERY):
            self.is_complete = False
            return False
        return True

    def wants_products(self, url: str, group: GroupRow, now: datetime) -> bool:
        """Tell whether a product file is due: daily for new sets, weekly for the others."""
        published = group.published_on
        is_new = published is None or now.date() - published < NEW_GROUP_FOR
        every = PRICE_FILE_EVERY if is_new else OLD_PRODUCTS_EVERY
        return not self.memory.is_recent(url, now=now, within=every)

    def failed(self, error: FetchFailed) -> None:
        """Note a group that could not be read; raise it when it is one of many."""
        self.failures.append(error)
        self.failures_in_row += 1
        if self.failures_in_row >= MAX_FAILURES:
            raise error


class TcgcsvFeed(BaseScraper):
    """All prices and products of the games we know, one part for each file."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "tcgcsv"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch what changed since the last complete pass.

        The last part of a complete pass has nothing but the download of `last-updated.txt`, so that a pass
        that was cut short is not taken for one. A group that cannot be read does not stop the others; its
        error is raised at the end. A group without files is passed over, unless all of them are.
        """
        games = games_of(tuple(categories or self.configuration.categories))
        base = self.url("tcgcsv")
        stamp = await self.session.get(f"{base}/last-updated.txt", expect=Expect.TEXT)
        finished = _stamp_part(stamp, base, games)
        known = memory.downloads.get(finished.download.url) if finished.download else None
        if known is not None and known.sha256 == stamp.sha256:
            yield finished
            return
        groups = await self._groups(base, games)
        run = _Run(
            memory, parse_last_updated(stamp.body, fetched_at=stamp.fetched_at), total=2 * len(groups) + 1
        )
        for group, game in groups:
            try:
                async for part in self._group_parts(f"{base}/tcgplayer/{game.number}", group, game, run):
                    yield part
                run.failures_in_row = 0
            except NotListed as error:  # a set without products may have no files yet
                run.missing.append(error)
            except (UnreadableAnswer, RequestRejected) as error:
                run.failed(error)
        if run.missing and not run.files:
            raise MarkupDrift(detail=f"No set has files where they were. {run.missing[0].detail}")
        if run.failures:
            raise run.failures[0]
        if run.is_complete:
            yield finished

    async def _groups(self, base: str, games: tuple[Game, ...]) -> list[tuple[GroupRow, Game]]:
        answer = await self.session.get(f"{base}/tcgplayer/categories")
        found: dict[GroupRow, Game] = {}
        for game in parse_categories(answer.body, games=games):
            answer = await self.session.get(f"{base}/tcgplayer/{game.number}/groups", max_bytes=MAX_BYTES)
            found.update(dict.fromkeys(parse_groups(answer.body, game=game), game))
        return newest_first(found)

    async def _group_parts(
        self, base: str, group: GroupRow, game: Game, run: _Run
    ) -> AsyncIterator[BulkPart]:
        prices_url, products_url = (f"{base}/{group.groupId}/{name}" for name in ("prices", "products"))
        name = f"{game.name} {group.abbreviation or group.name}"
        prices = None
        if run.wants_prices(prices_url, self.clock.now()):
            answer = await self._file(prices_url)
            run.files += 1
            prices = _part(answer, prices_url, f"{name} prices", run.total)
            prices.prices = _prices(answer, group, run.updated_at)
            prices.unchanged = prices.prices is None
        if run.wants_products(products_url, group, self.clock.now()):
            finishes = finishes_by_product(prices.prices) if prices and prices.prices else {}
            answer = await self._file(products_url)
            run.files += 1
            products = _part(answer, products_url, f"{name} products", run.total)
            articles = parse_products(answer.body, group=group, game=game, finishes=finishes)
            products.articles = articles or None
            products.unchanged = not articles
            yield products
        if prices is not None:
            yield prices

    async def _file(self, url: str) -> Response:
        """Fetch a file of a group. The API behind the mirror answers 404 in JSON for an empty group."""
        return await self.session.get(url, accept_statuses=_JSON_404, max_bytes=MAX_BYTES)


def _prices(answer: Response, group: GroupRow, updated_at: datetime) -> ParsedPrices | None:
    if answer.status == 404:
        answer.decode(_Envelope)  # anything else is no answer of the API
        return None
    try:
        parsed = parse_group_prices(answer.body, name=group.name, recorded_at=updated_at)
    except PriceFileError as error:
        raise UnreadableAnswer(detail=error.detail) from error
    return parsed if parsed.rows_read or parsed.problems else None


def _part(answer: Response, url: str, name: str, total: int) -> BulkPart:
    return BulkPart(
        name=name,
        url=url,
        fetched_at=answer.fetched_at,
        download=Download(url, answer.fetched_at, answer.sha256),
        total=total,
        parser=PARSER,
        sha256=answer.sha256,
    )


def _stamp_part(stamp: Response, base: str, games: tuple[Game, ...]) -> BulkPart:
    """Return the part that ends a complete pass; passes over different games are remembered apart."""
    url = f"{base}/last-updated.txt"
    key = f"{url}#{'+'.join(game.category for game in games)}"
    return BulkPart(
        name="last updated",
        url=url,
        fetched_at=stamp.fetched_at,
        download=Download(key, stamp.fetched_at, stamp.sha256),
        unchanged=True,
        parser=PARSER,
        sha256=stamp.sha256,
        is_end=True,
    )
