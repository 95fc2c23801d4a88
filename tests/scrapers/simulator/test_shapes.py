"""What the simulator says has the form of what was recorded or documented of the real venues."""

import json
from typing import Any

import pytest

from scrapers.simulator.world import FOIL
from tests.scrapers.simulator.calls import amazon_headers, ebay_headers, ebay_search, first_box, first_card


def differences(sample: Any, made: Any, path: str = "") -> list[str]:
    """Return what the sample has and the made answer lacks, or has in another kind."""
    if isinstance(sample, dict):
        if not isinstance(made, dict):
            return [f"{path} is no object"]
        return [
            line
            for name, value in sample.items()
            for line in (
                differences(value, made[name], f"{path}.{name}")
                if name in made
                else [f"{path}.{name} is missing"]
            )
        ]
    if isinstance(sample, list):
        if not isinstance(made, list):
            return [f"{path} is no array"]
        return differences(sample[0], made[0], f"{path}[]") if sample and made else []
    if sample is None or made is None:
        return []
    kinds = [(int, float) if isinstance(value, int | float) else type(value) for value in (sample, made)]
    is_same = isinstance(sample, bool) is isinstance(made, bool) and kinds[0] == kinds[1]
    return [] if is_same else [f"{path} is {made!r}, recorded as {sample!r}"]


def without(lines: list[str], *known: str) -> list[str]:
    return [line for line in lines if not line.startswith(known)]


@pytest.fixture
def sample(shared_data):
    def read(name: str) -> Any:
        return json.loads((shared_data / "wire" / name).read_text(encoding="utf-8"))

    return read


async def body(answer) -> Any:
    async with answer as response:
        assert response.status == 200, await response.text()
        return await response.json()


def test_differences_sees_what_is_missing_and_what_changed_its_kind():
    assert differences({"a": 1, "b": [{"c": "x"}]}, {"a": 2.5, "b": [{"c": "y"}]}) == []
    assert differences({"a": 1}, {}) == [".a is missing"]
    assert differences({"a": "1"}, {"a": 1}) == [".a is 1, recorded as '1'"]
    assert differences({"a": [{"b": True}]}, {"a": [{"b": 1}]}) == [".a[].b is 1, recorded as True"]


async def test_tcgcsv_answers_as_documented(visitor, simulator, sample):
    group = simulator.simulator.world.sets[-1]
    categories = await body(visitor.get("/tcgcsv/tcgplayer/categories"))
    groups = await body(visitor.get("/tcgcsv/tcgplayer/2/groups"))
    products = await body(visitor.get(f"/tcgcsv/tcgplayer/2/{group.group_id}/products"))
    prices = await body(visitor.get(f"/tcgcsv/tcgplayer/2/{group.group_id}/prices"))

    assert differences(sample("tcgcsv/categories.json"), categories) == []
    assert differences(sample("tcgcsv/3_groups.json"), groups) == []
    assert differences(sample("tcgcsv/3_3170_products.json"), products) == []
    assert differences(sample("tcgcsv/3_3170_prices.json"), prices) == []
    assert "totalItems" not in prices
    assert products["results"][-1]["extendedData"] == []


async def test_tcgplayer_site_answers_as_recorded(visitor, simulator, sample):
    box = first_box(simulator).ids["tcgplayer"]
    request = sample("tcgplayer/search_request.json")
    listing_request = sample("tcgplayer/listings_request.json")
    found = await body(visitor.post("/tcgplayer_search/v1/search/request?q=box&isList=false", json=request))
    listings = await body(visitor.post(f"/tcgplayer_search/v1/product/{box}/listings", json=listing_request))
    details = await body(visitor.get(f"/tcgplayer_search/v2/product/{box}/details"))
    lines = await body(visitor.get("/tcgplayer_search/v1/search/productLines"))

    shape = differences(sample("tcgplayer/search_response_float_ids.json"), found)
    assert without(shape, ".results[].results[].customAttributes.number") == []
    assert differences(sample("tcgplayer/listings_535813.json"), listings) == []
    shape = differences(sample("tcgplayer/product_details_535813.json"), details)
    assert without(shape, ".formattedAttributes.") == []
    assert differences(sample("tcgplayer/product_lines.json"), lines) == []
    assert isinstance(found["results"][0]["results"][0]["productId"], float)
    assert isinstance(listings["results"][0]["results"][0]["sellerId"], str)


async def test_tcgplayer_search_that_finds_nothing_answers_as_recorded(visitor, sample):
    request = sample("tcgplayer/search_request.json")
    found = await body(visitor.post("/tcgplayer_search/v1/search/request?q=nonesuch", json=request))

    assert differences(sample("tcgplayer/search_response_empty.json"), found) == []
    assert found["results"][0]["results"] == []


