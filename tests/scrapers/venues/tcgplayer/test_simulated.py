from scrapers.feeds import FeedMemory
from scrapers.simulator.market import Market
from scrapers.simulator.world import Venue
from scrapers.tokens import TokenCache
from scrapers.venues.tcgplayer.api import TcgplayerApi
from scrapers.venues.tcgplayer.site import TcgplayerSite
from scrapers.venues.tcgplayer.tcgcsv import TcgcsvFeed
from tests.scrapers.venues.simulated import NOW, box_of, card_of, simulated


def api(session, configuration, clock):
    return TcgplayerApi(session, configuration, clock=clock, tokens=TokenCache(clock=clock))


def site(session, configuration, clock):
    return TcgplayerSite(session, configuration, clock=clock)


def feed(session, configuration, clock):
    return TcgcsvFeed(session, configuration, clock=clock)


async def test_the_mirror_brings_every_article_and_price_of_the_market():
    async with simulated(feed) as (route, world):
        parts = [part async for part in route.fetch_bulk(FeedMemory())]

    listed = {article.ids["tcgplayer"] for article in world.listed(Venue.TCGPLAYER)}
    articles = [article for part in parts for article in part.articles or ()]
    priced = {seen.external_id for part in parts if part.prices for seen in part.prices}
    assert {article.identifiers[0].external_id for article in articles} == listed
    assert priced <= listed
    assert len(priced) > 0.9 * len(listed)
    assert {article.name for article in articles if article.product_type == "sealed"} == {
        article.name for article in world.listed(Venue.TCGPLAYER) if article.is_sealed
    }
    assert not any(part.prices.problems for part in parts if part.prices)


async def test_the_api_states_the_markets_figures():
    async with simulated(api) as (route, world):
        card = card_of(world)
        record = await route.scrape_product_price(card.ids["tcgplayer"])
        by_condition = await route.scrape_prices_by_condition(card.ids["tcgplayer"], category=card.category)
        hits = await route.search_products(card.name)

    figures = Market(world, card, Venue.TCGPLAYER, at=NOW).statistics()
    stated = {quote.price_type: quote.amount for quote in record.quotes if quote.finish == "nonfoil"}
    assert (stated["low"], stated["mid"], stated["market"]) == (figures.low, figures.mid, figures.market)
    assert ("near_mint", "foil") in {(quote.condition, quote.finish) for quote in by_condition.quotes}
    assert card.ids["tcgplayer"] in {hit.external_id for hit in hits}


async def test_the_site_shows_a_boxs_offers_and_sales():
    async with simulated(site) as (route, world):
        box = box_of(world)
        record = await route.scrape_product_price(box.ids["tcgplayer"])
        hits = await route.search_products(box.name)

    market = Market(world, box, Venue.TCGPLAYER, at=NOW)
    cheapest = min(market.offers(), key=lambda offer: offer.price)
    low = next(quote for quote in record.quotes if quote.price_type == "low")
    assert (low.amount, low.condition) == (cheapest.price, "unopened")
    assert record.title == box.name
    assert all(sale.units > 0 and sale.reference == "day" for sale in record.sales)
    assert hits[0].external_id == box.ids["tcgplayer"]
