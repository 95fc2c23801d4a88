"""Cardmarket's API 2.0: OAuth 1 signatures, a daily allowance, and pages of offers that end in nothing."""

from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import Market, Offer
from scrapers.simulator.state import Simulator, origin_of, simulator_of
from scrapers.simulator.walks import number_of
from scrapers.simulator.world import FOIL, NONFOIL, SimulatedArticle, Venue

from .cardmarket_downloads import GAMES, category
from .oauth1 import is_signed, parse_header

routes = web.RouteTableDef()

ENDPOINT: Final = "cardmarket_api"
VENUE: Final = Venue.CARDMARKET
CALLS_A_DAY: Final = 5_000
MOST_ROWS: Final = 100
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
GRADES: Final = {"Near Mint": "NM", "Lightly Played": "EX", "Moderately Played": "GD", "Unopened": "MT"}
_BASE: Final = "/cardmarket_api/ws/v2.0/output.json"
_GAME_NAMES: Final = {"mtg": "Magic the Gathering", "yugioh": "Yugioh", "pokemon": "Pokémon"}


@routes.get(_BASE + r"/products/{product:\d+}")
async def product(request: web.Request) -> web.Response:
    """Return a product with its price guide."""
    simulator = simulator_of(request)
    refused = _refused(request)
    if refused is not None:
        return refused
    article = simulator.listed(VENUE, "mcm", request.match_info["product"])
    if article is None:
        return _error(404, "The requested product does not exist.")
    return json_answer({"product": _product(simulator, article), "links": []})


@routes.get(f"{_BASE}/products/find")
async def find(request: web.Request) -> web.Response:
    """Search products by name; nothing found is an empty answer."""
    simulator = simulator_of(request)
    refused = _refused(request)
    if refused is not None:
        return refused
    words = request.query.get("search", "").lower().split()
    game = GAMES.get(whole(request.query.get("idGame"), 1) or 0)
    if not words:
        return _error(400, "The parameter search is missing.")
    found = [
        _product(simulator, one)
        for one in simulator.world.listed(VENUE, category=game)
        if "mcm" in one.ids and all(word in f"{one.name} {one.set_name}".lower() for word in words)
    ]
    return _page(request, "product", found)


@routes.get(_BASE + r"/articles/{product:\d+}")
async def articles(request: web.Request) -> web.Response:
    """Return the offers of a product, cheapest first."""
    simulator = simulator_of(request)
    refused = _refused(request)
    if refused is not None:
        return refused
    article = simulator.listed(VENUE, "mcm", request.match_info["product"])
    if article is None:
        return _error(404, "The requested product does not exist.")
    rows = [
        _article(simulator, article, offer)
        for finish in article.finishes
        for offer in Market(simulator.world, article, VENUE, at=simulator.now(), finish=finish).offers()
    ]
    if request.query.get("isFoil") in ("true", "false"):
        is_foil = request.query["isFoil"] == "true"
        rows = [row for row in rows if row["isFoil"] is is_foil]
    rows.sort(key=lambda row: row["price"])
    return _page(request, "article", rows)


def _product(simulator: Simulator, article: SimulatedArticle) -> dict[str, Any]:
    one = simulator.world.set_of(article)
    plain = Market(simulator.world, article, VENUE, at=simulator.now(), finish=article.finishes[0])
    shown = plain.statistics()
    guide: dict[str, Any] = dict.fromkeys(
        ("SELL", "LOW", "LOWEX+", "LOWFOIL", "AVG", "TREND", "TRENDFOIL"), 0
    )
    if NONFOIL in article.finishes:
        guide |= {
            "SELL": shown.average or 0, "LOW": shown.low or 0, "LOWEX+": shown.low or 0,
            "AVG": shown.average or 0, "TREND": shown.trend or 0,
        }  # fmt: skip
    if FOIL in article.finishes:
        foil = Market(simulator.world, article, VENUE, at=simulator.now(), finish=FOIL).statistics()
        guide |= {"LOWFOIL": foil.low or 0, "TRENDFOIL": foil.trend or 0}
    return {
        "idProduct": int(article.ids["mcm"]),
        "idMetaproduct": 400_000 + number_of(article.category, article.name, below=99_999),
        "countReprints": 1, "enName": article.name, "localization": [], "website": "/en/invented",
        "image": "//static.cardmarket.com/img/invented.jpg", "gameName": _GAME_NAMES[article.category],
        "categoryName": category(article)[1], "number": article.number or None,
        "rarity": article.rarity.title() or None, "expansionName": one.name, "priceGuide": guide,
        "countArticles": shown.quantity, "countFoils": 0, "links": [],
    }  # fmt: skip


