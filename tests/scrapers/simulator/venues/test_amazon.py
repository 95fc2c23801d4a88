"""Amazon's two generations of tokens, its limits, and its price blocks."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from scrapers.simulator.market import Market
from scrapers.simulator.world import Venue
from tests.scrapers.simulator.calls import (
    amazon_headers,
    answer,
)


@pytest.mark.parametrize("generation", [2, 3])
async def test_amazon_accepts_tokens_of_both_generations(visitor, simulator, generation):
    headers = await amazon_headers(visitor, generation)
    asin = next(one.ids["asin"] for one in simulator.simulator.world.articles if "asin" in one.ids)
    body = {"partnerTag": "simulator-20", "itemIds": [asin], "resources": ["offersV2.listings.price"]}
    path = "/amazon_creators/catalog/v1/getItems"

    status, items = await answer(visitor.post(path, json=body, headers=headers))
    wrong_form = headers | {"Authorization": headers["Authorization"].replace(", Version 2.1", "") + ","}
    refused, _ = await answer(visitor.post(path, json=body, headers=wrong_form))

    assert status == 200
    assert items["itemsResult"]["items"][0]["asin"] == asin
    assert refused == 401


@pytest.mark.parametrize(
    ("changes", "headers", "status"),
    [
        ({"itemIds": [f"B{number:09d}" for number in range(11)]}, {}, 400),
        ({"itemIds": []}, {}, 400),
        ({"itemIds": ["B099999999"]}, {}, 404),
        ({"partnerTag": "stranger-20"}, {}, 403),
        ({}, {"x-marketplace": "www.amazon.invalid"}, 400),
    ],
)
async def test_amazon_refuses_wrong_calls(visitor, changes, headers, status):
    body = {"partnerTag": "simulator-20", "itemIds": ["B000000016"]} | changes
    all_headers = await amazon_headers(visitor) | headers

    got, _ = await answer(
        visitor.post("/amazon_creators/catalog/v1/getItems", json=body, headers=all_headers)
    )

    assert got == status


async def test_amazon_pages_show_the_price_in_different_blocks(visitor, simulator):
    world, now = simulator.simulator.world, simulator.simulator.now()
    blocks = set()
    for article in (one for one in world.articles if "asin" in one.ids):
        async with visitor.get(f"/amazon_site/dp/{article.ids['asin']}") as response:
            page = BeautifulSoup(await response.text(), "html.parser")
        block = page.select("#corePriceDisplay_desktop_feature_div")[0]
        whole = block.select(".priceToPay .a-price-whole")[0].get_text().replace(",", "").rstrip(".")
        price = Decimal(f"{whole}.{block.select('.priceToPay .a-price-fraction')[0].get_text()}")
        assert price == Market(world, article, Venue.AMAZON, at=now).offer(0).price
        assert page.select("input[name=ASIN]")[0]["value"] == article.ids["asin"]
        hidden = block.select(".priceToPay .a-offscreen")
        blocks.add(
            (bool(block.select(".aok-offscreen")), [bool(one.get_text().strip()) for one in hidden] == [True])
        )

    assert len(blocks) >= 3
