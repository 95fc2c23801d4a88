"""eBay's API and pages: paging rules, warnings, tokens, three markups at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from tests.scrapers.simulator.calls import (
    BASIC,
    EBAY_SCOPE,
    answer,
    ebay_headers,
    ebay_search,
    first_box,
)


async def test_ebay_pages_add_up_to_its_total(visitor):
    headers = await ebay_headers(visitor)
    seen: list[str] = []
    offset, total = 0, 1
    while offset < total:
        _, page = await answer(ebay_search(visitor, headers, q="booster box", limit="20", offset=str(offset)))
        seen += [row["itemId"] for row in page["itemSummaries"]]
        offset, total = offset + 20, page["total"]

    assert len(seen) == len(set(seen)) == total
    assert "next" not in page


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"q": "box", "limit": "50", "offset": "30"}, 12515),
        ({"q": "box", "limit": "50", "offset": "10000"}, 12029),
        ({"q": "box", "limit": "201"}, 12516),
        ({"limit": "50"}, 12001),
    ],
)
async def test_ebay_refuses_wrong_pages(visitor, query, number):
    status, refused = await answer(ebay_search(visitor, await ebay_headers(visitor), **query))

    assert status == 400
    assert refused["errors"][0]["errorId"] == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("price:[1..5]", 12012), ("colour:{RED}", 12002), ("buyingOptions:{BARTER}", 12004), ("%%", 12002)],
)
async def test_ebay_warns_beside_unfiltered_results(visitor, text, number):
    headers = await ebay_headers(visitor)
    _, everything = await answer(ebay_search(visitor, headers, q="booster box"))
    status, warned = await answer(ebay_search(visitor, headers, q="booster box", filter=text))

    assert status == 200
    assert warned["warnings"][0]["errorId"] == number
    assert warned["total"] == everything["total"]


async def test_ebay_filters_prices_auctions_and_conditions(visitor):
    headers = await ebay_headers(visitor)
    text = "price:[100..150],priceCurrency:USD,buyingOptions:{FIXED_PRICE},conditionIds:{1000}"
    _, narrow = await answer(ebay_search(visitor, headers, q="booster box", filter=text, sort="price"))
    _, auctions = await answer(
        ebay_search(visitor, headers, q="booster box", filter="buyingOptions:{AUCTION}")
    )
    _, none = await answer(ebay_search(visitor, headers, q="booster box", filter="conditionIds:{4000}"))

    amounts = [Decimal(row["price"]["value"]) for row in narrow["itemSummaries"]]
    assert amounts
    assert all(100 <= amount <= 150 for amount in amounts)
    assert "warnings" not in narrow
    assert all("price" not in row and row["bidCount"] for row in auctions["itemSummaries"])
    assert "itemSummaries" not in none


async def test_ebay_prices_in_the_currency_of_the_marketplace(visitor, simulator):
    headers = await ebay_headers(visitor) | {"X-EBAY-C-MARKETPLACE-ID": "EBAY_GB"}
    _, found = await answer(ebay_search(visitor, headers, epid=first_box(simulator).ids["epid"]))

    assert {row["price"]["currency"] for row in found["itemSummaries"]} == {"GBP"}


async def test_ebay_tokens_expire_and_keys_are_revoked(visitor, simulator, simulator_clock):
    headers = await ebay_headers(visitor)
    simulator_clock.advance(timedelta(hours=2, seconds=1))
    expired = await answer(ebay_search(visitor, headers, q="box"))
    renewed = await answer(ebay_search(visitor, await ebay_headers(visitor), q="box"))
    simulator.simulator.tokens.revoke("ebay_api")
    form = {"grant_type": "client_credentials", "scope": EBAY_SCOPE}
    refused = await answer(
        visitor.post("/ebay_api/identity/v1/oauth2/token", data=form, headers={"Authorization": BASIC})
    )

    assert (expired[0], expired[1]["errors"][0]["errorId"]) == (401, 1001)
    assert renewed[0] == 200
    assert (refused[0], refused[1]["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "header", "error"),
    [
        ({"grant_type": "client_credentials", "scope": "wrong"}, BASIC, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": EBAY_SCOPE}, "Basic bad", "invalid_client"),
        ({"grant_type": "client_credentials", "scope": EBAY_SCOPE}, "", "invalid_client"),
    ],
)
async def test_ebay_login_refuses_bad_clients(visitor, form, header, error):
    status, refused = await answer(
        visitor.post("/ebay_api/identity/v1/oauth2/token", data=form, headers={"Authorization": header})
    )

    assert status in (400, 401)
    assert refused["error"] == error


async def test_ebay_business_sellers_come_with_personal_data_to_drop(visitor, simulator):
    headers = await ebay_headers(visitor)
    _, found = await answer(ebay_search(visitor, headers, epid=first_box(simulator).ids["epid"]))
    _, item = await answer(
        visitor.get(f"/ebay_api/buy/browse/v1/item/{found['itemSummaries'][0]['itemId']}", headers=headers)
    )

    assert item["seller"]["sellerLegalInfo"]["email"].endswith("@example.invalid")


async def test_ebay_sold_page_mixes_three_markups_and_a_placeholder(visitor):
    query = {"_nkw": "booster box", "LH_Sold": "1", "LH_Complete": "1", "_ipg": "240"}
    async with visitor.get("/ebay_site/sch/i.html", params=query) as response:
        page = BeautifulSoup(await response.text(), "html.parser")

    cards = {name: len(page.select(name)) for name in ("li.s-item", "li.s-card", "div.su-item-card")}
    assert all(number > 5 for number in cards.values())
    titles = [one.get_text() for one in page.select(".su-item-card__title, .s-item__title, .s-card__title")]
    assert titles.count("Shop on eBay") == 2
    assert page.find(string="Best offer accepted")
    assert page.select_one(".s-card__price + .s-card__price + .s-card__price")


async def test_ebay_shows_fuzzy_cards_instead_of_nothing(visitor):
    query = {"_nkw": "nonesuch", "LH_Sold": "1"}
    async with visitor.get("/ebay_site/sch/i.html", params=query) as response:
        text = await response.text()

    assert "No exact matches found" in text
    assert text.count("data-listingid") > 20


async def test_ebay_page_speaks_the_visitors_locale(visitor):
    query, headers = {"_nkw": "booster box", "LH_Sold": "1"}, {"Accept-Language": "de-DE"}
    async with visitor.get("/ebay_site/sch/i.html", params=query, headers=headers) as response:
        text = await response.text()

    assert "EUR 1" in text
