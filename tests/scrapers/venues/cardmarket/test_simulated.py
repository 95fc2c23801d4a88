from pathlib import Path

from scrapers.feeds import FeedMemory
from scrapers.simulator.market import Market
from scrapers.simulator.world import Venue
from scrapers.venues.cardmarket.api import CardmarketApi
from scrapers.venues.cardmarket.guide import CardmarketGuide
from tests.scrapers.venues.simulated import NOW, box_of, card_of, simulated


def api(session, configuration, clock):
    return CardmarketApi(session, configuration, clock=clock)


def guide(session, configuration, clock):
    return CardmarketGuide(session, configuration, clock=clock)


async def test_the_downloads_name_and_price_the_whole_market(tmp_path: Path):
    memory = FeedMemory()
    async with simulated(guide, tmp_path) as (route, world):
        parts = [part async for part in route.fetch_bulk(memory)]
        for part in parts:
            if part.download:
                memory.remember(part.download)
        memory.is_patient = False
        again = [part.unchanged async for part in route.fetch_bulk(memory)]

    listed = {article.ids["mcm"] for article in world.listed(Venue.CARDMARKET)}
    named = {a.identifiers[0].external_id for part in parts for a in part.articles or ()}
    priced = {seen.external_id for part in parts if part.prices for seen in part.prices}
    assert named == listed
    assert priced <= listed
    assert len(priced) > 0.9 * len(listed)
    assert again == [True] * 9


async def test_the_api_accepts_our_signatures_and_states_the_markets_figures():
    async with simulated(api) as (route, world):
        card, box = card_of(world), box_of(world)
        of_card = await route.scrape_product_price(card.ids["mcm"])
        of_box = await route.scrape_product_price(box.ids["mcm"])
        hits = await route.search_products(box.name)

    figures = Market(world, card, Venue.CARDMARKET, at=NOW).statistics()
    stated = {quote.price_type: quote.amount for quote in of_card.quotes if quote.finish == "nonfoil"}
    assert stated["trend"] == figures.trend
    assert {quote.condition for quote in of_box.quotes if quote.price_type == "low"} == {"unopened"}
    assert box.ids["mcm"] in {hit.external_id for hit in hits}
