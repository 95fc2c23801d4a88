from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.errors import CredentialsRefused, NotListed, RateLimited, RequestRejected, SourceNotReady
from scrapers.tokens import TokenCache
from scrapers.venues.ebay.browse import EbayBrowse, offer_filter, paging
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, read

EPID = "epid:5055123456"
NO_SESSION: Any = None  # what is refused on construction asks nobody


class FakeEbay:
    """Answers as the API does and remembers what it was asked."""

    def __init__(self):
        self.calls, self.tokens, self.refuse_first, self.answers = [], 0, False, {}

    async def __call__(self, request):
        if request.path == "/identity/v1/oauth2/token":
            form = await request.post()
            self.calls.append(("token", request.headers["Authorization"], dict(form)))
            self.tokens += 1
            return self._answer("token", f'{{"access_token": "t{self.tokens}", "expires_in": 7200}}')
        self.calls.append((request.path, dict(request.query), dict(request.headers)))
        if self.refuse_first and request.headers["Authorization"] == "Bearer t1":
            return web.Response(status=401, text=read_error(1001), content_type="application/json")
        name = "item" if "legacy" in request.path else "search"
        return self._answer(name, read("item.json" if name == "item" else "search_epid.json").decode())

    def _answer(self, name, text):
        status, text = self.answers.get(name, (200, text))
        headers = {"Retry-After": "3600"} if status == 429 else {}
        return web.Response(status=status, text=text, content_type="application/json", headers=headers)

    def of(self, path):
        return [call for call in self.calls if path in call[0]]


def read_error(number):
    return f'{{"errors": [{{"errorId": {number}, "domain": "X", "message": "Said no."}}]}}'


@pytest.fixture
def ebay():
    return FakeEbay()


@pytest.fixture
async def scraper(ebay):
    async with venue(ebay) as base, quick_session(base) as session:
        configuration = Configuration(
            urls={"ebay_api": base},
            credentials={"EBAY_CLIENT_ID": "client", "EBAY_CLIENT_SECRET": "secret"},
            options={"EBAY_MARKETPLACE": "EBAY_US"},
        )
        clock = FrozenClock(NOW)
        yield EbayBrowse(session, configuration, clock=clock, tokens=TokenCache())


async def test_lowest_ask_is_fetched_with_a_client_token(ebay, scraper):
    found = await scraper.scrape_product_price(EPID)

    assert found.quotes[0].amount == Decimal("455.00")
    assert ebay.calls[0] == (
        "token",
        "Basic Y2xpZW50OnNlY3JldA==",
        {"grant_type": "client_credentials", "scope": "https://api.ebay.com/oauth/api_scope"},
    )
    ((path, query, headers),) = ebay.of("search")
    assert path == "/buy/browse/v1/item_summary/search"
    assert query == {
        "epid": "5055123456",
        "filter": "buyingOptions:{FIXED_PRICE},conditionIds:{1000|4000},price:[0.40..],priceCurrency:USD",
        "sort": "price",
        "limit": "200",
        "offset": "0",
    }
    assert headers["Authorization"] == "Bearer t1"
    assert headers["X-EBAY-C-MARKETPLACE-ID"] == "EBAY_US"
    assert headers["X-EBAY-C-ENDUSERCTX"] == "contextualLocation=country%3DUS"


async def test_listing_is_fetched_by_its_number(ebay, scraper):
    found = await scraper.scrape_product_price("item:301000000001")

    assert found.quotes[0].available_quantity == 4
    assert ebay.of("legacy")[0][:2] == (
        "/buy/browse/v1/item/get_item_by_legacy_id",
        {"legacy_item_id": "301000000001"},
    )


async def test_token_is_kept_between_calls(ebay, scraper):
    await scraper.scrape_product_price(EPID)
    await scraper.scrape_product_price(EPID)

    assert (ebay.tokens, len(ebay.of("search"))) == (1, 2)


async def test_refused_token_is_renewed_once_and_the_call_repeated(ebay, scraper):
    ebay.refuse_first = True

    found = await scraper.scrape_product_price(EPID)

    assert found is not None
    assert ebay.tokens == 2
    assert [call[2]["Authorization"] for call in ebay.of("search")] == ["Bearer t1", "Bearer t2"]


async def test_second_refusal_is_final(ebay, scraper):
    ebay.answers["search"] = (401, read_error(1001))

    with pytest.raises(CredentialsRefused):
        await scraper.scrape_product_price(EPID)
    assert (ebay.tokens, len(ebay.of("search"))) == (2, 2)


