"""Fault by route: what goes wrong at a venue becomes the right failure, and never a wrong price."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import stamina

from scrapers.errors import (
    Blocked,
    CredentialsRefused,
    EvidenceMissing,
    FetchFailed,
    MarkupDrift,
    NotListed,
    RateLimited,
    RequestRejected,
    TargetForbidden,
    UnreadableAnswer,
    VenueUnavailable,
)
from scrapers.records import ScrapedPrice
from scrapers.simulator.faults import FaultRule
from scrapers.simulator.world import Venue
from tests.scrapers.simulator.routes import (
    PRODUCT_ROUTES,
    asked_article,
    honest_amounts,
    observed,
    open_route,
    run_feed,
)

API_ROUTES = ("tcgplayer/api", "tcgplayer/site", "ebay/browse", "amazon/creators", "cardmarket/api")
DATA_PATHS = {
    "tcgplayer/api": "/tcgplayer_api/*/pricing/*",
    "tcgplayer/site": "/tcgplayer_search/*",
    "ebay/browse": "/ebay_api/buy/*",
    "amazon/creators": "/amazon_creators/*",
    "amazon/page": "/amazon_site/dp/*",
    "cardmarket/api": "/cardmarket_api/*",
}

# What the call must end in, whatever the route.
REFUSALS = [
    ("429", {"retry_after": 900}, RateLimited),
    ("429_date", {"retry_after": 900}, RateLimited),
    ("429_bare", {}, RateLimited),
    ("418", {}, RateLimited),
    ("500", {}, VenueUnavailable),
    ("502", {}, VenueUnavailable),
    ("503", {}, VenueUnavailable),
    ("403_html", {}, Blocked),
    ("captcha", {}, Blocked),
    ("pardon", {}, Blocked),
    ("redirect_host", {}, (TargetForbidden, RequestRejected)),  # a POST is not redirected at all
    ("reset", {}, VenueUnavailable),
    ("reset_mid_body", {}, (VenueUnavailable, UnreadableAnswer)),
    ("truncated_gzip", {}, (VenueUnavailable, UnreadableAnswer)),
    ("gzip_bomb", {"megabytes": 16}, UnreadableAnswer),
    ("huge_body", {"megabytes": 16}, UnreadableAnswer),
    ("truncated_body", {}, UnreadableAnswer),
    ("empty_body", {}, FetchFailed),
]

# Damage to the content of a JSON answer. All must be refused, or cost no more than the damaged figures.
DAMAGES = [
    ("invalid_json", {}), ("html_for_json", {}), ("json_null", {}), ("json_array", {}), ("bom", {}),
    ("price_nan", {}), ("price_null", {}), ("price_zero", {}), ("price_negative", {}), ("price_missing", {}),
    ("price_text", {}), ("float_ids", {}), ("string_numbers", {}), ("currency_change", {"currency": "GBP"}),
    ("currency_missing", {}), ("wrong_article", {}), ("empty_result", {}), ("results_null", {}),
    ("errors_in_200", {}), ("filter_ignored", {}), ("total_lies", {}), ("stale_as_of", {}),
    ("clock_skew", {}), ("naive_times", {}), ("zero_dates", {}), ("page_shift", {}), ("duplicated_page", {}),
    ("delisted", {}), ("redirect_login", {}), ("consent", {}),
]  # fmt: skip


REFUSED_FEEDS = frozenset(
    {
        "429",
        "503",
        "403_html",
        "captcha",
        "reset",
        "truncated_body",
        "invalid_json",
        "html_for_json",
        "json_null",
    }
)  # fmt: skip
HONEST: dict[str, frozenset[Decimal]] = {}  # source -> what its feed says without faults; the clock is frozen


@pytest.fixture(autouse=True)
def _no_pauses_between_attempts():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def warmed(simulator, simulator_clock, tmp_path) -> Callable[..., Awaitable[ScrapedPrice | None]]:
    """Return a function that asks a route while a fault is in force; it was asked before without."""

    async def ask(name: str, kind: str, data: dict[str, Any], *, path: str = "", **session: Any) -> Any:
        _, identifier = asked_article(simulator, name)
        async with open_route(name, simulator, simulator_clock, folder=tmp_path, **session) as route:
            assert await route.scrape_product_price(identifier) is not None
            rule = FaultRule(route=path or DATA_PATHS[name], kind=kind, data=data)
            simulator.simulator.faults.add(rule, now=simulator.simulator.now())
            return await route.scrape_product_price(identifier)

    return ask


async def outcome(call: Any) -> ScrapedPrice | FetchFailed | None:
    try:
        record: ScrapedPrice | None = await call
    except FetchFailed as error:
        return error
    return record


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
@pytest.mark.parametrize(("kind", "data", "expected"), REFUSALS)
async def test_refusals_and_broken_answers_become_the_right_failure(warmed, name, kind, data, expected):
    with pytest.raises(expected):
        await warmed(name, kind, data)


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
@pytest.mark.parametrize(("kind", "data"), DAMAGES)
async def test_damaged_content_never_becomes_a_wrong_price(simulator, warmed, name, kind, data):
    article, _ = asked_article(simulator, name)
    venue = PRODUCT_ROUTES[name][0]

    found = await outcome(warmed(name, kind, data))

    if isinstance(found, ScrapedPrice):
        assert found.currency == ("EUR" if venue is Venue.CARDMARKET else "USD")
        assert {quote.amount for quote in found.quotes} <= honest_amounts(simulator, article, venue)
        assert kind != "wrong_article" or not found.quotes


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("tcgplayer/site", "errors_in_200", RequestRejected),
        ("ebay/browse", "filter_ignored", RequestRejected),
        ("ebay/browse", "wrong_article", EvidenceMissing),
        ("ebay/browse", "currency_change", EvidenceMissing),
        ("amazon/creators", "currency_change", EvidenceMissing),
        ("amazon/page", "markup_drift", MarkupDrift),
        ("amazon/page", "wrong_article", EvidenceMissing),
        ("amazon/page", "delisted", NotListed),
        ("ebay/browse", "redirect_login", Blocked),
        ("amazon/page", "redirect_login", Blocked),
        ("amazon/creators", "json_null", UnreadableAnswer),
        ("ebay/browse", "wrong_content_type", UnreadableAnswer),
        ("tcgplayer/api", "wrong_content_type", UnreadableAnswer),
        ("tcgplayer/api", "invalid_json", UnreadableAnswer),
        ("cardmarket/api", "json_array", UnreadableAnswer),
    ],
)
async def test_known_damage_has_its_name(warmed, name, kind, expected):
    with pytest.raises(expected):
        await warmed(name, kind, {"currency": "GBP"} if kind == "currency_change" else {})


@pytest.mark.parametrize("name", PRODUCT_ROUTES)
async def test_hanging_venue_costs_no_more_than_the_deadline(warmed, name):
    loop = asyncio.get_running_loop()
    started = loop.time()

    with pytest.raises(VenueUnavailable):
        await warmed(name, "hang", {}, deadline=1.0)

    assert loop.time() - started < 15


@pytest.mark.parametrize("name", ["tcgplayer/api", "ebay/browse", "amazon/creators"])
async def test_revoked_key_is_no_endless_renewal(simulator, simulator_clock, tmp_path, name):
    _, identifier = asked_article(simulator, name)
    endpoint = {"tcgplayer/api": "tcgplayer_api", "ebay/browse": "ebay_api"}.get(name, "amazon_login")
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        await route.scrape_product_price(identifier)
        simulator.simulator.tokens.revoke(endpoint)
        before = len(simulator.simulator.oracle.requests)
        with pytest.raises((CredentialsRefused, RequestRejected)):
            await route.scrape_product_price(identifier)

    assert len(simulator.simulator.oracle.requests) - before <= 4


@pytest.mark.parametrize("name", API_ROUTES)
async def test_venue_that_recovers_is_believed_again(simulator, simulator_clock, tmp_path, name):
    article, identifier = asked_article(simulator, name)
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        rule = FaultRule(route=DATA_PATHS[name], kind="invalid_json", lasts=120)
        simulator.simulator.faults.add(rule, now=simulator.simulator.now())
        with pytest.raises(UnreadableAnswer):
            await route.scrape_product_price(identifier)
        simulator_clock.advance(timedelta(minutes=3))
        record = await route.scrape_product_price(identifier)

    assert record is not None
    honest = honest_amounts(simulator, article, PRODUCT_ROUTES[name][0])
    assert {one.amount for one in record.quotes} <= honest


async def test_one_hiccup_is_retried_and_forgotten(simulator, warmed):
    record = await warmed("ebay/browse", "503", {}, path="/nowhere/*")
    assert record is not None

    rule = FaultRule(route="/ebay_api/buy/*", kind="503", count=1)
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())
    record = await warmed("ebay/browse", "503", {}, path="/nowhere/*")

    assert record is not None


@pytest.mark.parametrize("kind", ["markup_drift", "captcha", "pardon", "403_html", "redirect_login"])
async def test_sold_pages_that_are_none_bring_no_sales(simulator, simulator_clock, tmp_path, kind):
    article, _ = asked_article(simulator, "ebay/browse")
    rule = FaultRule(route="/ebay_site/sch/*", kind=kind)
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())
    async with open_route("ebay/sold", simulator, simulator_clock, folder=tmp_path) as route:
        with pytest.raises(MarkupDrift if kind == "markup_drift" else Blocked):
            await route.scrape_product_price(f"q:{article.name}")


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [
        ("cardmarket/guide", "/cardmarket_downloads/productCatalog/priceGuide/*", "cardmarket"),
        ("cardkingdom/pricelist", "/cardkingdom/*", "cardkingdom"),
        ("scryfall/bulk", "/scryfall_data/*", "scryfall_tcgplayer"),
        ("mtgjson/bulk", "/mtgjson/api/v5/AllPricesToday*", "mtgjson_tcgplayer"),
        ("tcgplayer/tcgcsv", "/tcgcsv/*/prices", "tcgplayer"),
        ("pokemontcg/bulk", "/pokemontcg/*", "pokemontcg_tcgplayer"),
        ("tcgdex/bulk", "/tcgdex/*/cards/*", "tcgdex_tcgplayer"),
        ("ygoprodeck/bulk", "/ygoprodeck/*/cardinfo.php", "ygoprodeck_tcgplayer"),
    ],
)
@pytest.mark.parametrize(
    "kind",
    [
        "429", "503", "403_html", "captcha", "reset", "truncated_body", "invalid_json", "html_for_json",
        "json_null", "json_array", "results_null", "price_null", "price_zero", "price_negative",
        "price_missing", "price_text",
    ],
)  # fmt: skip
async def test_damaged_feed_brings_no_wrong_price(
    simulator, simulator_clock, tmp_path, name, path, source, kind
):
    if source not in HONEST:
        async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
            HONEST[source] = frozenset(observed(await run_feed(route), source).values())
    assert HONEST[source]
    rule = FaultRule(route=path, kind=kind, data={"retry_after": 900} if kind == "429" else {})
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())
    found: set[Any] = set()
    is_refused = False
    async with open_route(name, simulator, simulator_clock, folder=tmp_path) as route:
        try:
            found = {price for price in observed(await run_feed(route), source).values() if price > 0}
        except FetchFailed:
            is_refused = True

    assert found <= HONEST[source]
    if kind in REFUSED_FEEDS:
        assert is_refused or not found
