import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

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
    NotOffered,
    RequestRejected,
)
from scrapers.records import Quote
from scrapers.tokens import TokenCache
from scrapers.venues.tcgplayer.api import TcgplayerApi
from scrapers.venues.tcgplayer.api_answers import (
    Sku,
    parse_printings,
    parse_product_prices,
    parse_sku_prices,
    parse_skus,
)
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, envelope, product

KEYS = {"TCGPLAYER_PUBLIC_KEY": "public", "TCGPLAYER_PRIVATE_KEY": "private"}


def row(product_id: object, sub_type: str = "Normal", **prices: object) -> dict[str, object]:
    return {"productId": product_id, "subTypeName": sub_type, "highPrice": 9999.0, **prices}


class Api:
    """The official API: it hands out numbered tokens and takes only the latest."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tokens = 0
        self.revoked = 0
        self.answers: dict[str, bytes] = {}

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/token":
            form = await request.post()
            assert request.content_type == "application/x-www-form-urlencoded"
            if (form["client_id"], form["client_secret"]) != ("public", "private"):
                return web.json_response({"error": "invalid_client"}, status=400)
            self.tokens += 1
            token = {"access_token": f"t{self.tokens}", "token_type": "bearer", "expires_in": 1209599}
            return web.json_response(token)
        self.asked.append(request.path_qs)
        if request.headers.get("Authorization") != f"bearer t{self.tokens}" or self.tokens <= self.revoked:
            return web.json_response({"errors": ["Unauthorized"]}, status=401)
        body = self.answers.get(request.path.removeprefix("/v1.39.0/"))
        if body is None:
            return web.json_response({"success": False, "errors": ["No products were found."]}, status=404)
        return web.Response(body=body, content_type="application/json")

    async def run(self, work, credentials=KEYS, tokens=None):
        clock = FrozenClock(NOW)
        async with venue(self.answer) as base, quick_session(base, clock=clock) as session:
            configuration = Configuration({"tcgplayer_api": base}, credentials, categories=("pokemon",))
            cache = tokens or TokenCache(clock=clock)
            return await work(TcgplayerApi(session, configuration, clock=clock, tokens=cache))


async def test_one_product_is_priced_by_printing():
    api = Api()
    api.answers["pricing/product/77"] = envelope(
        row(77, "Holofoil", lowPrice=1.5, midPrice=2, marketPrice=1.75, directLowPrice=None),
        row(77.0, "Reverse Holofoil", lowPrice=3, marketPrice=0),
        row(77, "Glow", lowPrice=9),
    )

    record = await api.run(lambda route: route.scrape_product_price("77"))

    assert record.quotes == (
        Quote(Decimal("1.5"), "low", "foil"),
        Quote(Decimal(2), "mid", "foil"),
        Quote(Decimal("1.75"), "market", "foil"),
        Quote(Decimal(3), "low", "reverse"),
    )
    assert (record.external_id, record.currency, record.route, record.parser) == (
        "77", "USD", "api", "tcgplayer.api/1",
    )  # fmt: skip
    assert (record.evidence.product_id, record.evidence.currency) == ("77", "USD")
    assert (record.fetched_at, len(record.payload_sha256), record.quality) == (NOW, 64, 1)
    assert record.source_url.endswith("/v1.39.0/pricing/product/77")


async def test_a_product_nobody_offers_has_no_record():
    api = Api()
    api.answers["pricing/product/77"] = envelope(row(77, lowPrice=None, marketPrice=None))

    assert await api.run(lambda route: route.scrape_product_price("77")) is None


@pytest.mark.parametrize("answer", [None, envelope(row(78, marketPrice=1))])
async def test_a_product_the_answer_does_not_name_is_not_listed(answer: bytes | None):
    api = Api()
    if answer:
        api.answers["pricing/product/77"] = answer

    with pytest.raises(NotListed):
        await api.run(lambda route: route.scrape_product_price("77"))


@pytest.mark.parametrize("product_id", ["", "abc", "1/2", "0", "007", "1\n", "١٢", "9" * 19])
async def test_what_is_no_id_is_not_asked_for(product_id: str):
    api = Api()

    with pytest.raises(RequestRejected, match="no id"):
        await api.run(lambda route: route.scrape_product_price(product_id))

    assert api.asked == []


async def test_errors_beside_results_are_a_partial_success():
    api = Api()
    api.answers["pricing/product/1,2"] = envelope(
        row(2, marketPrice=4), success=False, errors=("Product 1 was not found.",)
    )

    records = await api.run(lambda route: route.scrape_product_prices(["1", "2"]))

    assert [(record.external_id, record.quotes[0].amount) for record in records] == [("2", Decimal(4))]


async def test_errors_inside_200_are_refused():
    api = Api()
    api.answers["pricing/product/1"] = envelope(success=False, errors=("Quota exceeded",))

    with pytest.raises(RequestRejected, match="Quota exceeded"):
        await api.run(lambda route: route.scrape_product_price("1"))


async def test_many_products_go_250_to_a_call():
    api = Api()
    ids = [str(number) for number in range(1, 502)]
    for start in (0, 250, 500):
        part = ids[start : start + 250]
        api.answers[f"pricing/product/{','.join(part)}"] = envelope(
            *(row(int(n), marketPrice=1) for n in part)
        )

    records = await api.run(lambda route: route.scrape_product_prices(ids))

    assert [record.external_id for record in records] == ids
    assert len(api.asked) == 3


async def test_a_token_is_used_until_it_is_refused_and_renewed_once():
    api, cache = Api(), TokenCache(clock=FrozenClock(NOW))
    api.answers["pricing/product/1"] = envelope(row(1, marketPrice=1))

    async def work(route):
        await route.scrape_product_price("1")
        await route.scrape_product_price("1")
        before = api.tokens
        api.revoked = api.tokens
        await route.scrape_product_price("1")
        return before

    assert (await api.run(work, tokens=cache), api.tokens) == (1, 2)


async def test_keys_that_stay_refused_end_it():
    api = Api()
    api.revoked = 99

    with pytest.raises(CredentialsRefused):
        await api.run(lambda route: route.scrape_product_price("1"))

    assert (api.tokens, len(api.asked)) == (2, 2)


async def test_wrong_keys_bring_no_token():
    with pytest.raises((RequestRejected, CredentialsRefused)) as caught:
        await Api().run(
            lambda route: route.scrape_product_price("1"), {**KEYS, "TCGPLAYER_PRIVATE_KEY": "stolen-guess"}
        )

    assert "stolen-guess" not in caught.value.detail


async def test_prices_by_condition_carry_the_shipping_of_the_cheapest_listing():
    api = Api()
    sku = {"languageId": 1, "printingId": 11, "conditionId": 1}
    skus = [
        {**sku, "skuId": 5001}, {**sku, "skuId": 5002, "conditionId": 6},
        {**sku, "skuId": 5003, "languageId": 2}, {**sku, "skuId": 5004, "conditionId": 9},
        {**sku, "skuId": 5005, "printingId": 99},
    ]  # fmt: skip
    api.answers |= {
        "catalog/categories/3/printings": envelope({"printingId": 11, "name": "Holofoil"}),
        "catalog/products/77": envelope({**product(77, 501), "skus": skus}),
        "pricing/sku/5001,5002": envelope(
            {"skuId": 5001, "lowPrice": 3.5, "lowestShipping": 1.31, "lowestListingPrice": 4.81,
             "marketPrice": 3.25},
            {"skuId": 5002, "lowPrice": None, "marketPrice": None},
            {"skuId": 5009, "lowPrice": 0.01, "marketPrice": 0.01},
        ),
    }  # fmt: skip

    record = await api.run(lambda route: route.scrape_prices_by_condition("77", category="pokemon"))

    assert record.quotes == (
        Quote(Decimal("3.5"), "low", "foil", "near_mint", shipping_cost=Decimal("1.31")),
        Quote(Decimal("3.25"), "market", "foil", "near_mint"),
    )
    assert record.title == "Product 77"


async def test_skus_of_another_product_are_refused():
    api = Api()
    api.answers |= {
        "catalog/categories/3/printings": envelope({"printingId": 11, "name": "Holofoil"}),
        "catalog/products/77": envelope({**product(78, 501), "skus": []}),
    }

    with pytest.raises(EvidenceMissing, match="product 77"):
        await api.run(lambda route: route.scrape_prices_by_condition("77", category="pokemon"))


async def test_prices_by_condition_need_a_game_of_ours():
    with pytest.raises(NotOffered):
        await Api().run(lambda route: route.scrape_prices_by_condition("77", category="marbles"))


async def test_search_gives_suggestions_of_the_configured_games():
    api = Api()
    found = {**product(77, 501, Number="7/120"), "url": "https://shop.example/77", "imageUrl": "javascript:x"}
    api.answers["catalog/products"] = envelope(found)

    (hit,) = await api.run(lambda route: route.search_products("ember fox"))

    assert (hit.external_id, hit.name, hit.number, hit.image_url) == ("77", "Product 77", "7/120", "")
    assert "productName=ember+fox" in api.asked[0].replace("%20", "+")
    assert "categoryId=3" in api.asked[0]


async def test_search_without_a_hit_is_an_empty_list():
    assert await Api().run(lambda route: route.search_products("nothing like it")) == []


async def test_a_token_lives_as_long_as_the_venue_says():
    api, clock = Api(), FrozenClock(NOW)
    cache = TokenCache(clock=clock)
    api.answers["pricing/product/1"] = envelope(row(1, marketPrice=1))

    async def work(route):
        await route.scrape_product_price("1")
        clock.advance(timedelta(days=14))
        await route.scrape_product_price("1")

    await api.run(work, tokens=cache)

    assert api.tokens == 2


_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_names = ["productId", "subTypeName", "skuId", "lowPrice", "marketPrice", "lowestShipping", "languageId",
          "printingId", "conditionId", "name", "skus"]  # fmt: skip


@given(
    st.lists(st.dictionaries(st.sampled_from(_names), _values | st.just("Normal"), min_size=3), max_size=5)
)
def test_any_rows_give_prices_above_zero_or_a_refusal(rows: list[object]):
    body = json.dumps({"success": True, "results": rows, "errors": []}).encode()
    skus = {"1": Sku("foil", "near_mint")}
    readers: tuple[Callable[[], Iterable[Quote]], ...] = (
        lambda: [q for quotes in parse_product_prices(body, asked={"1"}).values() for q in quotes],
        lambda: parse_sku_prices(body, skus=skus),
    )
    for read in readers:
        try:
            assert all(quote.amount > 0 for quote in read())
        except FetchFailed as error:
            assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
    for look_up in (lambda: parse_skus(body, product_id="1", printings={}), lambda: parse_printings(body)):
        with suppress(FetchFailed):
            look_up()
