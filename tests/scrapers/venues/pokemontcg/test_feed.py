"""pokemontcg.io's route over real HTTP: page after page, once a day, with a key if there is one."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scrapers.errors import UnreadableAnswer
from scrapers.feeds import FeedMemory
from scrapers.venues.pokemontcg import PokemonTcgFeed
from tests.scrapers.venues.feeds import NOW, Shelf, run_feed


class Pages(Shelf):
    """A database of so many cards, of which it may hide some pages or misstate the total."""

    size = 600
    stated = 600
    hidden: tuple[int, ...] = ()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        number = int(request.query["page"])
        self.asked.append(f"{request.path}?page={number}")
        self.headers.append(dict(request.headers))
        numbers = range((number - 1) * 250, min(number * 250, self.size))
        cards = [] if number in self.hidden else [self._card(n) for n in numbers]
        body = {
            "data": cards,
            "page": number,
            "pageSize": 250,
            "count": len(cards),
            "totalCount": self.stated,
        }
        return web.Response(body=json.dumps(body).encode(), content_type="application/json")

    def _card(self, number: int) -> dict[str, Any]:
        prices = {"updatedAt": "2026/11/20", "prices": {"normal": {"market": 1.5}}}
        return {"id": f"aa-{number}", "name": f"Card {number}", "tcgplayer": prices}


@pytest.fixture
async def shelf() -> AsyncIterator[Pages]:
    shelf = Pages()
    async with shelf.served():
        yield shelf


async def fetch(shelf: Shelf, folder: Path, memory: FeedMemory | None = None, now=NOW, **configuration):
    return await run_feed(
        PokemonTcgFeed, shelf, folder, endpoints=("pokemontcg",), memory=memory, now=now, **configuration
    )


def pages(shelf: Shelf) -> list[str]:
    return [path.rpartition("=")[2] for path in shelf.asked]


async def test_every_page_gives_cards_and_prices_of_both_markets(shelf, tmp_path):
    taken = await fetch(shelf, tmp_path)

    assert pages(shelf) == ["1", "2", "3"]
    assert sum(len(row.articles) for row in taken) == 600
    assert sum(len(row.prices) for row in taken) == 600
    assert taken[0].part.total == len(taken) + 1


async def test_within_a_day_nothing_is_asked(shelf, tmp_path):
    memory = FeedMemory()
    await fetch(shelf, tmp_path, memory)

    taken = await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=23))

    assert (shelf.asked, [row.part.unchanged for row in taken]) == ([], [True])


async def test_an_interrupted_run_goes_on_where_it_was(shelf, tmp_path):
    shelf.hidden = (2,)
    memory = FeedMemory()
    with pytest.raises(UnreadableAnswer):
        await fetch(shelf, tmp_path, memory)
    shelf.hidden = ()

    await fetch(shelf, tmp_path, memory, now=NOW + timedelta(hours=1))

    assert pages(shelf) == ["2", "3"]


async def test_an_empty_page_before_the_end_is_an_error(shelf, tmp_path):
    shelf.stated = 5_000

    with pytest.raises(UnreadableAnswer, match="Page 4"):
        await fetch(shelf, tmp_path)


async def test_the_key_is_sent_only_if_there_is_one(shelf, tmp_path):
    await fetch(shelf, tmp_path)
    await fetch(shelf, tmp_path, credentials={"POKEMONTCG_API_KEY": "secret"})

    keys = [headers.get("X-Api-Key") for headers in shelf.headers]
    assert keys == [None] * 3 + ["secret"] * 3
