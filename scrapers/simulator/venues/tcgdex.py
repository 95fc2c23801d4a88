"""TCGdex: an open database of Pokémon cards, each card's document with prices of both marketplaces."""

from datetime import datetime
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import iso, json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle, SimulatedSet, Venue

from .pokemon_prices import cards_of, edition_time, markets, set_id, sets

routes = web.RouteTableDef()

MOST_ROWS: Final = 250
VARIANTS: Final = {"plain": "normal", "foil": "holofoil"}
_BASE: Final = "/tcgdex/v2/en"


@routes.get(f"{_BASE}/sets")
async def list_sets(request: web.Request) -> web.Response:
    """List the sets as a bare array."""
    return _array(request, [_set_row(one) for one in sets(simulator_of(request))])


@routes.get(_BASE + "/sets/{set_id}")
async def one_set(request: web.Request) -> web.Response:
    """Return a set with its cards in brief."""
    wanted = request.match_info["set_id"]
    for one in sets(simulator_of(request)):
        if wanted in (set_id(one), one.name):
            cards = [_brief(article) for article in cards_of(one)]
            return json_answer({**_set_row(one), "releaseDate": one.released_on.isoformat(), "cards": cards})
    return _not_found()


@routes.get(f"{_BASE}/cards")
async def list_cards(request: web.Request) -> web.Response:
    """List cards in brief as a bare array, filtered by `name`, `id` or `set.id` (parts of them suffice)."""
    query = request.query
    rows = [
        _brief(article)
        for one in sets(simulator_of(request))
        for article in cards_of(one)
        if query.get("name", "").lower().removeprefix("like:") in article.name.lower()
        and query.get("id", "") in article.ids["tcgdex"]
        and query.get("set.id", query.get("set", "")).removeprefix("eq:") in ("", set_id(one))
    ]
    return _array(request, rows)


@routes.get(_BASE + "/cards/{card_id}")
async def one_card(request: web.Request) -> web.Response:
    """Return a card with its prices."""
    simulator = simulator_of(request)
    article = simulator.world.find("tcgdex", request.match_info["card_id"])
    if article is None:
        return _not_found()
    one = simulator.world.set_of(article)
    return json_answer(
        {
            **_brief(article), "category": "Pokemon", "rarity": article.rarity.title(),
            "set": _set_row(one),
            "variants": {
                "firstEdition": False, "holo": "foil" in article.finishes, "reverse": False,
                "normal": "nonfoil" in article.finishes, "wPromo": False,
            },
            "updated": iso(edition_time(simulator)),
            "pricing": _pricing(simulator, article, edition_time(simulator)),
        }
    )  # fmt: skip


def _pricing(simulator: Simulator, article: SimulatedArticle, at: datetime) -> dict[str, Any]:
    pricing: dict[str, Any] = {"cardmarket": None, "tcgplayer": None}
    american = markets(simulator, article, Venue.TCGPLAYER, at)
    if american:
        pricing["tcgplayer"] = {"updated": iso(at), "unit": "USD"} | {
            VARIANTS[name]: _american(article, market) for name, market in american.items()
        }
    european = markets(simulator, article, Venue.CARDMARKET, at)
    if european:
        rows: dict[str, Any] = {"updated": iso(at, timespec="milliseconds"), "unit": "EUR"}
        if "mcm" in article.ids:
            rows["idProduct"] = int(article.ids["mcm"])
        for name, market in european.items():
            rows |= _european(market, suffix="" if name == "plain" else "-holo")
        pricing["cardmarket"] = rows
    return pricing


def _american(article: SimulatedArticle, market: Market) -> dict[str, Any]:
    shown = market.statistics()
    return {
        "productId": int(article.ids.get("tcgplayer", "0")), "lowPrice": shown.low, "midPrice": shown.mid,
        "highPrice": shown.high, "marketPrice": shown.market, "directLowPrice": None,
    }  # fmt: skip


def _european(market: Market, *, suffix: str) -> dict[str, Any]:
    shown = market.statistics()
    figures = {
        "avg": shown.average, "low": shown.low, "trend": shown.trend, "avg1": market.mean(1),
        "avg7": market.mean(7), "avg30": market.mean(30),
    }  # fmt: skip
    return {f"{name}{suffix}": value for name, value in figures.items()}


def _brief(article: SimulatedArticle) -> dict[str, Any]:
    set_part, _, number = article.ids["tcgdex"].rpartition("-")
    image = f"https://assets.tcgdex.net/en/sim/{set_part}/{number}"
    return {"id": article.ids["tcgdex"], "localId": number, "name": article.name, "image": image}


def _set_row(one: SimulatedSet) -> dict[str, Any]:
    count = len(cards_of(one))
    return {"id": set_id(one), "name": one.name, "cardCount": {"total": count, "official": count}}


def _array(request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
    """Return all rows, or a page of them if one is asked for."""
    page = whole(request.query.get("pagination:page"), 0)
    size = whole(request.query.get("pagination:itemsPerPage"), 100)
    if page is None or size is None or not 1 <= size <= MOST_ROWS:
        return json_answer({"title": "Bad Request", "status": 400}, status=400)
    if not page and "pagination:itemsPerPage" not in request.query:
        return json_answer(rows)
    start = page_start(request, max(page - 1, 0) * size)
    return json_answer(rows[start : start + size])


def _not_found() -> web.Response:
    return json_answer(
        {"type": "https://tcgdex.dev/errors/not-found", "title": "The resource was not found", "status": 404},
        status=404,
    )
