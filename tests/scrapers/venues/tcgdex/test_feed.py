"""TCGdex's route over real HTTP: sets for the catalogue, then some cards, longest unread first."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from scrapers.errors import UnreadableAnswer
from scrapers.feeds import Download, FeedMemory
from scrapers.venues.tcgdex import TcgdexFeed, feed
from tests.scrapers.venues.feeds import NOW, Shelf, run_feed

SAMPLES = Path(__file__).parents[2] / "samples" / "tcgdex"
BASE = "/tcgdex/v2/en"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    answers = {
        f"{BASE}/sets": sample("sets"), f"{BASE}/sets/emd1": sample("set_emd1"),
        f"{BASE}/sets/P-X1": sample("set_pocket"), f"{BASE}/cards/emd1-001": sample("card_emd1-001"),
        f"{BASE}/cards/emd1-002": sample("card_emd1-002"),
    }  # fmt: skip
    async with Shelf({**answers}).served() as shelf:
        yield shelf


async def fetch(shelf: Shelf, folder: Path, memory: FeedMemory | None = None, now=NOW):
    return await run_feed(TcgdexFeed, shelf, folder, endpoints=("tcgdex",), memory=memory, now=now)


def make_sets(shelf: Shelf, sizes: dict[str, int]) -> None:
    """Serve sets of so many cards."""
    shelf.answers[f"{BASE}/sets"] = json.dumps(
        [{"id": name, "name": name, "cardCount": {"total": size}} for name, size in sizes.items()]
    ).encode()
    for name, size in sizes.items():
        cards = [{"id": f"{name}-{n}", "localId": str(n), "name": f"Card {n}"} for n in range(size)]
        shelf.answers[f"{BASE}/sets/{name}"] = json.dumps({"id": name, "name": name, "cards": cards}).encode()
        for card in cards:
            shelf.answers[f"{BASE}/cards/{card['id']}"] = json.dumps(card).encode()


def cards_asked(shelf: Shelf) -> list[str]:
    return [path.rpartition("/")[2] for path in shelf.asked if "/cards/" in path]


async def test_sets_come_first_then_the_cards_with_both_markets(shelf, tmp_path):
    taken = await fetch(shelf, tmp_path)

    articles = [row for row in taken if row.part.articles is not None]
    prices = {row.part.prices.source: row.prices for row in taken if row.part.prices is not None}
    assert [len(row.articles) for row in articles] == [3, 0, 2]
    assert [article.name for article in articles[2].articles] == ["Pyrolisk", "Cinder Owl ex"]
    assert {source: len(rows) for source, rows in prices.items()} == {
        "tcgdex_tcgplayer": 8, "tcgdex_cardmarket": 13,
    }  # fmt: skip
    assert cards_asked(shelf) == ["emd1-001", "emd1-002", "emd1-%3F"]


async def test_a_card_that_is_gone_is_counted_and_stops_nothing(shelf, tmp_path):
    taken = await fetch(shelf, tmp_path)

    parsed = [row.part.prices for row in taken if row.part.prices is not None]
    assert [prices.skipped["unreadable_row"] for prices in parsed] == [1, 0]


async def test_within_a_day_only_the_list_is_asked_for(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=20))

    assert shelf.asked == [f"{BASE}/sets"]
    assert [row.part.unchanged for row in taken] == [True]


async def test_a_day_later_cards_are_read_again_and_sets_are_not_imported(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=25))

    assert len(cards_asked(shelf)) == 3
    assert not any(row.part.name.startswith("pokemon set Ember") for row in taken)


async def test_a_run_reads_a_bounded_number_of_cards_and_the_next_one_goes_on(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "CARDS_A_RUN", 50)
    make_sets(shelf, {"aa": 60, "bb": 10})
    memory = FeedMemory()

    await fetch(shelf, tmp_path, memory)
    first = cards_asked(shelf)
    await fetch(shelf, tmp_path, memory, now=NOW + timedelta(minutes=5))
    same_run = cards_asked(shelf)
    await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=4))
    second = cards_asked(shelf)

    assert first == [f"aa-{n}" for n in range(50)]
    assert same_run == []
    assert second == [*(f"aa-{n}" for n in range(50, 60)), *(f"bb-{n}" for n in range(10))]


async def test_the_cards_that_were_not_read_for_longest_come_first(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "CARDS_A_RUN", 25)
    make_sets(shelf, {"aa": 25, "bb": 25})
    memory = FeedMemory()
    for name, days in (("aa", 2), ("bb", 3)):
        at = NOW - timedelta(days=days)
        memory.remember(Download(url=f"{shelf.base}{BASE}/sets/{name}#cards-0", fetched_at=at))

    await fetch(shelf, tmp_path, memory)

    assert {card.partition("-")[0] for card in cards_asked(shelf)} == {"bb"}


async def test_a_set_with_fewer_cards_than_promised_does_not_stay_first_forever(shelf, tmp_path):
    make_sets(shelf, {"aa": 25})
    shelf.answers[f"{BASE}/sets"] = b'[{"id":"aa","name":"aa","cardCount":{"total":60}}]'
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=4))

    assert shelf.asked == [f"{BASE}/sets"]


async def test_cards_none_of_which_can_be_read_are_an_error(shelf, tmp_path):
    for name in ("001", "002"):
        del shelf.answers[f"{BASE}/cards/emd1-{name}"]
    memory = FeedMemory()

    with pytest.raises(UnreadableAnswer):
        await fetch(shelf, tmp_path, memory)

    assert not any("#cards" in url for url in memory.downloads)
