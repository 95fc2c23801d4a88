"""Every route of the registry brings the simulator's prices over real HTTP, politely."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scrapers.feeds import FeedMemory
from scrapers.registry import SOURCES
from scrapers.simulator.market import Market
from scrapers.simulator.world import FOIL, Venue
from tests.scrapers.simulator.routes import (
    PRODUCT_ROUTES,
    asked_article,
    honest_amounts,
    observed,
    open_route,
    run_feed,
)

FEEDS = (
    "tcgplayer/tcgcsv", "cardmarket/guide", "cardkingdom/pricelist", "mtgjson/bulk", "scryfall/bulk",
    "tcgdex/bulk", "pokemontcg/bulk", "ygoprodeck/bulk",
)  # fmt: skip


def test_every_route_of_the_registry_is_tried_here():
    every = {f"{source.code}/{route.code}" for source in SOURCES for route in source.routes}

    assert every == {*PRODUCT_ROUTES, *FEEDS, "ebay/sold"}


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
async def test_product_route_brings_honest_prices(simulator, simulator_clock, tmp_path, name):
    venue = PRODUCT_ROUTES[name][0]
    article, identifier = asked_article(simulator, name)

    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        record = await route.scrape_product_price(identifier)

    assert record is not None
    assert record.external_id == identifier
    assert record.currency == ("EUR" if venue is Venue.CARDMARKET else "USD")
    amounts = {quote.amount for quote in record.quotes}
    assert amounts
    assert amounts <= honest_amounts(simulator, article, venue)
    market = Market(simulator.simulator.world, article, venue, at=simulator.simulator.now())
    cheapest = min(market.offers(), key=lambda offer: offer.price + offer.shipping)  # eBay sorts with postage
    assert (cheapest if venue is Venue.EBAY else market.offer(0)).price in amounts
    simulator.simulator.oracle.assert_polite()


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
async def test_product_route_follows_the_price_as_time_passes(simulator, simulator_clock, tmp_path, name):
    article, identifier = asked_article(simulator, name)
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        before = await route.scrape_product_price(identifier)
        simulator_clock.advance(timedelta(hours=5))
        after = await route.scrape_product_price(identifier)

    assert before is not None
    assert after is not None
    assert {one.amount for one in before.quotes} != {one.amount for one in after.quotes}
    assert {one.amount for one in after.quotes} <= honest_amounts(simulator, article, PRODUCT_ROUTES[name][0])


@pytest.mark.parametrize("name", ["tcgplayer/api", "ebay/browse", "amazon/creators"])
async def test_expired_token_is_renewed_once(simulator, simulator_clock, tmp_path, name):
    _, identifier = asked_article(simulator, name)
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        await route.scrape_product_price(identifier)
        for endpoint in ("tcgplayer_api", "ebay_api", "amazon_login"):
            simulator.simulator.tokens.expire(endpoint)
        record = await route.scrape_product_price(identifier)

    assert record is not None
    logins = [one for one in simulator.simulator.oracle.requests if one.path.endswith("/token")]
    assert len(logins) == 2


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
async def test_search_finds_the_article_by_its_name(simulator, simulator_clock, tmp_path, name):
    article, _ = asked_article(simulator, name)
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        hits = await route.search_products(article.name)

    assert any(article.ids[PRODUCT_ROUTES[name][1]] in hit.external_id for hit in hits)


async def test_sold_pages_bring_the_sales_of_the_venue(simulator, simulator_clock, tmp_path):
    article, _ = asked_article(simulator, "ebay/browse")
    async with open_route("ebay/sold", simulator, simulator_clock, folder=tmp_path) as route:
        record = await route.scrape_product_price(f"q:{article.name}")

    since = (simulator.simulator.now() - timedelta(days=90)).date()
    market = Market(simulator.simulator.world, article, Venue.EBAY, at=simulator.simulator.now())
    honest = {sale.number: sale for sale in market.sales(since=since)}
    assert record is not None
    assert len(record.sales) > 5
    for sale in record.sales:
        number = int("".join(letter for letter in sale.reference if letter.isdigit()))
        assert sale.sold_on == honest[number].sold_at.date()
        assert sale.unit_price in (None, honest[number].price)
        assert number % 9 != 0, "an article that ended unsold was counted as sold"
        if honest[number].has_hidden_price or number % 13 == 0:
            assert sale.unit_price is None
    simulator.simulator.oracle.assert_polite()


async def test_tcgcsv_brings_every_price_of_every_set(simulator, simulator_clock, tmp_path):
    async with open_route("tcgplayer/tcgcsv", simulator, simulator_clock, folder=tmp_path) as route:
        parts = await run_feed(route)

    found = observed(parts, "tcgplayer")
    published = simulator.simulator.now().replace(hour=20, minute=5) - timedelta(days=1)
    for article in simulator.simulator.world.listed(Venue.TCGPLAYER):
        market = Market(simulator.simulator.world, article, Venue.TCGPLAYER, at=published)
        number = article.ids["tcgplayer"]
        lows = {price for (key, kind, _), price in found.items() if (key, kind) == (number, "low")}
        assert market.statistics().low in lows, article.key
    products = {one.identifiers[0].external_id for part in parts for one in part.articles or ()}
    assert len(products) == 102
    simulator.simulator.oracle.assert_polite()


async def test_tcgcsv_asks_for_nothing_twice_a_day(simulator, simulator_clock, tmp_path):
    memory = FeedMemory()
    async with open_route("tcgplayer/tcgcsv", simulator, simulator_clock, folder=tmp_path) as route:
        await run_feed(route, memory)
        asked = len(simulator.simulator.oracle.requests)
        parts = await run_feed(route, memory)

    assert all(part.unchanged for part in parts)
    again = [one.path for one in list(simulator.simulator.oracle.requests)[asked:]]
    assert not any(path.endswith("/prices") for path in again)


async def test_cardmarket_guide_brings_trends_of_all_games(simulator, simulator_clock, tmp_path):
    async with open_route("cardmarket/guide", simulator, simulator_clock, folder=tmp_path) as route:
        parts = await run_feed(route)

    found = observed(parts, "cardmarket")
    published = simulator.simulator.now().replace(hour=1, minute=44, second=33)
    world = simulator.simulator.world
    for article in world.listed(Venue.CARDMARKET):
        trends = {
            price for (key, kind, _), price in found.items() if (key, kind) == (article.ids["mcm"], "trend")
        }
        assert world.price(article, Venue.CARDMARKET, at=published) in trends, article.key
        if FOIL in article.finishes:
            assert world.price(article, Venue.CARDMARKET, at=published, finish=FOIL) in trends, article.key


async def test_cardmarket_guide_is_unchanged_within_its_day(simulator, simulator_clock, tmp_path):
    memory = FeedMemory()
    async with open_route("cardmarket/guide", simulator, simulator_clock, folder=tmp_path) as route:
        await run_feed(route, memory)
        simulator_clock.advance(timedelta(hours=5))
        parts = await run_feed(route, memory)

    assert parts
    assert all(part.unchanged for part in parts)


async def test_cardkingdom_brings_what_it_charges_and_pays(simulator, simulator_clock, tmp_path):
    async with open_route("cardkingdom/pricelist", simulator, simulator_clock, folder=tmp_path) as route:
        parts = await run_feed(route)

    found = observed(parts, "cardkingdom")
    published = simulator.simulator.now().replace(hour=19, minute=7, second=23) - timedelta(days=1)
    world = simulator.simulator.world
    by_id = {one.ids["ck"]: one for one in world.articles if "ck" in one.ids}
    retail = {key: price for (key, kind, _), price in found.items() if kind == "retail" and key in by_id}
    buys = {key: price for (key, kind, _), price in found.items() if kind == "buylist" and key in by_id}
    assert len(retail) > 20
    assert len(buys) > 10
    for key, price in retail.items():
        assert price == world.price(by_id[key], Venue.CARDKINGDOM, at=published)
    assert all(
        price < world.price(by_id[key], Venue.CARDKINGDOM, at=published) for key, price in buys.items()
    )


@pytest.mark.parametrize(
    ("name", "source", "venue", "id_source", "published"),
    [
        ("mtgjson/bulk", "mtgjson_tcgplayer", Venue.TCGPLAYER, "mtgjson", (0, 9, 0)),
        ("mtgjson/bulk", "mtgjson_cardmarket", Venue.CARDMARKET, "mtgjson", (0, 9, 0)),
        ("mtgjson/bulk", "mtgjson_cardkingdom", Venue.CARDKINGDOM, "mtgjson", (0, 9, 0)),
        ("scryfall/bulk", "scryfall_tcgplayer", Venue.TCGPLAYER, "scryfall", (0, 9, 5)),
        ("scryfall/bulk", "scryfall_cardmarket", Venue.CARDMARKET, "scryfall", (0, 9, 5)),
        ("tcgdex/bulk", "tcgdex_tcgplayer", Venue.TCGPLAYER, "tcgdex", (0, 6, 0)),
        ("tcgdex/bulk", "tcgdex_cardmarket", Venue.CARDMARKET, "tcgdex", (0, 6, 0)),
        ("pokemontcg/bulk", "pokemontcg_tcgplayer", Venue.TCGPLAYER, "tcgdex", (0, 6, 0)),
        ("pokemontcg/bulk", "pokemontcg_cardmarket", Venue.CARDMARKET, "tcgdex", (0, 6, 0)),
    ],
)  # fmt: skip
async def test_reference_feed_repeats_the_venues_prices(
    simulator, simulator_clock, tmp_path, name, source, venue, id_source, published
):
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        parts = await run_feed(route)

    found = observed(parts, source)
    days, hour, minute = published
    at = simulator.simulator.now().replace(hour=hour, minute=minute) - timedelta(days=days)
    if at > simulator.simulator.now():
        at -= timedelta(days=1)
    world = simulator.simulator.world
    articles = [one for one in world.listed(venue) if id_source in one.ids and not one.is_sealed]
    assert articles
    for article in articles:
        prices = {price for (key, _, _), price in found.items() if key == article.ids[id_source]}
        assert world.price(article, venue, at=at, finish=article.finishes[0]) in prices, article.key
    simulator.simulator.oracle.assert_polite()


async def test_ygoprodeck_brings_a_price_for_each_printing(simulator, simulator_clock, tmp_path):
    async with open_route("ygoprodeck/bulk", simulator, simulator_clock, folder=tmp_path) as route:
        parts = await run_feed(route)

    midnight = simulator.simulator.now().replace(hour=0, minute=0)
    world = simulator.simulator.world
    prices = set(observed(parts, "ygoprodeck_tcgplayer").values())
    expected = {
        world.price(one, Venue.TCGPLAYER, at=midnight, finish=one.finishes[0])
        for one in world.articles
        if "ygoprodeck" in one.ids
    }
    assert prices == expected
    assert all(isinstance(price, Decimal) for price in prices)
