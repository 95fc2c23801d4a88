"""Scryfall's route: one list of files, one file a day."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

from catalog.choices import Category
from pricing.choices import Route
from scrapers.base import BaseScraper
from scrapers.errors import TargetForbidden
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.venues.packed import discard

from .cards import SOURCES, BulkFile, parse_articles, parse_index, parse_prices

PARSER: Final = "scryfall.bulk/1"
EVERY: Final = timedelta(hours=24)
HEADERS: Final = {"Accept": "application/json;q=0.9,*/*;q=0.8"}
DATA_HOST: Final = "data.scryfall.io"
MAX_DOWNLOAD: Final = 1 << 30


def data_address(uri: str, *, base: str) -> str:
    """Return the address of a file below the configured base.

    Args:
        uri: as the list of files states it.
        base: the configured address of Scryfall's file host.

    Raises:
        TargetForbidden: if it is neither Scryfall's file host nor the configured one.
    """
    if uri.startswith(f"{base}/"):
        return uri
    parts = urlsplit(uri)
    if parts.scheme not in ("https", "http") or parts.netloc not in (DATA_HOST, urlsplit(base).netloc):
        raise TargetForbidden(detail=f"Scryfall's list points to another host: {parts.netloc[:100]!r}.")
    return f"{base}{parts.path}"


class ScryfallFeed(BaseScraper):
    """All printings with their identifiers, then the prices of both sources, once a day."""

    source: ClassVar[str] = "scryfall"
    code: ClassVar[str] = "bulk"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch the file of cards, if there is a newer one than a day ago.

        Yields:
            The printings, to be matched only; then the prices of TCGplayer and of Cardmarket. The last part
            carries what to remember, so that an interrupted run starts over.

        Raises:
            FetchFailed: a subclass.
        """
        index_url = f"{self.url('scryfall')}/bulk-data"
        now = self.clock.now()
        if categories and Category.MTG.value not in categories:
            return
        if memory.is_recent(index_url, now=now, within=EVERY):
            yield BulkPart(name="magic cards", url=index_url, fetched_at=now, unchanged=True, total=1)
            return
        answer = await self.session.get(index_url, headers=HEADERS)
        file = parse_index(answer.body)
        stamp = file.updated_at.astimezone(UTC).isoformat()
        known = memory.downloads.get(index_url)
        if known is not None and known.last_modified == stamp:
            yield BulkPart(
                name="magic cards", url=index_url, fetched_at=answer.fetched_at, unchanged=True, total=1
            )
            return
        path = self.configuration.folder / "scryfall-default-cards"
        try:
            url = data_address(file.uri, base=self.url("scryfall_data"))
            arrived, digest = await self.session.download(url, path, max_bytes=MAX_DOWNLOAD)
            download = Download(
                url=index_url, fetched_at=arrived.fetched_at, sha256=digest, last_modified=stamp
            )
            for part in _parts(path, file, url, arrived.fetched_at, download):
                yield part
        finally:
            discard(path)


def _parts(
    path: Path, file: BulkFile, url: str, fetched_at: datetime, download: Download
) -> Iterator[BulkPart]:
    """Yield the parts of a downloaded file; each reads it again, so that none of it stays in memory."""
    counts: Counter[str] = Counter()
    total = 1 + len(SOURCES)
    yield BulkPart(
        name="magic cards", url=url, fetched_at=fetched_at, articles=parse_articles(path, counts),
        total=total, parser=PARSER, sha256=download.sha256, file=download.url,
    )  # fmt: skip
    for source in SOURCES:
        prices = parse_prices(path, source=source, observed_at=file.updated_at, rows_read=counts["rows"])
        is_last = source == SOURCES[-1]
        yield BulkPart(
            name=f"magic prices of {source.removeprefix('scryfall_')}", url=url, fetched_at=fetched_at,
            prices=prices, download=download if is_last else None, total=total, parser=PARSER,
            sha256=download.sha256, file=download.url,
        )  # fmt: skip
