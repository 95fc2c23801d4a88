"""The JSON calls of TCGplayer's own site: search, listings, details, sales and price history.

Numbers of the search are floats, ids of sellers are texts, every number of the history is a text, and an
error may come under 200.
"""

import json
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import iso, json_answer
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import SimulatedSale
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle

from .tcgplayer_catalogue import (
    LINES,
    VENUE,
    finishes_of,
    listed,
    market,
    printing,
    product_number,
    sku_number,
    skus,
    url_name,
)
from .tcgplayer_listings import aggregations, listing_rows

routes = web.RouteTableDef()

ALGORITHMS: Final = frozenset({"revenue_dismax", "sales_synonym_v2", "sales_dismax"})
RANGE_FILTERS: Final = frozenset({"quantity", "price", "marketPrice", "directInventory"})
SORT_FIELDS: Final = frozenset({"price", "price+shipping"})
MOST_ROWS, MOST_FROM, MOST_SALES = 50, 10_000, 25


@routes.get("/tcgplayer_search/v1/search/productLines")
async def product_lines(request: web.Request) -> web.Response:
    """List the games as a bare array."""
    return json_answer(
        [
            {
                "productLineId": line.number, "productLineName": line.display_name,
                "productLineUrlName": line.slug, "isDirect": True,
            }
            for line in LINES.values()
        ]
    )  # fmt: skip


@routes.post("/tcgplayer_search/v1/search/request")
async def search(request: web.Request) -> web.Response:
    """Search products; the answer is nested twice and its whole numbers are floats."""
    simulator = simulator_of(request)
    body = await _body(request)
    if body is None or body.get("algorithm") not in ALGORITHMS or not _is_valid_page(body):
        return _bad_request("Invalid search request.")
    filters = body.get("filters") or {}
    if not (filters.get("range") or {}).keys() <= RANGE_FILTERS:
        return _bad_request("Unknown range filter.")
    words = request.query.get("q", "").lower().split()
    lines = {str(name).lower() for name in (filters.get("term") or {}).get("productLineName") or []}
    sets = {str(name).lower() for name in (filters.get("term") or {}).get("setName") or []}
    found = [
        article
        for article in listed(tuple(simulator.world.articles))
        if all(word in f"{article.name} {article.set_name}".lower() for word in words)
        and (
            not lines or {LINES[article.category].slug, LINES[article.category].display_name.lower()} & lines
        )
        and (not sets or {article.set_name.lower(), url_name(article.set_name)} & sets)
    ]
    start = page_start(request, int(body.get("from", 0)))
    rows = [_search_row(simulator, one) for one in found[start : start + int(body.get("size", 24))]]
    return _nested(
        {
            "aggregations": {}, "results": rows, "algorithm": body["algorithm"], "searchType": "product",
            "totalResults": len(found), "resultId": f"rs{len(found):08x}", "didYouMean": {},
        }
    )  # fmt: skip


@routes.post(r"/tcgplayer_search/v1/product/{product:\d+}/listings")
async def listings(request: web.Request) -> web.Response:
    """List the offers of a product; without `exclude.channelExclusion` ghost sellers are among them."""
    simulator = simulator_of(request)
    article = simulator.listed(VENUE, "tcgplayer", request.match_info["product"])
    body = await _body(request)
    if body is None or not _is_valid_page(body):
        return _bad_request("size must be between 1 and 50.")
    filters = body.get("filters") or {}
    if not (filters.get("range") or {}).keys() <= RANGE_FILTERS:
        return _bad_request("Unknown range filter.")
    sort = (body.get("sort") or {}).get("field", "price")
    if sort not in SORT_FIELDS:
        return _bad_request("Unknown sort field.")
    rows = [] if article is None else listing_rows(simulator, article, filters)
    rows.sort(key=lambda row: row["price"] + (row["shippingPrice"] if sort == "price+shipping" else 0))
    start = page_start(request, int(body.get("from", 0)))
    return _nested(
        {
            "totalResults": len(rows), "resultId": f"li{len(rows):08x}",
            "aggregations": aggregations(rows),
            "results": rows[start : start + int(body.get("size", 10))],
        }
    )  # fmt: skip


@routes.get(r"/tcgplayer_search/v2/product/{product:\d+}/details")
async def details(request: web.Request) -> web.Response:
    """Return a product without any envelope."""
    simulator = simulator_of(request)
    article = simulator.listed(VENUE, "tcgplayer", request.match_info["product"])
    if article is None:
        return json_answer({"errors": [{"code": "SAPI-404", "message": "Product not found"}]}, status=404)
    one = simulator.world.set_of(article)
    shown = market(simulator, article, finishes_of(article)[0], simulator.now())
    figures = shown.statistics()
    return json_answer(
        {
            **_names(article), "productId": product_number(article), "setId": one.group_id,
            "marketPrice": figures.market, "lowestPrice": figures.low,
            "lowestPriceWithShipping": None if figures.low is None else figures.low + shown.shipping,
            "medianPrice": figures.mid, "listings": figures.seller_count, "sellers": figures.seller_count,
            "maxFulfillableQuantity": figures.quantity, "customListings": 0, "shippingCategoryId": 1,
            "productTypeName": "Sealed Products" if article.is_sealed else "Cards",
            "rarityName": article.rarity.title() or "None", "normalOnly": len(article.finishes) == 1,
            "foilOnly": False, "sealed": article.is_sealed, "sellerListable": True,
            "skus": [
                {
                    "sku": sku, "condition": condition, "variant": printing(article, finish),
                    "language": "English",
                }
                for sku, finish, condition in skus(article)
            ],
            "formattedAttributes": {} if article.is_sealed else {"#": article.number},
        }
    )  # fmt: skip