async def test_refused_client_says_so_without_its_secret(ebay, scraper):
    ebay.answers["token"] = (401, '{"error": "invalid_client", "error_description": "secret"}')

    with pytest.raises(CredentialsRefused, match="invalid_client") as caught:
        await scraper.scrape_product_price(EPID)
    assert "secret" not in str(caught.value)
    assert ebay.of("search") == []


async def test_recorded_token_messages_are_read(shared_data, ebay, scraper):
    ebay.answers["token"] = (200, (shared_data / "wire/ebay/oauth_token.json").read_text())
    await scraper.scrape_product_price(EPID)
    assert ebay.of("search")[0][2]["Authorization"] == "Bearer v^1.1#EXAMPLE"

    scraper._tokens = TokenCache()
    ebay.answers["token"] = (400, (shared_data / "wire/ebay/oauth_error.json").read_text())
    with pytest.raises(CredentialsRefused, match="unsupported_grant_type"):
        await scraper.scrape_product_price(EPID)


@pytest.mark.parametrize("status", [400, 404])
async def test_missing_listing_is_not_listed(ebay, scraper, status):
    ebay.answers["item"] = (status, read_error(11001))

    with pytest.raises(NotListed):
        await scraper.scrape_product_price("item:301000000001")


@pytest.mark.parametrize(("status", "number"), [(400, 12515), (409, 12013), (200, 12000)])
async def test_refused_search_is_a_rejection(ebay, scraper, status, number):
    error = read_error(number).replace("{", '{"total": 0, ', 1)
    ebay.answers["search"] = (status, error)

    with pytest.raises(RequestRejected):
        await scraper.scrape_product_price(EPID)


async def test_ignored_filter_is_a_rejection(ebay, scraper):
    ebay.answers["search"] = (200, read("search_filter_ignored.json").decode())

    with pytest.raises(RequestRejected):
        await scraper.scrape_product_price(EPID)


async def test_spent_allowance_is_told_and_not_asked_again(ebay, scraper):
    ebay.answers["search"] = (429, read_error(2001))

    with pytest.raises(RateLimited):
        await scraper.scrape_product_price(EPID)
    assert len(ebay.of("search")) == 1


async def test_search_gives_products_before_listings_each_once(ebay, scraper):
    hits = await scraper.search_products("  amber   archive ")

    assert [hit.external_id for hit in hits] == [EPID, "item:301000000009"]
    assert hits[0].name == "Amber Archive Booster Box - Factory Sealed & New"
    assert (hits[0].price, hits[0].currency) == (Decimal("449.95"), "USD")
    assert hits[0].url == "https://www.ebay.com/itm/Amber-Archive/301000000001"
    assert ebay.of("search")[0][1]["q"] == "amber archive"
    assert "canary" not in repr(hits).casefold()


async def test_empty_search_asks_nobody(ebay, scraper):
    assert await scraper.search_products("  ") == []
    assert ebay.calls == []


async def test_bad_identifier_asks_nobody(ebay, scraper):
    with pytest.raises(RequestRejected):
        await scraper.scrape_product_price("isbn:1")
    assert ebay.calls == []


def test_unknown_marketplace_is_refused():
    with pytest.raises(SourceNotReady, match="EBAY_XX"):
        EbayBrowse(NO_SESSION, Configuration(urls={}, options={"EBAY_MARKETPLACE": "EBAY_XX"}))


@pytest.mark.parametrize(
    ("limit", "offset"), [(0, 0), (201, 0), (50, 25), (200, 10_000), (200, 9_900), (50, -50)]
)
def test_page_that_ebay_would_refuse_costs_no_call(limit, offset):
    with pytest.raises(RequestRejected):
        paging(limit=limit, offset=offset)


def test_last_page_ends_at_ten_thousand():
    assert paging(limit=200, offset=9_800) == {"limit": "200", "offset": "9800"}


def test_price_filter_names_its_currency():
    assert offer_filter("EUR", least_price="5").endswith("price:[5..],priceCurrency:EUR")
    assert "price:[" not in offer_filter("EUR")


async def test_expired_token_is_renewed_in_time(ebay):
    clock = FrozenClock(NOW)
    async with venue(ebay) as base, quick_session(base, clock=clock) as session:
        scraper = EbayBrowse(session, Configuration(urls={"ebay_api": base}), tokens=TokenCache(clock=clock))
        await scraper.scrape_product_price(EPID)
        clock.advance(timedelta(hours=2))
        await scraper.scrape_product_price(EPID)

    assert ebay.tokens == 2
