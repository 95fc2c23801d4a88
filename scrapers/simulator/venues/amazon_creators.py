"""Amazon's Creators API: two generations of tokens, ten items a call, offers that may be absent or hidden.

No answer of the real one was ever recorded: names follow the models of its public client library.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.tokens import basic_pair
from scrapers.simulator.walks import number_of
from scrapers.simulator.world import SimulatedArticle, Venue

routes = web.RouteTableDef()

ENDPOINT: Final = "amazon_login"
VENUE: Final = Venue.AMAZON
LIFETIME: Final = timedelta(hours=1)
MOST_ITEMS: Final = 10
SCOPES: Final = {"v2": "creatorsapi/default", "v3": "creatorsapi::default"}
MARKETPLACES: Final[Mapping[str, tuple[str, Decimal]]] = {
    "www.amazon.com": ("USD", Decimal(1)), "www.amazon.de": ("EUR", Decimal("0.92")),
    "www.amazon.co.uk": ("GBP", Decimal("0.79")), "www.amazon.co.jp": ("JPY", Decimal(150)),
}  # fmt: skip
HIDDEN_EVERY: Final = 17  # of offers break the maker's least advertised price, which hides theirs


@routes.post("/amazon_login/oauth2/token")
async def token_v2(request: web.Request) -> web.Response:
    """Issue a token of generation 2 for a form."""
    form = await request.post()
    pair = basic_pair(request.headers.get("Authorization", "")) or (
        str(form.get("client_id", "")), str(form.get("client_secret", "")),
    )  # fmt: skip
    return _token(request, "v2", form, pair)


@routes.post("/amazon_login/auth/o2/token")
async def token_v3(request: web.Request) -> web.Response:
    """Issue a token of generation 3 for a JSON body."""
    body = await _body(request)
    if body is None:
        return json_answer({"error": "invalid_request"}, status=400)
    return _token(request, "v3", body, (str(body.get("client_id", "")), str(body.get("client_secret", ""))))


@routes.post("/amazon_creators/catalog/v1/getItems")
async def get_items(request: web.Request) -> web.Response:
    """Return items by ASIN; what cannot be returned becomes an error beside the good ones."""
    simulator = simulator_of(request)
    body = await _body(request)
    refused = _refused(request, body)
    if refused is not None or body is None:
        return refused or _error(400, "ValidationException", "The body is not a JSON object.")
    ids = body.get("itemIds")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_ITEMS:
        return _error(400, "ValidationException", f"itemIds must hold between 1 and {MOST_ITEMS} values.")
    items, errors = [], []
    for asin in ids:
        article = simulator.listed(VENUE, "asin", str(asin))
        if article is None:
            errors.append({"code": "ItemNotAccessible", "message": f"The ItemId {asin} is not accessible."})
        else:
            items.append(_item(simulator, article, request, body))
    if not items:
        return _error(404, "ResourceNotFoundException", "No items were found.", errors)
    answer: dict[str, Any] = {"itemsResult": {"items": items}}
    return json_answer(answer | ({"errors": errors} if errors else {}))


@routes.post("/amazon_creators/catalog/v1/searchItems")
async def search_items(request: web.Request) -> web.Response:
    """Search items by keywords, at most ten a page and ten pages."""
    simulator = simulator_of(request)
    body = await _body(request)
    refused = _refused(request, body)
    if refused is not None or body is None:
        return refused or _error(400, "ValidationException", "The body is not a JSON object.")
    count, page = body.get("itemCount", 10), body.get("itemPage", 1)
    if not (isinstance(count, int) and isinstance(page, int) and 1 <= count <= 10 and 1 <= page <= 10):
        return _error(400, "ValidationException", "itemCount and itemPage must be between 1 and 10.")
    words = str(body.get("keywords", "")).lower().split()
    found = [
        article
        for article in simulator.world.listed(VENUE)
        if "asin" in article.ids and words and all(word in article.title.lower() for word in words)
    ]
    if not found:
        return _error(404, "ResourceNotFoundException", "No items were found.")
    chosen = found[(page - 1) * count : page * count]
    items = [_item(simulator, article, request, body) for article in chosen]
    return json_answer({"searchResult": {"totalResultCount": len(found), "items": items}})


def _token(
    request: web.Request, generation: str, asked: Mapping[str, Any], pair: tuple[str, str]
) -> web.Response:
    simulator = simulator_of(request)
    if asked.get("grant_type") != "client_credentials":
        return json_answer({"error": "unsupported_grant_type"}, status=400)
    if not simulator.credentials.accept(*pair) or simulator.tokens.is_revoked(ENDPOINT):
        return json_answer({"error": "invalid_client"}, status=401)
    if asked.get("scope") != SCOPES[generation]:
        return json_answer({"error": "invalid_scope"}, status=400)
    lifetime = simulator.token_lifetime or LIFETIME
    value = simulator.tokens.issue(ENDPOINT, lifetime=lifetime)
    return json_answer(
        {
            "access_token": f"{generation}.{value}", "token_type": "bearer",
            "expires_in": int(lifetime.total_seconds()),
        }
    )  # fmt: skip


def _item(
    simulator: Simulator, article: SimulatedArticle, request: web.Request, body: dict[str, Any]
) -> dict[str, Any]:
    asin = article.ids["asin"]
    marketplace = request.headers["x-marketplace"]
    item: dict[str, Any] = {
        "asin": asin, "detailPageURL": f"https://{marketplace}/dp/{asin}?tag={body['partnerTag']}",
        "itemInfo": {"title": {"displayValue": article.name, "label": "Title", "locale": "en_US"}},
    }  # fmt: skip
    listing = _listing(simulator, article, marketplace)
    wants_offers = any(str(name).startswith("offersV2") for name in body.get("resources") or [])
    if listing is not None and wants_offers:
        item["offersV2"] = {"listings": [listing]}
    return item


def _listing(simulator: Simulator, article: SimulatedArticle, marketplace: str) -> dict[str, Any] | None:
    """Return the featured offer, None if there is none."""
    market = Market(simulator.world, article, VENUE, at=simulator.now())
    if not market.seller_count:
        return None
    currency, rate = MARKETPLACES[marketplace]
    offer = market.offer(0)
    struck = float((offer.price * rate * Decimal("1.06")).quantize(Decimal("0.01")))
    amount = float((offer.price * rate).quantize(Decimal("0.01")))
    is_hidden = number_of(article.key, "map", below=HIDDEN_EVERY) == 0
    listing: dict[str, Any] = {
        "availability": {
            "maxOrderQuantity": min(offer.quantity, 30), "minOrderQuantity": 1, "message": "In Stock",
            "type": "IN_STOCK",
        },
        "condition": {"value": "New", "subCondition": "Unknown", "conditionNote": ""},
        "isBuyBoxWinner": True, "merchantInfo": {"id": "A0SIMULATED000", "name": "Invented Seller"},
        "violatesMAP": is_hidden,
    }  # fmt: skip
    if not is_hidden:
        listing["price"] = {
            "money": _money(amount, currency),
            "savingBasis": {"money": _money(struck, currency), "savingBasisType": "WAS_PRICE"},
            "savings": {"money": _money(round(struck - amount, 2), currency), "percentage": 6},
        }
    return listing


def _money(amount: float, currency: str) -> dict[str, Any]:
    sign = {"USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥"}[currency]
    return {"amount": amount, "currency": currency, "displayAmount": f"{sign}{amount:,.2f}"}


def _refused(request: web.Request, body: dict[str, Any] | None) -> web.Response | None:
    """Return the answer to a call that may not be made, None to go on."""
    simulator = simulator_of(request)
    if not _has_token(simulator, request.headers.get("Authorization", "")):
        return _error(401, "UnauthorizedException", "The access token is missing, invalid or expired.")
    if request.headers.get("x-marketplace") not in MARKETPLACES:
        return _error(400, "ValidationException", "x-marketplace names no marketplace.")
    if body is not None and body.get("partnerTag") != simulator.credentials.partner_tag:
        return _error(403, "AccessDeniedException", "The partner tag is not mapped to your account.")
    return None


def _has_token(simulator: Simulator, header: str) -> bool:
    """Tell whether the header holds a valid token in the form of its generation."""
    scheme, _, rest = header.partition(" ")
    value, comma, version = rest.partition(",")
    generation, _, token = value.strip().partition(".")
    is_form_right = version.strip().startswith("Version 2.") if generation == "v2" else not comma
    return scheme == "Bearer" and is_form_right and simulator.tokens.is_valid(ENDPOINT, token)


async def _body(request: web.Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.read())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _error(status: int, code: str, message: str, errors: list[dict[str, str]] | None = None) -> web.Response:
    return json_answer(
        {"type": code, "message": message, "errors": errors or [{"code": code, "message": message}]},
        status=status,
    )
