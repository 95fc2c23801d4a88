import json
from decimal import Decimal
from urllib.parse import unquote

import pytest
from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.errors import (
    CredentialsRefused,
    NotListed,
    RequestRejected,
)
from scrapers.records import Quote
from scrapers.venues.cardmarket.api import CardmarketApi
from scrapers.venues.cardmarket.oauth import signature
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, article, articles, sample

ROOT = "/ws/v2.0/output.json"
TOKENS = {"CARDMARKET_APP_TOKEN": "app", "CARDMARKET_APP_SECRET": "app-secret"}
USER = {"CARDMARKET_ACCESS_TOKEN": "user", "CARDMARKET_ACCESS_TOKEN_SECRET": "user-secret"}


class Api:
    """The API: it checks signatures as RFC 5849 says and pages articles."""

    def __init__(self, **users: str) -> None:
        self.users = users
        self.asked: list[str] = []
        self.nonces: set[str] = set()
        self.stumbles = 0
        self.offers: list[dict[str, object]] = []
        self.answers: dict[str, bytes | tuple[int, bytes]] = {
            "/products/31": sample("product.json"), "/articles/31": sample("articles.json"),
        }  # fmt: skip

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if not self.is_signed(request):
            return web.Response(status=401, text="")
        if self.stumbles:
            self.stumbles -= 1
            return web.Response(status=503)
        path = request.path.removeprefix(ROOT)
        if path == "/articles/31" and self.offers:
            start, size = int(request.query["start"]), int(request.query["maxResults"])
            assert size <= 100
            page = self.offers[start : start + size]
            return web.Response(status=206, body=articles(*page)) if page else web.Response(status=204)
        found = self.answers.get(path, (404, b""))
        status, body = found if isinstance(found, tuple) else (200, found)
        return web.Response(status=status, body=body, content_type="application/json")

    def is_signed(self, request: web.Request) -> bool:
        scheme, _, rest = request.headers["Authorization"].partition(" ")
        pairs = (pair.partition("=") for pair in rest.split(", "))
        given = {name: unquote(value.strip('"')) for name, _, value in pairs}
        url, sent = given.pop("realm"), given.pop("oauth_signature")
        expected = signature(
            "GET", str(request.url.with_query(None)), {**given, **request.query},
            app_secret="app-secret", access_secret=self.users.get("secret", ""),
        )  # fmt: skip
        is_new = given["oauth_nonce"] not in self.nonces
        self.nonces.add(given["oauth_nonce"])
        return (
            scheme == "OAuth" and sent == expected and is_new and url == str(request.url.with_query(None))
            and given["oauth_token"] == self.users.get("token", "")
            and given["oauth_timestamp"] == str(int(NOW.timestamp()))
        )  # fmt: skip

    async def run(self, work, credentials=TOKENS):
        clock = FrozenClock(NOW)
        async with venue(self.answer) as base, quick_session(base, clock=clock) as session:
            configuration = Configuration({"cardmarket_api": base}, credentials, categories=("mtg",))
            return await work(CardmarketApi(session, configuration, clock=clock))


async def test_a_card_is_priced_by_guide_and_offers():
    record = await Api().run(lambda route: route.scrape_product_price("31"))

    assert record.quotes == (
        Quote(Decimal("2.11"), "trend", "nonfoil"),
        Quote(Decimal("0.29"), "low", "nonfoil"),
        Quote(Decimal("3.18"), "avg", "nonfoil"),
        Quote(Decimal("6.5"), "trend", "foil"),
        Quote(Decimal("0.25"), "low", "nonfoil", "damaged", 1, 2),
        Quote(Decimal("2.00"), "low", "nonfoil", "near_mint", 2, 4),
        Quote(Decimal(6), "low", "foil", "lightly_played", 1, 1),
    )
    assert (record.currency, record.title, record.parser) == ("EUR", "Example Golem", "cardmarket.api/1")
    assert (record.evidence.product_id, record.fetched_at, record.route) == ("31", NOW, "api")


