"""What bulk routes work with: the memory of earlier downloads, and the parts they yield.

A bulk route is asynchronous and never touches the database; whoever runs it loads the memory before, stores
each part, and saves the memory in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from catalog.importers.articles import Article
from pricing.importers import ParsedPrices


@dataclass(frozen=True, slots=True)
class Download:
    """What is known of one address that was downloaded before.

    `fetched_at` is when content last arrived or was confirmed unchanged; `sha256` is the content's digest.
    """

    url: str
    fetched_at: datetime
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(slots=True)
class FeedMemory:
    """Earlier downloads by address. Routes read it and write it; the runner saves it with the data.

    Args:
        downloads: what is known of each address.
        is_patient: whether routes keep their pauses between two downloads. Only the simulator, whose feeds
            come out every few minutes, is asked without.
    """

    downloads: dict[str, Download] = field(default_factory=dict)
    is_patient: bool = True

    def is_recent(self, url: str, *, now: datetime, within: timedelta) -> bool:
        """Tell whether an address was fetched so recently that asking again would be impolite."""
        known = self.downloads.get(url)
        return self.is_patient and known is not None and now - known.fetched_at < within

    def remember(self, download: Download) -> None:
        """Keep what is now known of an address."""
        self.downloads[download.url] = download


@dataclass(slots=True)
class BulkPart:
    """One piece of a bulk feed, small enough to store in one transaction.

    Exactly one of `prices`, `articles`, `catalogue_file` and `unchanged` is set.

    Args:
        name: for progress and messages, such as `magic prices` or `NEO products`.
        url: where it came from.
        fetched_at: when.
        download: what to remember once the part is stored; None for parts without an address of their own.
        file: key of what is remembered of the file the part is of (`Download.url`), where a file has several
            parts: once one of them fails, the file is not remembered and so fetched again. Empty: the part is
            a file by itself.
        is_end: what it remembers stands for the whole pass: it is remembered only if no part failed.
        prices: prices of one source to record; their `source` names it.
        articles: catalogue articles to import or match.
        catalogue_file: a MTGJSON file on this machine to import; the runner removes it afterwards.
        unchanged: nothing new since the last download.
        total: how many parts there will be, if known.
        parser: name and version.
        sha256: digest of the content.
    """

    name: str
    url: str
    fetched_at: datetime
    download: Download | None = None
    prices: ParsedPrices | None = None
    articles: Iterable[Article] | None = None
    catalogue_file: Path | None = None
    unchanged: bool = False
    total: int | None = None
    parser: str = ""
    sha256: str = ""
    file: str = ""
    is_end: bool = False

    @property
    def file_key(self) -> str:
        """What tells whether two parts are of one file."""
        return self.file or (self.download.url if self.download is not None else self.url)
