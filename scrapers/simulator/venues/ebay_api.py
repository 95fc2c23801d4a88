"""eBay's REST interface: client credentials, the Browse API with its paging rules and warnings under 200."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from scrapers.simulator.answers import iso, json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.state import Simulator, origin_of, simulator_of
from scrapers.simulator.tokens import basic_pair, bearer_value
from scrapers.simulator.world import SimulatedArticle

from .ebay_filters import parse_filters
from .ebay_listings import VENUE, Listing, find_listing, listings_of, matching

routes = web.RouteTableDef()

ENDPOINT: Final = "ebay_api"
LIFETIME: Final = timedelta(hours=2)
SCOPE: Final = "https://api.ebay.com/oauth/api_scope"
CALLS_A_DAY: Final = 5_000
MOST_ROWS, MOST_OFFSET, MOST_ITEMS = 200, 9_999, 10_000
_BROWSE: Final = "/ebay_api/buy/browse/v1"


@routes.post("/ebay_api/identity/v1/oauth2/token")
async def token(request: web.Request) -> web.Response:
    """Issue an application token for the client's Basic credentials."""
    simulator = simulator_of(request)
    form = await request.post()
    pair = basic_pair(request.headers.get("Authorization", ""))
    if pair is None or not simulator.credentials.accept(*pair) or simulator.tokens.is_revoked(ENDPOINT):
        return _oauth_error(401, "invalid_client", "client authentication failed")
    if form.get("grant_type") != "client_credentials":
        return _oauth_error(
            400,
            "unsupported_grant_type",
            "grant type in request is not supported by the authorization server",
        )
    if SCOPE not in str(form.get("scope", "")).split():
        return _oauth_error(400, "invalid_scope", "The requested scope is invalid, unknown or malformed")
    lifetime = simulator.token_lifetime or LIFETIME
    return json_answer(
        {
            "access_token": simulator.tokens.issue(ENDPOINT, lifetime=lifetime),
            "expires_in": int(lifetime.total_seconds()), "token_type": "Application Access Token",
        }
    )  # fmt: skip


@routes.get(f"{_BROWSE}/item_summary/search")
async def search(request: web.Request) -> web.Response:
    """Search listings. Nothing found: no `itemSummaries`; a bad filter: a warning beside everything."""
    simulator = simulator_of(request)
    refused = _refused(request)
    if refused is not None:
        return refused
    limit, offset = whole(request.query.get("limit"), 50), whole(request.query.get("offset"), 0)
    wrong = _wrong_page(limit, offset)
    if wrong is not None or limit is None or offset is None:
        return wrong or _error(400, 12515, "The 'offset' value is invalid.")
    articles = _found_articles(simulator, request)
    if articles is None:
        return _error(
            400, 12001, "The call must have a valid 'q', 'category_ids', 'epid' or 'gtin' parameter."
        )
    filters = parse_filters(request.query.get("filter"))
    marketplace = request.headers.get("X-EBAY-C-MARKETPLACE-ID", "EBAY_US")
    found = [
        listing
        for article in articles
        for listing in listings_of(simulator, article, marketplace=marketplace)
        if filters.keep(listing) and _is_in_category(request, listing)
    ]
    _sort(found, request.query.get("sort", ""))
    start = page_start(request, offset)
    page = found[:MOST_ITEMS][start : start + limit]
    answer: dict[str, Any] = {"href": _page_url(request, offset), "total": len(found)}
    if offset + limit < min(len(found), MOST_ITEMS):
        answer["next"] = _page_url(request, offset + limit)
    if offset:
        answer["prev"] = _page_url(request, max(offset - limit, 0))
    answer |= {"limit": limit, "offset": offset}
    if page:
        answer["itemSummaries"] = [_summary(simulator, listing) for listing in page]
    if filters.warnings:
        answer["warnings"] = filters.warnings
    return json_answer(answer)


@routes.get(f"{_BROWSE}/item/get_item_by_legacy_id")
async def item_by_legacy_id(request: web.Request) -> web.Response:
    """Return a listing by the number in its address."""
    return _refused(request) or _item(request, request.query.get("legacy_item_id", ""))


