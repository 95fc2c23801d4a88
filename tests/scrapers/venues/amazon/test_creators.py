import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from scrapers.base import Configuration
from scrapers.errors import (
    CredentialsRefused,
    NotListed,
    RateLimited,
    RequestRejected,
    RetiredInterface,
    SourceNotReady,
    UnreadableAnswer,
)
from scrapers.tokens import TokenCache
from scrapers.venues.amazon.creators import AmazonCreators
from scrapers.venues.amazon.login import LOGIN_URLS, read_client
from tests.scrapers.http.sessions import quick_session, venue

from .reading import read

BOX = "B0AMBER001"
NO_SESSION: Any = None  # what is refused on construction asks nobody
CREDENTIALS = {
    "AMAZON_CREDENTIAL_ID": "client",
    "AMAZON_CREDENTIAL_SECRET": "secret",
    "AMAZON_PARTNER_TAG": "arbsite-20",
}


class FakeAmazon:
    """Answers as the API does and remembers what it was asked."""

    def __init__(self):
        self.calls, self.tokens, self.refuse_first, self.answers = [], 0, False, {}

    async def __call__(self, request):
        text = await request.text()
        self.calls.append((request.path, request.content_type, text, dict(request.headers)))
        if "token" in request.path:
            self.tokens += 1
            return self._answer("token", f'{{"access_token": "t{self.tokens}", "expires_in": 3600}}')
        if self.refuse_first and "t1" in request.headers["Authorization"]:
            return web.Response(
                status=401, text='{"type": "UnauthorizedException"}', content_type="application/json"
            )
        name = "items.json" if request.path.endswith("getItems") else "search.json"
        return self._answer("items", read(name).decode())

    def _answer(self, name, text):
        status, text = self.answers.get(name, (200, text))
        headers = {"Retry-After": "3600"} if status == 429 else {}
        return web.Response(status=status, text=text, content_type="application/json", headers=headers)

    def of(self, path):
        return [call for call in self.calls if path in call[0]]


@pytest.fixture
def amazon():
    return FakeAmazon()


@pytest.fixture
async def make_scraper(amazon):
    async with venue(amazon) as base, quick_session(base) as session:

        def make(version="3.1"):
            configuration = Configuration(
                urls={"amazon_creators": base, "amazon_login": base},
                credentials=CREDENTIALS,
                options={"AMAZON_CREDENTIAL_VERSION": version, "AMAZON_MARKETPLACE": "www.amazon.com"},
            )
            return AmazonCreators(session, configuration, tokens=TokenCache())

        yield make


async def test_credentials_of_version_3_ask_with_json(amazon, make_scraper):
    found = await make_scraper("3.1").scrape_product_price(BOX)

    assert found.quotes[0].amount == Decimal("459.9")
    path, kind, text, _ = amazon.calls[0]
    assert (path, kind) == ("/auth/o2/token", "application/json")
    assert json.loads(text) == {
        "grant_type": "client_credentials",
        "client_id": "client",
        "client_secret": "secret",
        "scope": "creatorsapi::default",
    }
    path, _, text, headers = amazon.calls[1]
    assert path == "/catalog/v1/getItems"
    assert headers["Authorization"] == "Bearer t1"
    assert headers["x-marketplace"] == "www.amazon.com"
    body = json.loads(text)
    assert (body["itemIds"], body["partnerTag"], body["condition"]) == ([BOX], "arbsite-20", "New")
    assert "offersV2.listings.price" in body["resources"]


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
async def test_credentials_of_version_2_ask_with_a_form(amazon, make_scraper, version):
    await make_scraper(version).scrape_product_price(BOX)

    path, kind, text, _ = amazon.calls[0]
    assert (path, kind) == ("/oauth2/token", "application/x-www-form-urlencoded")
    assert parse_qs(text)["scope"] == ["creatorsapi/default"]
    assert amazon.calls[1][3]["Authorization"] == f"Bearer t1, Version {version}"


async def test_refused_token_is_renewed_once(amazon, make_scraper):
    amazon.refuse_first = True

    assert await make_scraper().scrape_product_price(BOX) is not None
    assert (amazon.tokens, len(amazon.of("getItems"))) == (2, 2)


async def test_second_refusal_is_final(amazon, make_scraper):
    amazon.answers["items"] = (401, "{}")

    with pytest.raises(CredentialsRefused):
        await make_scraper().scrape_product_price(BOX)
    assert len(amazon.of("getItems")) == 2


