"""TCGplayer's interfaces refuse what the real ones refuse and agree with one another."""

from datetime import timedelta

import pytest

from scrapers.simulator.market import Market
from scrapers.simulator.world import Venue
from tests.scrapers.simulator.calls import (
    answer,
    first_box,
    first_card,
    tcgplayer_headers,
)

LISTINGS = {
    "filters": {"exclude": {"channelExclusion": 0}},
    "from": 0,
    "size": 50,
    "sort": {"field": "price"},
}


async def test_all_views_of_tcgplayer_tell_the_same_price(visitor, simulator):
    box = first_box(simulator)
    number = box.ids["tcgplayer"]
    expected = Market(simulator.simulator.world, box, Venue.TCGPLAYER, at=simulator.simulator.now())
    headers = await tcgplayer_headers(visitor)

    _, api = await answer(visitor.get(f"/tcgplayer_api/v1.39.0/pricing/product/{number}", headers=headers))
    _, details = await answer(visitor.get(f"/tcgplayer_search/v2/product/{number}/details"))
    _, listings = await answer(visitor.post(f"/tcgplayer_search/v1/product/{number}/listings", json=LISTINGS))

    low = float(expected.offer(0).price)
    offers = listings["results"][0]["results"]
    assert api["results"][0]["lowPrice"] == details["lowestPrice"] == offers[0]["price"] == low
    assert api["results"][0]["marketPrice"] == details["marketPrice"] == float(expected.price)
    assert listings["results"][0]["totalResults"] == details["listings"] == expected.seller_count


async def test_ghost_sellers_appear_unless_they_are_excluded(visitor, simulator):
    path = f"/tcgplayer_search/v1/product/{first_box(simulator).ids['tcgplayer']}/listings"

    _, clean = await answer(visitor.post(path, json=LISTINGS))
    _, haunted = await answer(visitor.post(path, json=LISTINGS | {"filters": {}}))

    cheapest = haunted["results"][0]["results"][0]
    assert cheapest["channelId"] == 1
    assert cheapest["price"] < clean["results"][0]["results"][0]["price"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/search/request?q=box", {"algorithm": "sales_dismax", "from": 0, "size": 51}),
        ("/v1/search/request?q=box", {"algorithm": "", "from": 0, "size": 50}),
        ("/v1/search/request?q=box", {"algorithm": "guesswork", "from": 0, "size": 50}),
        ("/v1/search/request?q=box", {"algorithm": "sales_dismax", "from": 10_000, "size": 50}),
        ("/v1/search/request?q=box", {"algorithm": "sales_dismax", "filters": {"range": {"colour": {}}}}),
        ("/v1/product/970000016/listings", LISTINGS | {"size": 51}),
        ("/v1/product/970000016/listings", LISTINGS | {"filters": {"range": {"colour": {"gte": 1}}}}),
    ],
)  # fmt: skip
async def test_tcgplayer_refuses_what_it_does_not_know(visitor, path, body):
    status, refused = await answer(visitor.post(f"/tcgplayer_search{path}", json=body))

    assert status == 400
    assert refused["errors"]


@pytest.mark.parametrize("algorithm", ["revenue_dismax", "sales_synonym_v2", "sales_dismax"])
async def test_tcgplayer_accepts_the_known_algorithms(visitor, algorithm):
    body = {"algorithm": algorithm, "from": 0, "size": 50}

    status, _ = await answer(visitor.post("/tcgplayer_search/v1/search/request?q=box", json=body))

    assert status == 200


async def test_tcgplayer_api_answers_partly_and_refuses_too_much(visitor, simulator):
    headers = await tcgplayer_headers(visitor)
    base = "/tcgplayer_api/v1.39.0"
    known = first_card(simulator).ids["tcgplayer"]
    many = ",".join(["1"] * 251)

    part = await answer(visitor.get(f"{base}/pricing/product/{known},5", headers=headers))
    empty_group = await answer(visitor.get(f"{base}/pricing/group/5", headers=headers))
    too_many = await answer(visitor.get(f"{base}/pricing/product/{many}", headers=headers))
    too_long = await answer(visitor.get(f"{base}/catalog/products?categoryId=1&limit=101", headers=headers))
    stranger = await answer(visitor.get(f"{base}/pricing/product/{known}"))

    assert (part[0], part[1]["success"], len(part[1]["errors"])) == (200, False, 1)
    assert part[1]["results"]
    assert [reply[0] for reply in (empty_group, too_many, too_long, stranger)] == [404, 400, 400, 401]


async def test_latest_sales_and_history_count_the_same_copies(visitor, simulator):
    box = first_box(simulator).ids["tcgplayer"]
    _, history = await answer(visitor.get(f"/tcgplayer_history/price/history/{box}/detailed?range=month"))
    path = f"/tcgplayer_mpapi/v2/product/{box}/latestsales"
    _, sales = await answer(visitor.post(path, json={"limit": 25, "offset": 0}))

    day = simulator.simulator.now().date() - timedelta(days=3)
    bucket = next(one for one in history["result"][0]["buckets"] if one["bucketStartDate"] == day.isoformat())
    sold = [row["quantity"] for row in sales["data"] if row["orderDate"].startswith(day.isoformat())]
    assert int(bucket["quantitySold"]) == sum(sold)
    assert all(isinstance(value, str) for value in bucket.values())
