"""pokemontcg.io v2: Pokémon cards in pages, with TCGplayer's and Cardmarket's prices and their day."""

from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle, SimulatedSet, Venue

from .pokemon_prices import cards_of, edition_time, markets, set_id, sets

routes = web.RouteTableDef()

MOST_ROWS: Final = 250
VARIANTS: Final = {"plain": "normal", "foil": "holofoil"}


@routes.get("/pokemontcg/v2/cards")
async def list_cards(request: web.Request) -> web.Response:
    """List cards a page at a time; `q` takes `name:` and `set.id:` terms."""
    simulator = simulator_of(request)
    terms = dict(term.split(":", 1) for term in request.query.get("q", "").split() if ":" in term)
    name = terms.get("name", "").strip('"*').lower()
    rows = [
        _card(simulator, article, one)
        for one in sets(simulator)
        if terms.get("set.id", set_id(one)) == set_id(one)
        for article in cards_of(one)
        if name in article.name.lower()
    ]
    return _page(request, rows)


@routes.get("/pokemontcg/v2/cards/{card_id}")
async def one_card(request: web.Request) -> web.Response:
    """Return one card."""
    simulator = simulator_of(request)
    article = simulator.world.find("tcgdex", request.match_info["card_id"])
    if article is None:
        return json_answer({"error": {"message": "Not Found", "code": 404}}, status=404)
    return json_answer({"data": _card(simulator, article, simulator.world.set_of(article))})


@routes.get("/pokemontcg/v2/sets")
async def list_sets(request: web.Request) -> web.Response:
    """List the sets a page at a time."""
    return _page(request, [_set_row(one) for one in sets(simulator_of(request))])


def _card(simulator: Simulator, article: SimulatedArticle, one: SimulatedSet) -> dict[str, Any]:
    at = edition_time(simulator)
    identity = article.ids["tcgdex"]
    card: dict[str, Any] = {
        "id": identity, "name": article.name, "supertype": "Pokémon", "number": article.number,
        "rarity": article.rarity.title(), "set": _set_row(one),
        "images": {"small": f"https://images.pokemontcg.io/sim/{identity}.png"},
    }  # fmt: skip
    american = markets(simulator, article, Venue.TCGPLAYER, at)
    if american:
        card["tcgplayer"] = {
            "url": f"https://prices.pokemontcg.io/tcgplayer/{identity}", "updatedAt": f"{at:%Y/%m/%d}",
            "prices": {VARIANTS[name]: _american(market) for name, market in american.items()},
        }  # fmt: skip
    european = markets(simulator, article, Venue.CARDMARKET, at)
    if european:
        card["cardmarket"] = {
            "url": f"https://prices.pokemontcg.io/cardmarket/{identity}", "updatedAt": f"{at:%Y/%m/%d}",
            "prices": _european(european),
        }  # fmt: skip
    return card


def _american(market: Market) -> dict[str, Any]:
    shown = market.statistics()
    return {
        "low": shown.low, "mid": shown.mid, "high": shown.high, "market": shown.market, "directLow": None,
    }  # fmt: skip


def _european(found: dict[str, Market]) -> dict[str, Any]:
    """Return Cardmarket's figures; 0.0 stands for those that do not exist."""
    plain = found.get("plain")
    shown = plain.statistics() if plain is not None else None
    return {
        "averageSellPrice": (shown and shown.average) or 0.0, "lowPrice": (shown and shown.low) or 0.0,
        "trendPrice": (shown and shown.trend) or 0.0, "germanProLow": 0.0, "suggestedPrice": 0.0,
        "reverseHoloSell": 0.0, "reverseHoloLow": 0.0, "reverseHoloTrend": 0.0,
        "lowPriceExPlus": (shown and shown.low) or 0.0, "avg1": plain.mean(1) if plain else 0.0,
        "avg7": plain.mean(7) if plain else 0.0, "avg30": plain.mean(30) if plain else 0.0,
        "reverseHoloAvg1": 0.0, "reverseHoloAvg7": 0.0, "reverseHoloAvg30": 0.0,
    }  # fmt: skip


def _set_row(one: SimulatedSet) -> dict[str, Any]:
    count = len(cards_of(one))
    return {
        "id": set_id(one), "name": one.name, "series": "Simulated", "printedTotal": count, "total": count,
        "ptcgoCode": one.code, "releaseDate": f"{one.released_on:%Y/%m/%d}",
    }  # fmt: skip


def _page(request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
    page = whole(request.query.get("page"), 1)
    size = whole(request.query.get("pageSize"), MOST_ROWS)
    if page is None or size is None or page < 1 or not 1 <= size <= MOST_ROWS:
        error = {
            "message": "Bad Request. Your request is either malformed, or is missing parameters.",
            "code": 400,
        }
        return json_answer({"error": error}, status=400)
    start = page_start(request, (page - 1) * size)
    shown = rows[start : start + size]
    return json_answer(
        {"data": shown, "page": page, "pageSize": size, "count": len(shown), "totalCount": len(rows)}
    )