@routes.post(r"/tcgplayer_mpapi/v2/product/{product:\d+}/latestsales")
async def latest_sales(request: web.Request) -> web.Response:
    """List the newest sales of a product."""
    simulator = simulator_of(request)
    body = await _body(request)
    limit, offset = (body or {}).get("limit", 25), (body or {}).get("offset", 0)
    if body is None or not isinstance(limit, int) or not 1 <= limit <= MOST_SALES:
        return _bad_request(f"limit must be between 1 and {MOST_SALES}.")
    article = simulator.listed(VENUE, "tcgplayer", request.match_info["product"])
    sales = [] if article is None else _sales(simulator, article)
    start = page_start(request, int(offset))
    page = sales[start : start + limit]
    has_more = start + limit < len(sales)
    return json_answer(
        {
            "previousPage": "Yes" if start else "", "nextPage": "Yes" if has_more else "",
            "resultCount": len(page), "totalResults": len(sales),
            "data": [_sale_row(article, sale) for sale in page if article is not None],
        }
    )  # fmt: skip


@routes.post("/tcgplayer_mpapi/v2/seller/shippinginfo")
async def shipping_info(request: web.Request) -> web.Response:
    """Say what sellers charge for postage, nested once or twice as it happens."""
    sellers = json.loads(await request.read() or b"[]")
    if not isinstance(sellers, list) or len(sellers) > MOST_ROWS:
        return _bad_request("At most 50 sellers.")
    rows = [
        {
            "sellerId": one.get("sellerId", 0), "sellerKey": one.get("sellerKey", ""),
            "sellerShippingOptions": [
                {
                    "shippingPriceUnderThreshold": 1.31, "shippingPriceOverThreshold": 0.0,
                    "thresholdPrice": 5.0,
                }
            ],
        }
        for one in sellers
        if isinstance(one, dict)
    ]  # fmt: skip
    return json_answer({"results": [rows] if len(rows) % 2 else rows})


def _search_row(simulator: Simulator, article: SimulatedArticle) -> dict[str, Any]:
    shown = market(simulator, article, finishes_of(article)[0], simulator.now())
    figures = shown.statistics()
    offers = [shown.offer(position) for position in range(min(figures.seller_count, 2))]
    return {
        "productId": float(product_number(article)), **_names(article), "rarityName": article.rarity.title(),
        "marketPrice": figures.market, "lowestPrice": figures.low,
        "lowestPriceWithShipping": None if figures.low is None else figures.low + shown.shipping,
        "imageCount": 1.0, "totalListings": float(figures.seller_count), "sealed": article.is_sealed,
        "productUrlName": url_name(article.name),
        "customAttributes": {"number": article.number} if article.number else {},
        "listings": [
            {
                "productConditionId": float(sku_number(article, offer.finish, offer.condition)),
                "sellerKey": f"{offer.seller_number:08x}", "sellerName": f"Seller {offer.seller_number}",
                "price": offer.price, "quantity": float(offer.quantity), "condition": offer.condition,
                "printing": printing(article, offer.finish),
            }
            for offer in offers
        ],
    }  # fmt: skip


def _names(article: SimulatedArticle) -> dict[str, Any]:
    line = LINES[article.category]
    return {
        "productName": article.name, "setName": article.set_name, "setCode": article.set_code,
        "productLineName": line.display_name, "productLineId": line.number,
    }  # fmt: skip


def _sales(simulator: Simulator, article: SimulatedArticle) -> list[SimulatedSale]:
    since = (simulator.now() - timedelta(days=14)).date()
    sales = [
        sale
        for finish in finishes_of(article)
        for sale in market(simulator, article, finish, simulator.now()).sales(since=since)
    ]
    return sorted(sales, key=lambda sale: sale.sold_at, reverse=True)


def _sale_row(article: SimulatedArticle, sale: SimulatedSale) -> dict[str, Any]:
    return {
        "condition": sale.condition, "variant": printing(article, sale.finish), "language": "English",
        "quantity": sale.quantity, "title": article.name, "listingType": "ListingWithoutPhotos",
        "customListingId": "0", "purchasePrice": sale.price, "shippingPrice": sale.shipping,
        "orderDate": iso(sale.sold_at, timespec="milliseconds").replace("Z", "+00:00"),
    }  # fmt: skip


async def _body(request: web.Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.read())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _is_valid_page(body: dict[str, Any]) -> bool:
    start, size = body.get("from", 0), body.get("size", 24)
    is_whole = isinstance(start, int) and isinstance(size, int)
    return is_whole and 0 <= start < MOST_FROM and 1 <= size <= MOST_ROWS


def _nested(result: dict[str, Any]) -> web.Response:
    return json_answer({"errors": [], "results": [result]})


def _bad_request(message: str) -> web.Response:
    return json_answer({"errors": [{"code": "SAPI-400", "message": message}], "results": []}, status=400)
