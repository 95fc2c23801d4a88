"""Large published files of a feed: fetched to disk only when they changed, read into memory, and removed."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pricing.errors import PriceFileError
from pricing.importers.files import read_content
from scrapers.errors import UnreadableAnswer
from scrapers.feeds import Download, FeedMemory

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

MAX_BYTES: Final = 400_000_000


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as it is now: what to remember of it, and its content, None if that is known already."""

    download: Download
    content: bytes | None


async def fetch_published(
    session: "PoliteSession", url: str, *, memory: FeedMemory, folder: Path
) -> PublishedFile:
    """Fetch a file unless the venue, or its digest, says that nothing changed since the last time.

    Raises:
        UnreadableAnswer: if the file is empty, or packed and broken.
        FetchFailed: another reason why there is no file.
    """
    known = memory.downloads.get(url)
    path = folder / f"{url.rpartition('/')[2][:60] or 'file'}.download"
    answer, sha256 = await session.download(url, path, conditional=known, max_bytes=MAX_BYTES)
    try:
        if known is not None and answer.is_unchanged:
            return PublishedFile(replace(known, fetched_at=answer.fetched_at), None)
        headers = answer.headers
        download = Download(
            url, answer.fetched_at, sha256, headers.get("etag", ""), headers.get("last-modified", "")
        )
        if known is not None and known.sha256 == sha256:
            return PublishedFile(download, None)
        return PublishedFile(download, await asyncio.to_thread(read_content, path))
    except PriceFileError as error:
        raise UnreadableAnswer(detail=error.detail) from error
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
