"""MTGJSON's route: the catalogue file, then the price file, each only when its digest is new."""

import re
from collections.abc import AsyncIterator, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from catalog.choices import Category
from pricing.choices import Route
from scrapers.base import BaseScraper
from scrapers.errors import NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.http import Expect
from scrapers.venues.packed import discard

from .prices import SOURCES, parse_prices

PARSER: Final = "mtgjson.prices/1"
CATALOGUE_FILE: Final = "AllPrintings.json.xz"
PRICES_FILE: Final = "AllPricesToday.json.xz"
MAX_DOWNLOAD: Final = 1 << 30
_MAX_DIGEST_BYTES: Final = 1_000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}(?![0-9a-f])")


class MtgjsonFeed(BaseScraper):
    """The whole catalogue as a file, and today's prices of three shops.

    Beside each file lies its SHA-256 (`….sha256`): it is asked for first, nothing is downloaded while it is
    the one of last time, and a download that does not have it is refused. Where there is none, the file is
    asked for conditionally.
    """

    source: ClassVar[str] = "mtgjson"
    code: ClassVar[str] = "bulk"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch what is new: the catalogue, which prices need, then the prices of each shop.

        Yields:
            A catalogue file, which whoever stores it removes; then a part of prices per shop, the last of
            which carries what to remember. An unchanged file is one part that says so.

        Raises:
            FetchFailed: a subclass.
        """
        if categories and Category.MTG.value not in categories:
            return
        catalogue = self.configuration.folder / "mtgjson-catalogue"
        download = await self._fetch(CATALOGUE_FILE, catalogue, memory)
        if download is None:
            yield self._unchanged(CATALOGUE_FILE, "magic catalogue")
        else:
            yield BulkPart(
                name="magic catalogue", url=download.url, fetched_at=download.fetched_at, download=download,
                catalogue_file=catalogue, total=1 + len(SOURCES), sha256=download.sha256,
            )  # fmt: skip
        prices = self.configuration.folder / "mtgjson-prices"
        try:
            download = await self._fetch(PRICES_FILE, prices, memory)
            if download is None:
                yield self._unchanged(PRICES_FILE, "magic prices")
                return
            for part in _price_parts(prices, download):
                yield part
        finally:
            discard(prices)

    async def _fetch(self, name: str, path: Path, memory: FeedMemory) -> Download | None:
        """Download a file; None if it is the one of last time.

        Raises:
            UnreadableAnswer: if the file is not the one the digest beside it is of.
            FetchFailed: another reason.
        """
        url = self._address(name)
        known = memory.downloads.get(url)
        stated = await self._stated_digest(url)
        if stated and known is not None and known.sha256 == stated:
            return None
        answer, digest = await self.session.download(
            url, path, conditional=None if stated else known, max_bytes=MAX_DOWNLOAD
        )
        if answer.is_unchanged:
            return None
        if stated and digest != stated:
            discard(path)
            raise UnreadableAnswer(detail=f"{name} does not have the SHA-256 that is stated beside it.")
        if known is not None and known.sha256 == digest:
            discard(path)
            return None
        return Download(
            url=url,
            fetched_at=answer.fetched_at,
            sha256=digest,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
        )

    async def _stated_digest(self, url: str) -> str:
        """Return the digest stated beside a file, "" if there is none."""
        try:
            answer = await self.session.get(f"{url}.sha256", expect=Expect.FILE, max_bytes=_MAX_DIGEST_BYTES)
        except (NotListed, UnreadableAnswer):
            return ""
        found = _DIGEST.match(answer.text.strip().lower())
        return found.group() if found else ""

    def _address(self, name: str) -> str:
        return f"{self.url('mtgjson')}/api/v5/{name}"

    def _unchanged(self, file_name: str, name: str) -> BulkPart:
        now: datetime = self.clock.now()
        return BulkPart(name=name, url=self._address(file_name), fetched_at=now, unchanged=True)


def _price_parts(path: Path, download: Download) -> Iterator[BulkPart]:
    for source in SOURCES:
        yield BulkPart(
            name=f"magic prices of {source.removeprefix('mtgjson_')}",
            url=download.url,
            fetched_at=download.fetched_at,
            prices=parse_prices(path, source=source),
            download=download if source == SOURCES[-1] else None,
            total=1 + len(SOURCES),
            parser=PARSER,
            sha256=download.sha256,
            file=download.url,
        )
