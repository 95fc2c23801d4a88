"""The reference feeds repeat the venues' prices and page as documented."""

import gzip
import json
import lzma
from decimal import Decimal

import pytest

from scrapers.simulator.world import NONFOIL, Venue
from tests.scrapers.simulator.calls import (
    answer,
    first_card,
)


async def test_mtgjson_packs_the_same_catalogue_in_every_form(visitor, simulator):
    bodies = {}
    for packing in ("", ".gz", ".xz"):
        async with visitor.get(f"/mtgjson/api/v5/AllPrintings.json{packing}") as response:
            bodies[packing] = await response.read()
    async with visitor.get("/mtgjson/api/v5/AllPrintings.json.xz.sha256") as response:
        stated = await response.text()

    assert gzip.decompress(bodies[".gz"]) == lzma.decompress(bodies[".xz"]) == bodies[""]
    assert len(stated) == 64
    card = first_card(simulator)
    row = json.loads(bodies[""])["data"][card.set_code]["cards"][0]
    assert row["identifiers"]["tcgplayerProductId"] == card.ids["tcgplayer"]
    assert row["identifiers"]["scryfallId"] == card.ids["scryfall"]


async def test_reference_sources_repeat_the_prices_of_the_venues(visitor, simulator):
    card = first_card(simulator)
    _, today = await answer(visitor.get("/mtgjson/api/v5/AllPricesToday.json"))
    _, index = await answer(visitor.get("/scryfall/bulk-data", headers={"Accept": "application/json"}))
    async with visitor.get(index["data"][0]["jsonl_download_uri"]) as response:
        lines = gzip.decompress(await response.read()).splitlines()

    paper = today["data"][card.ids["mtgjson"]]["paper"]
    scryfall = next(row for row in map(json.loads, lines) if row["id"] == card.ids["scryfall"])
    world = simulator.simulator.world
    at = simulator.simulator.now().replace(hour=9, minute=0)
    assert paper["tcgplayer"]["retail"]["normal"] == {
        "2026-11-21": float(world.price(card, Venue.TCGPLAYER, at=at, finish=NONFOIL))
    }
    at = at.replace(minute=5)
    assert scryfall["prices"]["eur"] == str(world.price(card, Venue.CARDMARKET, at=at))
    assert scryfall["prices"]["tix"] is None


async def test_cardkingdom_says_what_it_pays_and_how_many_it_wants(visitor):
    _, singles = await answer(visitor.get("/cardkingdom/api/v2/pricelist"))
    _, sealed = await answer(visitor.get("/cardkingdom/api/sealed_pricelist"))

    wanted = [row for row in singles["data"] if row["qty_buying"]]
    assert wanted
    assert all(Decimal(row["price_buy"]) < Decimal(row["price_retail"]) for row in singles["data"])
    assert all(Decimal(row["price_buy"]) > 0 for row in wanted)
    assert {row["is_foil"] for row in singles["data"]} == {"true", "false"}
    assert sealed["data"]
    assert all("scryfall_id" not in row for row in sealed["data"])


async def test_pokemon_databases_agree_about_a_card(visitor, simulator):
    card = next(one for one in simulator.simulator.world.articles if "tcgdex" in one.ids)
    _, one = await answer(visitor.get(f"/tcgdex/v2/en/cards/{card.ids['tcgdex']}"))
    _, other = await answer(visitor.get(f"/pokemontcg/v2/cards/{card.ids['tcgdex']}"))
    missing, _ = await answer(visitor.get("/tcgdex/v2/en/cards/none-1"))

    theirs = other["data"]
    assert one["pricing"]["cardmarket"]["trend"] == theirs["cardmarket"]["prices"]["trendPrice"]
    assert (
        one["pricing"]["tcgplayer"]["normal"]["marketPrice"]
        == (theirs["tcgplayer"]["prices"]["normal"]["market"])
    )
    assert (one["pricing"]["cardmarket"]["unit"], one["pricing"]["tcgplayer"]["unit"]) == ("EUR", "USD")
    assert missing == 404


@pytest.mark.parametrize(
    ("path", "page_of"),
    [
        ("/pokemontcg/v2/cards?pageSize=10", "&page={page}"),
        ("/ygoprodeck/api/v7/cardinfo.php?num=10", "&offset={offset}"),
    ],
)
async def test_paged_databases_give_every_card_once(visitor, path, page_of):
    ids = []
    for number in (1, 2, 3):
        address = path + page_of.format(page=number, offset=(number - 1) * 10)
        _, page = await answer(visitor.get(address))
        ids += [row["id"] for row in page["data"]]

    assert len(ids) == len(set(ids)) == 28


async def test_ygoprodeck_writes_prices_as_texts_and_400_for_nothing(visitor):
    _, found = await answer(visitor.get("/ygoprodeck/api/v7/cardinfo.php"))
    status, nothing = await answer(visitor.get("/ygoprodeck/api/v7/cardinfo.php?name=nonesuch"))

    card = found["data"][0]
    assert card["card_prices"][0]["coolstuffinc_price"] == "0.00"
    assert Decimal(card["card_sets"][0]["set_price"]) > 0
    assert (status, "error" in nothing) == (400, True)


@pytest.mark.parametrize(
    "path", ["/tcgcsv/tcgplayer/1/5/prices", "/ebay_api/nowhere", "/nowhere", "/__sim__/no"]
)
async def test_what_is_not_there_is_404(visitor, path):
    async with visitor.get(path) as response:
        assert response.status == 404
