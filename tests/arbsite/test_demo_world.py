"""The demo market as the simulated venues sell it: the catalogue's articles, prices that go on from today."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from arbsite.demo.identifiers import card_ids, sealed_ids
from arbsite.demo.listings import build_market
from arbsite.demo.market import FIRST_EXTERNAL_ID, Size, Trap
from arbsite.demo.mtgjson_file import catalogue
from arbsite.demo.venues import main
from arbsite.demo.walks import walk_prices
from arbsite.demo.world import build_world
from scrapers.simulator.world import Quirk, Venue

TODAY = date(2026, 3, 14)
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def market():
    return build_market(Size.SMALL, 7)


@pytest.fixture(scope="module")
def world(market):
    return build_world(market, today=TODAY)


def test_every_article_is_sold_under_the_ids_of_the_catalogue(market, world):
    assert len(world.articles) == len(market.cards) + len(market.listings)
    sets: Any = catalogue(market, dated=TODAY)["data"]
    for document in sets.values():
        for entry in (*document["cards"], *document["sealedProduct"]):
            article = world.find("mcm", entry["identifiers"]["mcmId"])
            assert article is world.find("tcgplayer", entry["identifiers"]["tcgplayerProductId"])
            assert article.ids["mtgjson"] == entry["uuid"]
            assert article.name == entry["name"]


@pytest.mark.parametrize("size", list(Size))
def test_no_id_is_given_twice_and_none_is_a_real_one(size):
    market = build_market(size, 7)
    ids = [card_ids(card) for card in market.cards]
    ids += [sealed_ids(listing.product) for listing in market.listings]
    for space in ("mcm", "tcgplayer", "ck", "scryfall", "epid", "asin"):
        found = [one[space] for one in ids if space in one]
        assert len(set(found)) == len(found)
    numbers = [int(one[space]) for one in ids for space in ("mcm", "tcgplayer", "ck", "epid") if space in one]
    assert min(numbers) > FIRST_EXTERNAL_ID - 31_000_000 > 900_000_000


def test_cardmarket_goes_on_from_todays_trends(market, world):
    trends = walk_prices(market, first=TODAY, last=TODAY).today[-1]
    for article, trend in zip(world.articles, trends, strict=True):
        price = float(world.price(article, Venue.CARDMARKET, at=NOON))
        assert price == pytest.approx(trend, rel=0.35, abs=0.03)


def test_prices_move_within_minutes(world):
    later = NOON.replace(minute=5)
    moved = [
        article
        for article in world.articles
        if world.price(article, Venue.CARDMARKET, at=NOON) != world.price(article, Venue.CARDMARKET, at=later)
    ]

    assert len(moved) > len(world.articles) // 4


def test_traps_stay_traps(market, world):
    wrong = {listing.trap: listing.product for listing in market.listings if listing.trap}

    parked = world.find("mcm", str(wrong[Trap.PARKED_LOW].external_id))
    assert parked.quirks == {Venue.CARDMARKET: Quirk.PARKED_LOW}


def test_without_a_demo_market_there_is_nothing_to_serve(tmp_path, capsys):
    assert main(["--port", "8900", "--folder", str(tmp_path)]) == 1
    assert "no demo market" in capsys.readouterr().err
