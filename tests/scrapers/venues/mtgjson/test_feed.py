"""MTGJSON's route over real HTTP: digests first, nothing twice, nothing that is not what it says."""

import hashlib
import lzma
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from scrapers.errors import NotListed, UnreadableAnswer
from scrapers.feeds import FeedMemory
from scrapers.venues.mtgjson import SOURCES, MtgjsonFeed
from tests.scrapers.venues.feeds import Shelf, run_feed

SAMPLE = (Path(__file__).parents[2] / "samples" / "mtgjson" / "AllPricesToday.json").read_bytes()
CATALOGUE = lzma.compress(b'{"meta":{},"data":{}}')
PRICES = lzma.compress(SAMPLE)
FOLDER = "/mtgjson/api/v5"
CATALOGUE_PATH, PRICES_PATH = f"{FOLDER}/AllPrintings.json.xz", f"{FOLDER}/AllPricesToday.json.xz"


def stated(content: bytes, name: str = "") -> bytes:
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    answers: dict[str, bytes | web.Response] = {
        CATALOGUE_PATH: CATALOGUE,
        f"{CATALOGUE_PATH}.sha256": stated(CATALOGUE, "AllPrintings.json.xz"),
        PRICES_PATH: PRICES,
        f"{PRICES_PATH}.sha256": stated(PRICES),
    }
    async with Shelf(answers).served() as shelf:
        yield shelf


async def fetch(shelf: Shelf, folder: Path, memory: FeedMemory | None = None):
    return await run_feed(MtgjsonFeed, shelf, folder, endpoints=("mtgjson",), memory=memory)


async def test_the_catalogue_comes_first_then_the_prices_of_each_shop(shelf, tmp_path):
    taken = await fetch(shelf, tmp_path)

    catalogue, *prices = (row.part for row in taken)
    assert catalogue.catalogue_file.read_bytes() == CATALOGUE
    assert catalogue.download.sha256 == hashlib.sha256(CATALOGUE).hexdigest()
    assert tuple(part.prices.source for part in prices) == SOURCES
    assert [len(row.prices) for row in taken[1:]] == [2, 2, 3]
    assert [part.download is None for part in prices] == [True, True, False]
    assert not (tmp_path / "mtgjson-prices").exists()


async def test_while_the_digests_are_the_same_nothing_is_downloaded(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory)

    assert [row.part.unchanged for row in taken] == [True, True]
    assert shelf.asked == [f"{CATALOGUE_PATH}.sha256", f"{PRICES_PATH}.sha256"]


async def test_without_digests_files_are_asked_for_conditionally(shelf, tmp_path):
    for path in (CATALOGUE_PATH, PRICES_PATH):
        del shelf.answers[f"{path}.sha256"]
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory)

    assert [row.part.unchanged for row in taken] == [True, True]
    assert [headers.get("If-None-Match") for headers in shelf.headers[-3:]] == ['"v1"', None, '"v1"']


async def test_a_file_without_its_digest_is_refused_and_not_kept(shelf, tmp_path):
    shelf.answers[f"{CATALOGUE_PATH}.sha256"] = stated(b"another file")

    with pytest.raises(UnreadableAnswer, match="SHA-256"):
        await fetch(shelf, tmp_path)

    assert list(tmp_path.iterdir()) == []


async def test_missing_prices_do_not_take_the_catalogue_along(shelf, tmp_path):
    del shelf.answers[PRICES_PATH], shelf.answers[f"{PRICES_PATH}.sha256"]
    memory = FeedMemory()

    with pytest.raises(NotListed):
        await fetch(shelf, tmp_path, memory)

    assert [url.rpartition("/")[2] for url in memory.downloads] == ["AllPrintings.json.xz"]


async def test_other_games_are_not_asked_for(shelf, tmp_path):
    feed = MtgjsonFeed.__new__(MtgjsonFeed)

    assert [part async for part in feed.fetch_bulk(FeedMemory(), categories=("pokemon",))] == []
