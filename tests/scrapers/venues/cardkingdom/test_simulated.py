from pathlib import Path

from scrapers.feeds import FeedMemory
from scrapers.simulator.world import Venue
from scrapers.venues.cardkingdom import CardKingdomPriceList
from tests.scrapers.venues.simulated import simulated


def price_list(session, configuration, clock):
    return CardKingdomPriceList(session, configuration, clock=clock)


async def test_the_lists_name_every_article_and_no_price_lacks_its_copies(tmp_path: Path):
    async with simulated(price_list, tmp_path) as (route, world):
        parts = [part async for part in route.fetch_bulk(FeedMemory())]

    listed = {
        number
        for article in world.listed(Venue.CARDKINGDOM)
        for name, number in article.ids.items()
        if name in ("ck", "ck_foil")
    }
    named = {
        row.external_id
        for part in parts
        for article in part.articles or ()
        for row in article.identifiers
        if row.source == "ck"
    }
    seen = [price for part in parts if part.prices for price in part.prices]
    assert named == listed
    assert {price.price_type for price in seen} == {"retail", "buylist"}
    assert all(price.available_quantity for price in seen)
