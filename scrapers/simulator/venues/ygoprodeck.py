"""YGOPRODeck v7: Yu-Gi-Oh! cards with the price of their cheapest printing and one for each printing."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer, published_at, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle, Venue

routes = web.RouteTableDef()

NOTHING: Final = "0.00"
RARITIES: Final = {"common": "(C)", "uncommon": "(R)", "rare": "(SR)", "mythic": "(UR)"}
PRICE_NAMES: Final = {
    Venue.CARDMARKET: "cardmarket_price", Venue.TCGPLAYER: "tcgplayer_price", Venue.EBAY: "ebay_price",
    Venue.AMAZON: "amazon_price",
}  # fmt: skip


@routes.get("/ygoprodeck/api/v7/cardinfo.php")
async def card_info(request: web.Request) -> web.Response:
    """Return all cards, or those of a `name`, part of one (`fname`), `id` or `cardset`, in pages if asked."""
    simulator = simulator_of(request)
    query = request.query
    rows = [
        _card(simulator, number, printings)
        for number, printings in _cards(simulator).items()
        if query.get("name", printings[0].name).lower() == printings[0].name.lower()
        and query.get("fname", "").lower() in printings[0].name.lower()
        and query.get("id", number) == number
        and query.get("cardset", printings[0].set_name).lower() in {one.set_name.lower() for one in printings}
    ]
    if not rows:
        message = "No card matching your query was found in the database."
        return json_answer({"error": f"{message} Please see the documentation."}, status=400)
    return _answer(request, rows)


@routes.get("/ygoprodeck/api/v7/cardsets.php")
async def card_sets(request: web.Request) -> web.Response:
    """List the sets as a bare array."""
    return json_answer(
        [
            {
                "set_name": one.name, "set_code": one.code, "num_of_cards": len(one.cards),
                "tcg_date": one.released_on.isoformat(),
            }
            for one in simulator_of(request).world.sets
            if one.category == "yugioh"
        ]
    )  # fmt: skip


@routes.get("/ygoprodeck/api/v7/checkDBVer.php")
async def version(request: web.Request) -> web.Response:
    """Say which edition of the database this is."""
    simulator = simulator_of(request)
    at = published_at(simulator.now(), period=simulator.publication)
    return json_answer([{"database_version": f"{at:%j.%H}", "last_update": at.strftime("%Y-%m-%d %H:%M:%S")}])


def _cards(simulator: Simulator) -> dict[str, list[SimulatedArticle]]:
    """Return the printings of each card by its passcode."""
    cards: dict[str, list[SimulatedArticle]] = defaultdict(list)
    for article in simulator.world.articles:
        if "ygoprodeck" in article.ids:
            cards[article.ids["ygoprodeck"]].append(article)
    return cards


def _card(simulator: Simulator, number: str, printings: list[SimulatedArticle]) -> dict[str, Any]:
    at = published_at(simulator.now(), period=simulator.publication)
    first = printings[0]
    lowest = dict.fromkeys((*PRICE_NAMES.values(), "coolstuffinc_price"), NOTHING)
    for venue, name in PRICE_NAMES.items():
        prices = [
            Market(simulator.world, one, venue, at=at, finish=one.finishes[0]).price
            for one in printings
            if venue in one.prices
        ]
        lowest[name] = str(min(prices, default=Decimal(NOTHING)))
    return {
        "id": int(number), "name": first.name, "type": "Effect Monster", "frameType": "effect",
        "desc": "Invented.", "race": "Machine", "archetype": first.name.split()[0],
        "card_sets": [
            {
                "set_name": one.set_name, "set_code": f"{one.set_code}-EN{one.number.zfill(3)}",
                "set_rarity": one.rarity.title(), "set_rarity_code": RARITIES.get(one.rarity, ""),
                "set_price": _set_price(simulator, one),
            }
            for one in printings
        ],
        "card_images": [{"id": int(number), "image_url": f"https://images.ygoprodeck.com/images/{number}.jpg"}],
        "card_prices": [lowest],
    }  # fmt: skip


def _set_price(simulator: Simulator, article: SimulatedArticle) -> str:
    if Venue.TCGPLAYER not in article.prices:
        return NOTHING
    at = published_at(simulator.now(), period=simulator.publication)
    return str(Market(simulator.world, article, Venue.TCGPLAYER, at=at, finish=article.finishes[0]).price)


def _answer(request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
    if "num" not in request.query and "offset" not in request.query:
        return json_answer({"data": rows})
    size, offset = whole(request.query.get("num"), 0), whole(request.query.get("offset"), -1)
    if not size or size < 1 or offset is None or offset < 0:
        return json_answer({"error": "You must use both num and offset."}, status=400)
    start = page_start(request, offset)
    shown = rows[start : start + size]
    left = max(len(rows) - offset - len(shown), 0)
    meta = {
        "current_rows": len(shown), "total_rows": len(rows), "rows_remaining": left,
        "total_pages": -(-len(rows) // size), "pages_remaining": -(-left // size),
    }  # fmt: skip
    if left:
        meta["next_page_offset"] = offset + size
    return json_answer({"data": shown, "meta": meta})