async def test_tcgplayer_sales_and_history_answer_as_recorded(visitor, simulator, sample):
    box = first_box(simulator).ids["tcgplayer"]
    request = sample("tcgplayer/latestsales_request.json")
    history = await body(visitor.get(f"/tcgplayer_history/price/history/{box}/detailed?range=month"))
    sales = await body(visitor.post(f"/tcgplayer_mpapi/v2/product/{box}/latestsales", json=request))
    nothing = await body(visitor.get("/tcgplayer_history/price/history/1/detailed"))
    no_sales = await body(visitor.post("/tcgplayer_mpapi/v2/product/1/latestsales", json=request))
    postage = await body(visitor.post("/tcgplayer_mpapi/v2/seller/shippinginfo", json=[{"sellerId": 1}]))

    recorded = sample("tcgplayer/price_history_detailed_624679_sealed.json")
    assert differences(recorded, history) == []
    assert differences(recorded["result"][0]["buckets"][0], history["result"][0]["buckets"][0]) == []
    assert nothing == sample("tcgplayer/price_history_null_result.json")
    assert no_sales == sample("tcgplayer/latestsales_empty.json")
    assert set(sales["data"][0]) == {
        "condition", "variant", "language", "quantity", "title", "listingType", "customListingId",
        "purchasePrice", "shippingPrice", "orderDate",
    }  # fmt: skip
    assert differences(sample("tcgplayer/seller_shippinginfo.json"), postage) == []


async def test_ebay_answers_as_recorded(visitor, simulator, sample):
    headers = await ebay_headers(visitor)
    found = await body(ebay_search(visitor, headers, q="booster box", limit="50"))
    nothing = await body(ebay_search(visitor, headers, q="nonesuch", limit="200"))
    found["itemSummaries"].sort(key=lambda row: row["shippingOptions"][0]["shippingCostType"], reverse=True)
    number = found["itemSummaries"][0]["legacyItemId"]
    path = "/ebay_api/buy/browse/v1/item/get_item_by_legacy_id"
    item = await body(visitor.get(path, params={"legacy_item_id": number}, headers=headers))
    async with visitor.get(path, params={"legacy_item_id": "1"}, headers=headers) as response:
        gone, gone_status = await response.json(), response.status
    async with ebay_search(visitor, {}, q="box") as response:
        refused, refused_status = await response.json(), response.status

    shape = differences(sample("ebay/browse_search.json"), found)
    assert without(shape, ".itemSummaries[].currentBidPrice") == []
    assert set(nothing) == set(sample("ebay/browse_search_empty.json"))
    shape = differences(sample("ebay/browse_get_item.json"), item)
    optional = (
        ".color",
        ".itemLocation.city",
        ".itemCreationDate",
        ".shipToLocations",
        ".shippingOptions[].",
    )
    assert without(shape, *optional) == []
    assert (gone_status, gone) == (404, sample("ebay/error_404_item_not_found.json"))
    assert (refused_status, refused) == (401, sample("ebay/error_401_invalid_token.json"))


async def test_ebay_login_answers_as_recorded(visitor, sample):
    headers = await ebay_headers(visitor)
    async with visitor.post("/ebay_api/identity/v1/oauth2/token", headers={"Authorization": headers["Basic"]},
                            data={"grant_type": "password"}) as response:  # fmt: skip
        refused, status = await response.json(), response.status

    assert differences(sample("ebay/oauth_token.json"), json.loads(headers["Answer"])) == []
    assert (status, refused) == (400, sample("ebay/oauth_error.json"))


async def test_amazon_answers_in_the_shape_of_its_client_library(visitor, simulator, sample):
    headers = await amazon_headers(visitor)
    box = next(one for one in simulator.simulator.world.articles if "asin" in one.ids)
    request = {
        "partnerTag": "simulator-20", "itemIds": [box.ids["asin"], "B000000003"],
        "resources": ["offersV2.listings.price"],
    }  # fmt: skip
    items = await body(visitor.post("/amazon_creators/catalog/v1/getItems", json=request, headers=headers))
    request["resources"] = []
    bare = await body(visitor.post("/amazon_creators/catalog/v1/getItems", json=request, headers=headers))

    assert differences(sample("amazon/creatorsapi_getItems.SHAPE.json"), items) == []
    assert differences(sample("amazon/creatorsapi_getItems_no_offer.SHAPE.json"), bare) == []
    assert "offersV2" not in bare["itemsResult"]["items"][0]


async def test_cardmarket_files_are_as_recorded(visitor, simulator, sample):
    base = "/cardmarket_downloads/productCatalog"
    guide = await body(visitor.get(f"{base}/priceGuide/price_guide_1.json"))
    magic = await body(visitor.get(f"{base}/productList/products_singles_1.json"))
    pokemon = await body(visitor.get(f"{base}/productList/products_singles_6.json"))

    assert differences(sample("cardmarket/price_guide_1.2024-12-03.json"), guide) == []
    assert differences(sample("cardmarket/products_singles_1.json"), magic) == []
    assert differences(sample("cardmarket/products_singles_6.json"), pokemon) == []
    assert pokemon["products"][0]["categoryName"] == "Pokémon Single"
    assert any(row["dateAdded"].startswith("0000-00-00") for row in magic["products"] + pokemon["products"])
    foil = next(one for one in simulator.simulator.world.articles if FOIL in one.finishes)
    row = next(row for row in guide["priceGuides"] if str(row["idProduct"]) == foil.ids["mcm"])
    assert row["trend-foil"] > row["trend"]
    assert first_card(simulator).ids["mcm"] == str(guide["priceGuides"][0]["idProduct"])
