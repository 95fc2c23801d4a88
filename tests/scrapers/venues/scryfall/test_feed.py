"""Scryfall's route over real HTTP: one list, one file a day, from no other host."""

import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from scrapers.errors import TargetForbidden, UnreadableAnswer
from scrapers.feeds import FeedMemory
from scrapers.venues.scryfall import ScryfallFeed
from scrapers.venues.scryfall.feed import data_address
from tests.scrapers.venues.feeds import NOW, Shelf, run_feed

SAMPLES = Path(__file__).parents[2] / "samples" / "scryfall"
INDEX = (SAMPLES / "bulk_data.json").read_bytes()
CARDS = gzip.compress((SAMPLES / "default_cards.jsonl").read_bytes())
CARDS_PATH = "/scryfall_data/default-cards/default-cards-20261120220745.jsonl.gz"
ENDPOINTS = ("scryfall", "scryfall_data")


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with Shelf({"/scryfall/bulk-data": INDEX, CARDS_PATH: CARDS}).served() as shelf:
        yield shelf


async def fetch(shelf: Shelf, folder: Path, memory: FeedMemory | None = None, now=NOW):
    return await run_feed(ScryfallFeed, shelf, folder, endpoints=ENDPOINTS, memory=memory, now=now)


async def test_the_file_the_list_names_gives_printings_and_both_markets(shelf, tmp_path):
    printings, tcgplayer, cardmarket = await fetch(shelf, tmp_path)

    assert shelf.asked == ["/scryfall/bulk-data", CARDS_PATH]
    assert printings.articles[0].name == "Tidewarden of Ys"
    assert not any(article.is_complete for article in printings.articles)
    assert (tcgplayer.part.prices.source, len(tcgplayer.prices)) == ("scryfall_tcgplayer", 5)
    assert (cardmarket.part.prices.source, len(cardmarket.prices)) == ("scryfall_cardmarket", 2)
    assert tcgplayer.part.prices.rows_read == 5
    assert cardmarket.part.download is not None
    assert tcgplayer.part.download is None
    assert list(tmp_path.iterdir()) == []


async def test_every_request_says_who_asks_and_what_for(shelf, tmp_path):
    await fetch(shelf, tmp_path)

    assert all(headers["User-Agent"].startswith("ArbsiteTest") for headers in shelf.headers)
    assert all(headers["Accept"] for headers in shelf.headers)


async def test_within_a_day_nothing_is_asked(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=23))

    assert [row.part.unchanged for row in taken] == [True]
    assert shelf.asked == []


async def test_a_day_later_the_same_file_is_not_downloaded_again(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=25))

    assert [row.part.unchanged for row in taken] == [True]
    assert shelf.asked == ["/scryfall/bulk-data"]


async def test_a_newer_file_is_fetched(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)
    shelf.answers["/scryfall/bulk-data"] = INDEX.replace(b"2026-11-20T22:07", b"2026-11-21T22:07")

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=25))

    assert len(taken) == 3


async def test_a_list_that_points_elsewhere_is_not_followed(shelf, tmp_path):
    shelf.answers["/scryfall/bulk-data"] = INDEX.replace(b"data.scryfall.io", b"cards.example.net")

    with pytest.raises(TargetForbidden):
        await fetch(shelf, tmp_path)

    assert shelf.asked == ["/scryfall/bulk-data"]


async def test_a_truncated_file_is_not_remembered(shelf, tmp_path):
    shelf.answers[CARDS_PATH] = CARDS[:-30]
    memory = FeedMemory()

    with pytest.raises(UnreadableAnswer):
        await fetch(shelf, tmp_path, memory)

    assert not memory.downloads
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("uri", "base", "expected"),
    [
        ("https://data.scryfall.io/d/x.gz", "https://data.scryfall.io", "https://data.scryfall.io/d/x.gz"),
        ("https://data.scryfall.io/d/x.gz", "http://127.0.0.1:9/s", "http://127.0.0.1:9/s/d/x.gz"),
        ("http://127.0.0.1:9/s/d/x.gz", "http://127.0.0.1:9/s", "http://127.0.0.1:9/s/d/x.gz"),
    ],
)
def test_addresses_are_put_below_the_configured_base(uri, base, expected):
    assert data_address(uri, base=base) == expected


@pytest.mark.parametrize(
    "uri", ["https://data.scryfall.io.example.net/x", "file:///etc/passwd", "//data.scryfall.io/x", "x", ""]
)
def test_other_addresses_are_refused(uri):
    with pytest.raises(TargetForbidden):
        data_address(uri, base="https://data.scryfall.io")
