"""TCGplayer's official API v1.39 for holders of keys: catalogue and pricing, partial success and all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from aiohttp import web

from scrapers.simulator.answers import json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.state import simulator_of
from scrapers.simulator.tokens import bearer_value
from scrapers.simulator.world import FOIL, NONFOIL, SimulatedArticle

from .tcgcsv import group_row, product_row
from .tcgplayer_catalogue import (
    CONDITIONS,
    GAMES,
    LINES,
    VENUE,
    finishes_of,
    group,
    groups_of,
    listed,
    market,
    price_row,
    product_number,
    skus,
)

routes = web.RouteTableDef()

ENDPOINT: Final = "tcgplayer_api"
LIFETIME: Final = timedelta(days=14)
MOST_ROWS, MOST_IDS = 100, 250
_BASE = "/tcgplayer_api/v1.39.0"


@routes.post("/tcgplayer_api/token")
async def token(request: web.Request) -> web.Response:
    """Issue a bearer token for the keys."""
    simulator = simulator_of(request)
    form = await request.post()
    if form.get("grant_type") != "client_credentials":
        return json_answer({"error": "unsupported_grant_type"}, status=400)
    is_known = simulator.credentials.accept(str(form.get("client_id")), str(form.get("client_secret")))
    if not is_known or simulator.tokens.is_revoked(ENDPOINT):
        return json_answer({"error": "invalid_client"}, status=400)
    lifetime = simulator.token_lifetime or LIFETIME
    value = simulator.tokens.issue(ENDPOINT, lifetime=lifetime)
    return json_answer(
        {
            "access_token": value, "token_type": "bearer", "expires_in": int(lifetime.total_seconds()),
            "userName": simulator.credentials.client_id,
        }
    )  # fmt: skip


@routes.get(f"{_BASE}/catalog/categories")
async def categories(request: web.Request) -> web.Response:
    """List the games."""
    return _refused(request) or _page(
        request,
        [
            {
                "categoryId": line.number, "name": line.name, "displayName": line.name,
                "modifiedOn": "2025-11-19T15:58:35.27", "popularity": 1_000_000 // line.number,
            }
            for line in LINES.values()
        ],
    )  # fmt: skip


@routes.get(_BASE + r"/catalog/categories/{category:\d+}/printings")
async def printings(request: web.Request) -> web.Response:
    """List what the finishes of a game are called."""
    refused = _refused(request)
    if refused is not None:
        return refused
    game = GAMES.get(int(request.match_info["category"]))
    if game is None:
        return _failed(404, "No printings were found.")
    rows = [
        {"printingId": position, "name": LINES[game].printings[finish], "displayOrder": position}
        for position, finish in enumerate((NONFOIL, FOIL), 1)
    ]
    return _found(rows)


@routes.get(f"{_BASE}/catalog/groups")
async def groups(request: web.Request) -> web.Response:
    """List the sets of a game (`categoryId`), a page at a time."""
    refused = _refused(request)
    if refused is not None:
        return refused
    game = GAMES.get(whole(request.query.get("categoryId"), 0) or 0)
    if game is None:
        return _failed(404, "No groups were found.")
    return _page(request, [group_row(one) for one in groups_of(simulator_of(request), game)])


@routes.get(f"{_BASE}/catalog/products")
async def products(request: web.Request) -> web.Response:
    """List products of a game, a group, or by name; SKUs on demand."""
    refused = _refused(request)
    if refused is not None:
        return refused
    simulator = simulator_of(request)
    game = GAMES.get(whole(request.query.get("categoryId"), 0) or 0)
    asked_group = whole(request.query.get("groupId"), 0)
    words = request.query.get("productName", "").lower().split()
    chosen = [
        product_row(article, one) | _sku_rows(request, article)
        for one in simulator.world.sets
        for article in listed(one.articles)
        if one.category == (game or one.category)
        and (not asked_group or one.group_id == asked_group)
        and all(word in article.name.lower() for word in words)
    ]
    return _page(request, chosen) if chosen else _failed(404, "No products were found.")


@routes.get(_BASE + r"/catalog/products/{ids:[\d,]+}")
async def products_by_id(request: web.Request) -> web.Response:
    """Return products by their numbers; unknown ones become errors beside the results."""
    return _by_ids(request, _product)


@routes.get(_BASE + r"/catalog/products/{product:\d+}/skus")
async def product_skus(request: web.Request) -> web.Response:
    """List what a product is sold as: every finish in every condition."""
    refused = _refused(request)
    if refused is not None:
        return refused
    article = simulator_of(request).listed(VENUE, "tcgplayer", request.match_info["product"])
    return _failed(404, "No SKUs were found.") if article is None else _found(_skus(article))


@routes.get(_BASE + r"/pricing/product/{ids:[\d,]+}")
async def product_prices(request: web.Request) -> web.Response:
    """Return the statistics of products, one row for each finish."""
    return _by_ids(request, _statistics)


@routes.get(_BASE + r"/pricing/group/{group:\d+}")
async def group_prices(request: web.Request) -> web.Response:
    """Return the statistics of a set; 404 for an empty one."""
    refused = _refused(request)
    if refused is not None:
        return refused
    found = group(simulator_of(request), int(request.match_info["group"]))
    rows = (
        [] if found is None else [row for one in listed(found.articles) for row in _statistics(request, one)]
    )
    return _found(rows) if rows else _failed(404, "No pricing was found for the group.")


@routes.get(_BASE + r"/pricing/sku/{ids:[\d,]+}")
async def sku_prices(request: web.Request) -> web.Response:
    """Return the prices of SKUs (one finish in one condition)."""
    refused = _refused(request)
    if refused is not None:
        return refused
    simulator = simulator_of(request)
    numbers = _numbers(request)
    if len(numbers) > MOST_IDS:
        return _failed(400, f"At most {MOST_IDS} ids may be requested.")
    known = {
        sku: (article, finish)
        for article in listed(tuple(simulator.world.articles))
        for sku, finish, _ in skus(article)
    }
    rows: list[dict[str, object]] = []
    for number in numbers:
        if number in known:
            article, finish = known[number]
            shown = market(simulator, article, finish, simulator.now())
            low, postage = shown.statistics().low, shown.shipping
            rows.append(
                {
                    "skuId": number, "lowPrice": low, "lowestShipping": postage,
                    "lowestListingPrice": None if low is None else low + postage,
                    "marketPrice": shown.statistics().market or None, "directLowPrice": None,
                }
            )  # fmt: skip
    missing = [f"SKU {number} was not found." for number in numbers if number not in known]
    return _found(rows, missing) if rows else _failed(404, *missing)


def _by_ids(
    request: web.Request, rows_of: Callable[[web.Request, SimulatedArticle], list[dict[str, object]]]
) -> web.Response:
    refused = _refused(request)
    if refused is not None:
        return refused
    simulator = simulator_of(request)
    numbers = _numbers(request)
    if len(numbers) > MOST_IDS:
        return _failed(400, f"At most {MOST_IDS} ids may be requested.")
    rows: list[dict[str, object]] = []
    missing = []
    for number in numbers:
        article = simulator.listed(VENUE, "tcgplayer", str(number))
        if article is None:
            missing.append(f"Product {number} was not found.")
        else:
            rows += rows_of(request, article)
    return _found(rows, missing) if rows else _failed(404, *missing)


def _product(request: web.Request, article: SimulatedArticle) -> list[dict[str, object]]:
    one = simulator_of(request).world.set_of(article)
    return [product_row(article, one) | _sku_rows(request, article)]


def _statistics(request: web.Request, article: SimulatedArticle) -> list[dict[str, object]]:
    simulator = simulator_of(request)
    return [price_row(simulator, article, finish, simulator.now()) for finish in finishes_of(article)]


def _sku_rows(request: web.Request, article: SimulatedArticle) -> dict[str, object]:
    if request.query.get("includeSkus", "").lower() != "true":
        return {}
    return {"skus": _skus(article)}


def _skus(article: SimulatedArticle) -> list[dict[str, object]]:
    finishes = (NONFOIL, FOIL)
    return [
        {
            "skuId": sku, "productId": product_number(article), "languageId": 1,
            "printingId": finishes.index(finish) + 1, "conditionId": CONDITIONS[condition],
        }
        for sku, finish, condition in skus(article)
    ]  # fmt: skip


def _numbers(request: web.Request) -> list[int]:
    return [int(text) for text in request.match_info["ids"].split(",") if text]


def _refused(request: web.Request) -> web.Response | None:
    """Return the answer to a call without a valid token, None if it has one."""
    value = bearer_value(request.headers.get("Authorization", ""))
    if simulator_of(request).tokens.is_valid(ENDPOINT, value):
        return None
    return json_answer(
        {"success": False, "errors": ["Missing or invalid bearer token."], "results": []}, status=401
    )


def _page(request: web.Request, rows: list[dict[str, object]]) -> web.Response:
    offset = whole(request.query.get("offset"), 0)
    limit = whole(request.query.get("limit"), 10)
    if offset is None or limit is None or offset < 0 or not 1 <= limit <= MOST_ROWS:
        return _failed(400, f"Limit must be between 1 and {MOST_ROWS}.")
    start = page_start(request, offset)
    return json_answer(
        {"totalItems": len(rows), "success": True, "errors": [], "results": rows[start : start + limit]}
    )


def _found(rows: list[dict[str, object]], errors: list[str] | None = None) -> web.Response:
    return json_answer({"success": not errors, "errors": errors or [], "results": rows})


def _failed(status: int, *errors: str) -> web.Response:
    return json_answer({"success": False, "errors": list(errors), "results": []}, status=status)