async def test_a_box_is_unopened_and_its_lowest_offer_has_depth():
    api = Api()
    api.answers["/products/31"] = sample("product.json").replace(b"Magic Single", b"Magic Booster Box")
    api.answers["/articles/31"] = articles(
        article(99.5, condition=None, count=3), article(100, seller={"idUser": 2})
    )

    record = await api.run(lambda route: route.scrape_product_price("31"))

    assert [q for q in record.quotes if q.price_type == "low"] == [
        Quote(Decimal("99.5"), "low", "", "unopened", 2, 4)
    ]
    assert {q.finish for q in record.quotes} == {""}


async def test_requests_are_signed_for_a_user_too():
    api = Api(token="user", secret="user-secret")

    assert await api.run(lambda route: route.scrape_product_price("31"), {**TOKENS, **USER})


async def test_a_request_that_is_sent_again_is_signed_again():
    api = Api()
    api.stumbles = 1

    assert await api.run(lambda route: route.scrape_product_price("31"))
    assert len(api.nonces) == len(api.asked) == 3


async def test_wrong_secrets_are_refused_without_saying_them():
    with pytest.raises(CredentialsRefused) as caught:
        await Api().run(
            lambda route: route.scrape_product_price("31"), {**TOKENS, "CARDMARKET_APP_SECRET": "guessed"}
        )

    assert "guessed" not in caught.value.detail


@pytest.mark.parametrize(("offers", "calls"), [(30, 1), (100, 2), (150, 2), (900, 3)])
async def test_offers_are_paged_by_100_until_the_end_or_three_pages(offers: int, calls: int):
    api = Api()
    api.offers = [article(2 + number, seller={"idUser": number + 1}) for number in range(offers)]

    record = await api.run(lambda route: route.scrape_product_price("31"))

    asked = [path for path in api.asked if "/articles/" in path]
    assert len(asked) == calls
    assert all("maxResults=100" in path and "isSigned=false" in path for path in asked)
    assert record.quotes[-1] == Quote(Decimal(2), "low", "nonfoil", "near_mint", 1, 1)


async def test_no_statistics_and_no_offers_are_no_record():
    api = Api()
    api.answers["/products/31"] = sample("product.json").replace(b'"priceGuide"', b'"guide"')
    api.answers["/articles/31"] = (204, b"")

    assert await api.run(lambda route: route.scrape_product_price("31")) is None


ERROR = json.dumps(
    {"mkm_error_description": "Provide at least 4 characters.", "http_status_code": "400"}
).encode()


@pytest.mark.parametrize("answer", [(400, ERROR), ERROR])
async def test_what_the_venue_says_is_wrong_is_told(answer: bytes | tuple[int, bytes]):
    api = Api()
    api.answers["/products/find"] = answer

    with pytest.raises(RequestRejected, match="at least 4 characters"):
        await api.run(lambda route: route.search_products("golem"))


@pytest.mark.parametrize("answer", [(404, b""), (200, b""), (204, b"")])
async def test_an_unknown_product_is_not_listed(answer: tuple[int, bytes]):
    api = Api()
    api.answers["/products/31"] = answer

    with pytest.raises(NotListed):
        await api.run(lambda route: route.scrape_product_price("31"))


async def test_search_signs_any_words():
    api = Api()
    found = {"idProduct": 31, "enName": "Æther Golem", "expansionName": "Example Realm", "number": "12",
             "website": "/en/Magic/x", "rarity": "Rare"}  # fmt: skip
    api.answers["/products/find"] = json.dumps({"product": [found]}).encode()

    (hit,) = await api.run(lambda route: route.search_products("Æther & golem+"))

    assert (hit.external_id, hit.name, hit.set_name, hit.url) == (
        "31", "Æther Golem", "Example Realm", "https://www.cardmarket.com/en/Magic/x",
    )  # fmt: skip


async def test_short_words_are_searched_exactly():
    api = Api()
    api.answers["/products/find"] = (204, b"")

    assert await api.run(lambda route: route.search_products("Ow")) == []
    assert "exact=true" in api.asked[0]