def _article(simulator: Simulator, article: SimulatedArticle, offer: Offer) -> dict[str, Any]:
    seller = offer.seller_number
    return {
        "idArticle": offer.listing_id, "idProduct": int(article.ids["mcm"]),
        "language": {"idLanguage": 1, "languageName": "English"}, "comments": "", "price": offer.price,
        "idCurrency": 1, "currencyCode": "EUR", "count": offer.quantity, "inShoppingCart": False,
        "seller": {
            "idUser": seller, "username": f"seller-{seller}", "registrationDate": "2015-03-01T10:00:00+0100",
            "isCommercial": seller % 3, "isSeller": True, "address": {"country": "D"}, "reputation": 1,
            "soldItems": seller * 3,
        },
        "lastEdited": simulator.now().strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "condition": GRADES[offer.condition], "isFoil": offer.finish == FOIL, "isSigned": False,
        "isAltered": False, "isPlayset": False, "links": [],
    }  # fmt: skip


def _page(request: web.Request, member: str, rows: list[dict[str, Any]]) -> web.Response:
    start, most = whole(request.query.get("start"), 0), whole(request.query.get("maxResults"), MOST_ROWS)
    if start is None or most is None or start < 0 or not 1 <= most <= MOST_ROWS:
        return _error(400, f"maxResults must be between 1 and {MOST_ROWS}.")
    first = page_start(request, start)
    page = rows[first : first + most]
    if not page:
        return web.Response(status=204)
    headers = {"Content-Range": f"/{member}s {first}-{first + len(page) - 1}/{len(rows)}"}
    status = 206 if len(page) < len(rows) else 200
    return json_answer({member: page, "links": []}, status=status, headers=headers | _allowance(request))


def _refused(request: web.Request) -> web.Response | None:
    """Return the answer to a call that is not signed or beyond the day's allowance, None to go on."""
    simulator = simulator_of(request)
    known = simulator.credentials
    parameters = parse_header(request.headers.get("Authorization", ""))
    if parameters is None or simulator.tokens.is_revoked(ENDPOINT):
        return _error(401, "Unauthorized: the authorization header is missing, incomplete or revoked.")
    token = parameters.get("oauth_token", "")
    is_known = parameters["oauth_consumer_key"] == known.client_id and token in ("", known.client_id)
    secrets = (known.client_secret, known.client_secret if token else "")
    url = f"{origin_of(request)}{request.path}"
    is_realm_right = parameters.get("realm", url).partition("?")[0] == url
    if not (
        is_known
        and is_realm_right
        and parameters["oauth_signature_method"] == "HMAC-SHA1"
        and parameters["oauth_timestamp"].isdecimal()
        and is_signed(
            request.method, url, query=request.query.items(), parameters=parameters, secrets=secrets
        )
    ):
        return _error(401, "Unauthorized: the signature does not match.")
    if not simulator.is_new_nonce(parameters["oauth_nonce"]):
        return _error(401, "Unauthorized: the nonce was used before.")
    if simulator.count_call(ENDPOINT) > CALLS_A_DAY:
        return _error(429, "The daily request limit is reached.")
    return None


def _allowance(request: web.Request) -> dict[str, str]:
    _, calls = simulator_of(request).calls_today.get(ENDPOINT, (None, 0))
    return {"X-Request-Limit-Max": str(CALLS_A_DAY), "X-Request-Limit-Count": str(calls)}


def _error(status: int, description: str) -> web.Response:
    return json_answer({"mkm_error_description": description}, status=status)
