"""YGOPRODeck's route over real HTTP: the version first, all cards once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from scrapers.errors import UnreadableAnswer
from scrapers.feeds import FeedMemory
from scrapers.venues.ygoprodeck import YgoprodeckFeed
from tests.scrapers.venues.feeds import NOW, Shelf, run_feed

SAMPLE = (Path(__file__).parents[2] / "samples" / "ygoprodeck" / "cardinfo.json").read_bytes()
VERSION_PATH, CARDS_PATH = (f"/ygoprodeck/api/v7/{name}.php" for name in ("checkDBVer", "cardinfo"))


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    answers = {VERSION_PATH: b'[{"database_version":"142.07"}]', CARDS_PATH: SAMPLE}
    async with Shelf({**answers}).served() as shelf:
        yield shelf


async def fetch(shelf: Shelf, folder: Path, memory: FeedMemory | None = None, now=NOW):
    return await run_feed(YgoprodeckFeed, shelf, folder, endpoints=("ygoprodeck",), memory=memory, now=now)


async def test_all_cards_come_in_one_request_after_the_version(shelf, tmp_path):
    cards, prices = await fetch(shelf, tmp_path)

    assert shelf.asked == [VERSION_PATH, CARDS_PATH]
    assert (len(cards.articles), len(prices.prices)) == (5, 2)
    assert cards.part.download is None
    assert prices.part.download.etag == "142.07"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("hours", "asked"),
    [(23, []), (25, [VERSION_PATH]), (49, [VERSION_PATH, CARDS_PATH])],
    ids=["within a day", "same version", "same version, but prices move"],
)
async def test_the_same_cards_are_not_fetched_again(hours, asked, shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)
    remembered = next(iter(memory.downloads.values())).fetched_at

    taken = await fetch(shelf, tmp_path, memory, now=remembered + timedelta(hours=hours))

    assert shelf.asked == asked
    assert taken[0].part.unchanged is (CARDS_PATH not in asked)


async def test_a_new_version_is_fetched_after_a_day(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)
    shelf.answers[VERSION_PATH] = b'[{"database_version":"142.08"}]'

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=25))

    assert len(taken) == 2


async def test_an_error_instead_of_cards_is_not_remembered(shelf, tmp_path):
    shelf.answers[CARDS_PATH] = b'{"error":"Rate limited"}'
    memory = FeedMemory()

    with pytest.raises(UnreadableAnswer):
        await fetch(shelf, tmp_path, memory)

    assert not memory.downloads
    assert list(tmp_path.iterdir()) == []