async def test_refused_client_is_told_without_its_secret(amazon, make_scraper):
    amazon.answers["token"] = (401, '{"error": "invalid_client"}')

    with pytest.raises(CredentialsRefused, match="invalid_client"):
        await make_scraper().scrape_product_price(BOX)


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (404, '{"type": "ResourceNotFoundException"}', NotListed),
        (400, '{"type": "ValidationException", "message": "bad"}', RequestRejected),
        (403, '{"type": "AccessDeniedException", "reason": "InvalidAssociate"}', RequestRejected),
        (200, '{"itemsResult": {"items": [{"asin": "B0AMBER001", "offersV2": 1}]}}', UnreadableAnswer),
    ],
)
async def test_failures_are_told_apart(amazon, make_scraper, status, text, error):
    amazon.answers["items"] = (status, text)

    with pytest.raises(error):
        await make_scraper().scrape_product_price(BOX)


async def test_throttling_is_told(amazon, make_scraper):
    amazon.answers["items"] = (429, '{"type": "ThrottleException"}')

    with pytest.raises(RateLimited) as caught:
        await make_scraper().scrape_product_price(BOX)
    assert caught.value.retry_after is not None
    assert len(amazon.of("getItems")) == 1


async def test_ten_articles_cost_one_call(amazon, make_scraper):
    scraper = make_scraper()

    found = await scraper.scrape_product_prices([BOX, "B0AMBER002", "B0AMBER003", "B0AMBER004"])

    assert {asin: record is not None for asin, record in found.items()} == {
        BOX: True,
        "B0AMBER002": False,
        "B0AMBER003": False,
    }
    assert len(amazon.of("getItems")) == 1
    with pytest.raises(RequestRejected):
        await scraper.scrape_product_prices([f"B0AMBER{number:03d}" for number in range(11)])


async def test_search_gives_hits(amazon, make_scraper):
    scraper = make_scraper()

    hits = await scraper.search_products(" amber  archive ")

    assert [hit.external_id for hit in hits] == [BOX, "B0AMBER003"]
    body = json.loads(amazon.of("searchItems")[0][2])
    assert (body["keywords"], body["itemCount"], body["itemPage"]) == ("amber archive", 10, 1)
    assert await scraper.search_products(" ") == []


async def test_search_errors_are_told(amazon, make_scraper):
    amazon.answers["items"] = (400, '{"type": "ValidationException"}')
    with pytest.raises(RequestRejected):
        await make_scraper().search_products("amber")

    amazon.answers["items"] = (404, '{"type": "ResourceNotFoundException"}')
    assert await make_scraper().search_products("amber") == []


@pytest.mark.parametrize("asin", ["", "b0amber001", "B0AMBER0011", "B0AMBER/01", "../../../.."])
async def test_bad_asin_asks_nobody(amazon, make_scraper, asin):
    with pytest.raises(RequestRejected):
        await make_scraper().scrape_product_price(asin)
    assert amazon.calls == []


def test_key_of_the_retired_interface_says_how_to_migrate():
    credentials = {**CREDENTIALS, "AMAZON_PAAPI_ACCESS_KEY": "AKIA"}

    with pytest.raises(RetiredInterface, match="AMAZON_CREDENTIAL_ID"):
        AmazonCreators(NO_SESSION, Configuration(urls={}, credentials=credentials))


def test_unknown_settings_are_refused():
    with pytest.raises(SourceNotReady, match=r"9\.9"):
        AmazonCreators(NO_SESSION, Configuration(urls={}, options={"AMAZON_CREDENTIAL_VERSION": "9.9"}))
    with pytest.raises(SourceNotReady, match=r"amazon\.xx"):
        AmazonCreators(NO_SESSION, Configuration(urls={}, options={"AMAZON_MARKETPLACE": "www.amazon.xx"}))


@pytest.mark.parametrize("version", LOGIN_URLS)
def test_each_version_has_its_own_login_unless_configured(version):
    options = {"AMAZON_CREDENTIAL_VERSION": version}

    assert read_client(CREDENTIALS, options).login_url == LOGIN_URLS[version]
    assert read_client(CREDENTIALS, options, login_url="http://127.0.0.1:1/x/").login_url.endswith("/x")
    assert "secret" not in repr(read_client(CREDENTIALS, options))