@routes.get(_BROWSE + "/item/{item_id}")
async def item(request: web.Request) -> web.Response:
    """Return a listing by its REST id (`v1|number|variation`)."""
    parts = request.match_info["item_id"].split("|")
    number = parts[1] if len(parts) == 3 and parts[0] == "v1" else ""
    return _refused(request) or _item(request, number)


@routes.get("/ebay_api/developer/analytics/v1_beta/rate_limit/")
@routes.get("/ebay_api/developer/analytics/v1_beta/rate_limit")
async def rate_limit(request: web.Request) -> web.Response:
    """Say how many calls are left today."""
    simulator = simulator_of(request)
    day, calls = simulator.calls_today.get(ENDPOINT, (simulator.now().date(), 0))
    used = calls if day == simulator.now().date() else 0
    reset = (simulator.now() + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    rate = {
        "limit": CALLS_A_DAY, "remaining": max(CALLS_A_DAY - used, 0),
        "reset": iso(reset, timespec="milliseconds"),
        "timeWindow": 86_400,
    }  # fmt: skip
    return json_answer(
        {
            "rateLimits": [
                {
                    "apiContext": "buy", "apiName": "Browse", "apiVersion": "v1",
                    "resources": [{"name": "buy.browse", "rates": [rate]}],
                }
            ]
        }
    )  # fmt: skip


def _found_articles(simulator: Simulator, request: web.Request) -> list[SimulatedArticle] | None:
    """Return the articles a search is about, None if it says nothing to search for."""
    query = request.query
    if query.get("epid"):
        return _known(simulator, "epid", query["epid"])
    if query.get("gtin"):
        return _known(simulator, "gtin", query["gtin"])
    if query.get("q"):
        return matching(simulator, query["q"])
    return simulator.world.listed(VENUE) if query.get("category_ids") else None


def _known(simulator: Simulator, source: str, external_id: str) -> list[SimulatedArticle]:
    article = simulator.listed(VENUE, source, external_id)
    return [article] if article is not None else []


def _is_in_category(request: web.Request, listing: Listing) -> bool:
    wanted = request.query.get("category_ids", "")
    return not wanted or listing.category_id in wanted.split(",")


def _sort(listings: list[Listing], field: str) -> None:
    if field.lstrip("-") == "price":
        listings.sort(key=lambda one: one.price + one.shipping, reverse=field.startswith("-"))


def _summary(simulator: Simulator, listing: Listing) -> dict[str, Any]:
    number = listing.offer.listing_id
    amount = {"value": str(listing.price), "currency": listing.currency}
    summary: dict[str, Any] = {
        "itemId": listing.item_id, "title": listing.title, "leafCategoryIds": [listing.category_id],
        "categories": [{"categoryId": listing.category_id, "categoryName": "Collectible Card Games"}],
        "image": {"imageUrl": f"https://i.ebayimg.com/images/g/{number}/s-l225.jpg"},
        "price": amount, "itemHref": f"https://api.ebay.com/buy/browse/v1/item/{listing.item_id}",
        "seller": _seller(listing), "condition": listing.condition, "conditionId": listing.condition_id,
        "thumbnailImages": [{"imageUrl": f"https://i.ebayimg.com/images/g/{number}/s-l96.jpg"}],
        "shippingOptions": [_postage(listing)], "buyingOptions": ["FIXED_PRICE", "BEST_OFFER"],
        "itemWebUrl": f"https://www.ebay.com/itm/{number}?hash=item{number:x}",
        "itemLocation": {"postalCode": "100**", "country": "US"},
        "additionalImages": [], "adultOnly": False, "legacyItemId": str(number),
        "availableCoupons": False, "itemCreationDate": "2026-10-19T10:01:58.000Z",
        "topRatedBuyingExperience": False,
        "priorityListing": False, "listingMarketplaceId": "EBAY_US",
    }  # fmt: skip
    if "epid" in listing.article.ids:
        summary["epid"] = listing.article.ids["epid"]
    if listing.is_auction:
        del summary["price"]
        end = simulator.now() + timedelta(days=2)
        summary |= {
            "buyingOptions": ["AUCTION"], "bidCount": 3, "currentBidPrice": amount,
            "itemEndDate": iso(end, timespec="milliseconds"),
        }  # fmt: skip
    return summary


def _item(request: web.Request, text: str) -> web.Response:
    simulator = simulator_of(request)
    marketplace = request.headers.get("X-EBAY-C-MARKETPLACE-ID", "EBAY_US")
    listing = find_listing(simulator, int(text), marketplace=marketplace) if text.isdecimal() else None
    if listing is None:
        return _error(404, 11001, "The specified item Id was not found.")
    summary = _summary(simulator, listing)
    for name in ("leafCategoryIds", "categories", "itemHref", "thumbnailImages", "itemCreationDate"):
        del summary[name]
    return json_answer(
        {
            **summary, "shortDescription": "Sealed and stored well.", "categoryId": listing.category_id,
            "categoryPath": "Toys & Hobbies|Collectible Card Games", "brand": "Invented Games",
            "seller": _seller(listing) | {"sellerLegalInfo": _legal_info(listing)},
            "estimatedAvailabilities": [
                {
                    "deliveryOptions": ["SHIP_TO_HOME"], "estimatedAvailabilityStatus": "IN_STOCK",
                    "estimatedAvailableQuantity": listing.offer.quantity, "estimatedSoldQuantity": 4,
                }
            ],
            "returnTerms": {"returnsAccepted": False}, "localizedAspects": [],
            "description": f"<div>{listing.title}</div>", "enabledForGuestCheckout": True,
            "eligibleForInlineCheckout": True,
        }
    )  # fmt: skip


def _seller(listing: Listing) -> dict[str, Any]:
    number = listing.offer.seller_number
    return {
        "username": f"seller-{number}", "feedbackPercentage": "99.4", "feedbackScore": number,
        "sellerAccountType": "BUSINESS" if number % 2 else "INDIVIDUAL",
    }  # fmt: skip


def _legal_info(listing: Listing) -> dict[str, Any]:
    """Return what must never be stored: a business seller's name, address and e-mail. All invented."""
    number = listing.offer.seller_number
    return {
        "email": f"seller-{number}@example.invalid", "name": f"Ada Invented {number}",
        "sellerProvidedLegalAddress": {"addressLine1": f"{number} Nowhere Street", "country": "US"},
    }  # fmt: skip


def _postage(listing: Listing) -> dict[str, Any]:
    if listing.offer.listing_id % 11 == 0:
        return {"shippingCostType": "CALCULATED"}
    return {
        "shippingCostType": "FIXED",
        "shippingCost": {"value": str(listing.shipping), "currency": listing.currency},
    }


def _page_url(request: web.Request, offset: int) -> str:
    query = urlencode({**request.query, "offset": str(offset)})
    return f"{origin_of(request)}{request.path}?{query}"


def _wrong_page(limit: int | None, offset: int | None) -> web.Response | None:
    if limit is None or not 1 <= limit <= MOST_ROWS:
        return _error(400, 12516, f"The 'limit' value should be between 1 and {MOST_ROWS} (inclusive).")
    if offset is None or offset < 0:
        return _error(400, 12515, "The 'offset' value is invalid.")
    if offset > MOST_OFFSET or offset + limit > MOST_ITEMS:
        return _error(400, 12029, "The 'offset' value can not be greater than 9,999.")
    if offset % limit:
        return _error(400, 12515, "The 'offset' value must be zero or a multiple of the 'limit' value.")
    return None


def _refused(request: web.Request) -> web.Response | None:
    """Return the answer to a call without a valid token or beyond the day's allowance; None to go on."""
    simulator = simulator_of(request)
    value = bearer_value(request.headers.get("Authorization", ""))
    if not simulator.tokens.is_valid(ENDPOINT, value):
        return json_answer(
            {
                "errors": [
                    {
                        "errorId": 1001, "domain": "OAuth", "category": "REQUEST",
                        "message": "Invalid access token",
                        "longMessage": "Invalid access token. Check the value of the Authorization HTTP"
                        " request header.",
                    }
                ]
            },
            status=401,
        )  # fmt: skip
    if simulator.count_call(ENDPOINT) > CALLS_A_DAY:
        return _error(429, 2001, "Too many requests. The request limit has been reached for the resource.")
    return None


def _error(status: int, number: int, message: str) -> web.Response:
    row = {"errorId": number, "domain": "API_BROWSE", "category": "REQUEST", "message": message}
    return json_answer({"errors": [row]}, status=status)


def _oauth_error(status: int, error: str, description: str) -> web.Response:
    return json_answer({"error": error, "error_description": description}, status=status)
