import json
from decimal import Decimal
from urllib.parse import unquote

import msgspec
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.errors import (
    CredentialsRefused,
    EvidenceMissing,
    FetchFailed,
    NotListed,
    RequestRejected,
    UnreadableAnswer,
)
from scrapers.records import Quote
from scrapers.venues.cardmarket.api import CardmarketApi
from scrapers.venues.cardmarket.api_answers import (
    guide_quotes,
    lowest_offers,
    parse_articles,
    parse_found,
    parse_product,
)
from scrapers.venues.cardmarket.oauth import signature
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, sample

ROOT = "/ws/v2.0/output.json"
TOKENS = {"CARDMARKET_APP_TOKEN": "app", "CARDMARKET_APP_SECRET": "app-secret"}
USER = {"CARDMARKET_ACCESS_TOKEN": "user", "CARDMARKET_ACCESS_TOKEN_SECRET": "user-secret"}


def article(price: object, **values: object) -> dict[str, object]:
    return {
        "idArticle": 1, "idProduct": 31, "language": {"idLanguage": 1}, "price": price, "currencyCode": "EUR",
        "count": 1, "condition": "NM", "isFoil": False, "seller": {"idUser": 1}, **values,
    }  # fmt: skip


def articles(*rows: object) -> bytes:
    return json.dumps({"article": rows}).encode()


class Api:
    """The API: it checks signatures as RFC 5849 says and pages articles."""

    def __init__(self, **users: str) -> None:
        self.users = users
        self.asked: list[str] = []
        self.nonces: set[str] = set()
        self.offers: list[dict[str, object]] = []
        self.answers: dict[str, bytes | tuple[int, bytes]] = {
            "/products/31": sample("product.json"), "/articles/31": sample("articles.json"),
        }  # fmt: skip

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if not self.is_signed(request):
            return web.Response(status=401, text="")
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


@pytest.mark.parametrize("website", [None, "//evil.example/x", "https://evil.example", "/a\nb"])
def test_only_paths_of_the_site_become_links(website: str | None):
    body = json.dumps({"product": [{"idProduct": 1, "enName": "x", "website": website}]}).encode()

    assert parse_found(body)[0].url == ""


def test_a_product_without_a_category_is_refused():
    with pytest.raises(EvidenceMissing, match="is a card"):
        parse_product(sample("product.json").replace(b"categoryName", b"category"), product_id="31")


def test_another_product_is_refused():
    with pytest.raises(EvidenceMissing, match="not 32"):
        parse_product(sample("product.json"), product_id="32")
    with pytest.raises(EvidenceMissing, match="not 32"):
        parse_articles(sample("articles.json"), product_id="32")


@pytest.mark.parametrize(
    "values",
    [
        {"currencyCode": "GBP"}, {"language": {"idLanguage": 7}}, {"isPlayset": True}, {"isSigned": True},
        {"isAltered": True}, {"count": 0}, {"condition": "??"}, {"condition": None}, {"price": 0},
    ],
)  # fmt: skip
def test_what_is_not_comparable_is_left_out(values: dict[str, object]):
    rows = parse_articles(articles(article(**{"price": 1, **values}), article(3)), product_id="31")

    assert [q.amount for q in lowest_offers(rows, is_sealed=False, is_complete=True)] == [Decimal(3)]


@pytest.mark.parametrize(
    ("flags", "finish"),
    [
        ({"isFoil": True}, "foil"), ({"isReverseHolo": True}, "reverse"), ({"isFirstEd": True}, "first_ed"),
        ({"isFirstEd": True, "isFoil": True}, "first_foil"), ({}, "nonfoil"),
    ],
)  # fmt: skip
def test_flags_tell_the_version(flags: dict[str, bool], finish: str):
    rows = parse_articles(articles(article(1, **flags)), product_id="31")

    assert [q.finish for q in lowest_offers(rows, is_sealed=False, is_complete=True)] == [finish]


def test_offers_out_of_order_and_not_complete_say_nothing_of_the_lowest():
    rows = parse_articles(articles(article(3), article(1)), product_id="31")

    assert lowest_offers(rows, is_sealed=False, is_complete=False) == ()


@pytest.mark.parametrize("body", [b"null", b"[]", b'{"article": [{"idProduct": 31}]}', b"<html>"])
def test_other_shapes_are_refused(body: bytes):
    with pytest.raises(UnreadableAnswer):
        parse_articles(body, product_id="31")


@given(st.sampled_from(["product.json", "articles.json"]), st.data())
def test_damaged_bytes_give_prices_above_zero_or_a_refusal(name: str, data: st.DataObject):
    body = bytearray(sample(name))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    damaged = bytes(body[: data.draw(st.integers(0, len(body)))])
    try:
        if name == "product.json":
            quotes = guide_quotes(parse_product(damaged, product_id="31"))
        else:
            rows = parse_articles(damaged, product_id="31")
            quotes = lowest_offers(rows, is_sealed=False, is_complete=True)
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
    else:
        assert all(quote.amount > 0 for quote in quotes)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["NaN", "1e9", "-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["product", "article", "idProduct", "enName", "priceGuide", "price"]), inner
        )
    ),
    max_leaves=12,
)


@given(_json)
def test_any_json_is_read_or_refused(value: object):
    body = msgspec.json.encode(value)
    for read in (
        lambda: guide_quotes(parse_product(body, product_id="1")),
        lambda: parse_articles(body, product_id="1"),
        lambda: parse_found(body),
    ):
        try:
            read()
        except FetchFailed as error:
            assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
