"""Scryfall: the list of bulk files, and the file of all printings with prices as texts."""

import gzip
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import encode, file_answer, iso, json_answer, published_at
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, origin_of, simulator_of
from scrapers.simulator.world import FOIL, NONFOIL, SimulatedArticle, Venue

routes = web.RouteTableDef()

PUBLISHED_AT: Final = timedelta(hours=9, minutes=5)


@routes.get("/scryfall/bulk-data")
async def bulk_data(request: web.Request) -> web.Response:
    """List the bulk files. Clients without a user agent and an Accept header are turned away."""
    if not request.headers.get("User-Agent") or not request.headers.get("Accept"):
        details = "User-Agent and Accept headers are required."
        return json_answer(
            {"object": "error", "code": "bad_request", "status": 400, "details": details}, status=400
        )
    simulator = simulator_of(request)
    at = _published(simulator)
    base = f"{origin_of(request)}/scryfall_data/default-cards/default-cards-{at:%Y%m%d%H%M%S}"
    size = len(_cards_file(simulator, at))
    entry = {
        "object": "bulk_data", "id": "e2ef41e3-5778-4bc2-af3f-78eca4dd9c23", "type": "default_cards",
        "updated_at": iso(at, timespec="milliseconds").replace("Z", "+00:00"),
        "uri": f"{origin_of(request)}/scryfall/bulk-data/default_cards", "name": "Default Cards",
        "description": "Every printing.", "size": size, "download_uri": f"{base}.json",
        "jsonl_download_uri": f"{base}.jsonl.gz",
        "content_type": "application/json", "content_encoding": "gzip",
    }  # fmt: skip
    return json_answer({"object": "list", "has_more": False, "data": [entry]})


@routes.get(r"/scryfall_data/default-cards/default-cards-{stamp:\d{14}}.{kind:json|jsonl\.gz}")
async def default_cards(request: web.Request) -> web.Response:
    """Answer the newest file of printings; older ones are gone."""
    simulator = simulator_of(request)
    at = _published(simulator)
    if request.match_info["stamp"] != f"{at:%Y%m%d%H%M%S}":
        raise web.HTTPNotFound
    lines = _cards_file(simulator, at)
    if request.match_info["kind"] == "json":
        body = b"[\n" + lines.strip().replace(b"\n", b",\n") + b"\n]"
        return file_answer(request, body, modified_at=at)
    packed = gzip.compress(lines, compresslevel=1, mtime=0)
    return file_answer(request, packed, modified_at=at, content_type="application/gzip")


def _cards_file(simulator: Simulator, at: datetime) -> bytes:
    """Return all printings as JSON lines."""

    def write() -> bytes:
        cards = [one for one in simulator.world.articles if "scryfall" in one.ids]
        return b"".join(encode(_card(simulator, one, at)) + b"\n" for one in cards)

    return simulator.edition("scryfall/default_cards", at, write)


def _card(simulator: Simulator, article: SimulatedArticle, at: datetime) -> dict[str, Any]:
    card: dict[str, Any] = {
        "object": "card", "id": article.ids["scryfall"], "name": article.name, "lang": "en",
        "released_at": article.released_on.isoformat(), "layout": "normal", "digital": False,
        "set": article.set_code.lower(), "set_name": article.set_name,
        "collector_number": article.number, "rarity": article.rarity, "finishes": list(article.finishes),
        "prices": _prices(simulator, article, at),
    }  # fmt: skip
    for name, source in (("tcgplayer_id", "tcgplayer"), ("cardmarket_id", "mcm")):
        if source in article.ids:
            card[name] = int(article.ids[source])
    return card


def _prices(simulator: Simulator, article: SimulatedArticle, at: datetime) -> dict[str, str | None]:
    """Return TCGplayer's market prices and Cardmarket's trends as texts; what there is none of is null."""
    prices: dict[str, str | None] = dict.fromkeys(("usd", "usd_foil", "usd_etched", "eur", "eur_foil", "tix"))
    for venue, name in ((Venue.TCGPLAYER, "usd"), (Venue.CARDMARKET, "eur")):
        for finish, suffix in ((NONFOIL, ""), (FOIL, "_foil")):
            if venue in article.prices and finish in article.finishes:
                market = Market(simulator.world, article, venue, at=at, finish=finish)
                prices[name + suffix] = str(market.statistics().trend or "") or None
    return prices


def _published(simulator: Simulator) -> datetime:
    return published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)
