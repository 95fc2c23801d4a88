"""MTGJSON: the whole catalogue of Magic in one file, today's prices in another, and what they are as of."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import encode, file_answer, published_at
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import FOIL, SimulatedArticle, Venue

from .cardkingdom import buy_price
from .mtgjson_sets import set_documents

routes = web.RouteTableDef()

PUBLISHED_AT: Final = timedelta(hours=9)
VERSION: Final = "5.2.2+simulated"
PACKERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "": lambda body: body,
    ".gz": lambda body: gzip.compress(body, compresslevel=1, mtime=0),
    ".xz": lambda body: lzma.compress(body, preset=0),
    ".bz2": lambda body: bz2.compress(body, compresslevel=1),
}
VENUES: Final = (Venue.TCGPLAYER, Venue.CARDMARKET, Venue.CARDKINGDOM)
_FILE: Final = r"{name:Meta|AllPrintings|AllPricesToday|SetList}.json{packing:(\.gz|\.xz|\.bz2)?}"


@routes.get("/mtgjson/api/v5/" + _FILE + "{digest:(\\.sha256)?}")
async def published_file(request: web.Request) -> web.Response:
    """Answer a file of the build, packed as asked, or its digest."""
    simulator = simulator_of(request)
    at = published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)
    name, packing = request.match_info["name"], request.match_info["packing"]

    def write() -> bytes:
        document = {"meta": {"date": at.date().isoformat(), "version": VERSION}}
        return PACKERS[packing](encode(document | {"data": _data(simulator, name, at)}))

    body = simulator.edition(f"mtgjson/{name}{packing}", at, write)
    if request.match_info["digest"]:
        return web.Response(text=sha256(body).hexdigest(), content_type="text/plain")
    content_type = "application/octet-stream" if packing else "application/json"
    return file_answer(request, body, modified_at=at, content_type=content_type)


@routes.get("/mtgjson/api/v5/{code:[A-Z0-9]{2,8}}.json")
async def one_set(request: web.Request) -> web.Response:
    """Answer the file of one set."""
    simulator = simulator_of(request)
    at = published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)
    document = set_documents(simulator.world).get(request.match_info["code"])
    if document is None:
        raise web.HTTPNotFound
    meta = {"date": at.date().isoformat(), "version": VERSION}
    return file_answer(request, encode({"meta": meta, "data": document}), modified_at=at)


def _data(simulator: Simulator, name: str, at: datetime) -> Any:
    if name == "Meta":
        return {"date": at.date().isoformat(), "version": VERSION}
    if name == "AllPricesToday":
        return {
            one.ids["mtgjson"]: {"paper": _paper(simulator, one, at)}
            for one in simulator.world.articles
            if "mtgjson" in one.ids
        }
    documents = set_documents(simulator.world)
    if name == "SetList":
        members = ("code", "name", "releaseDate", "type")
        return [{member: one.get(member) for member in members} for one in documents.values()]
    return documents


def _paper(simulator: Simulator, article: SimulatedArticle, at: datetime) -> dict[str, Any]:
    """Return each provider's prices of an article on the day, retail and buylist."""
    day = at.date().isoformat()
    paper: dict[str, Any] = {}
    for venue in VENUES:
        if venue not in article.prices:
            continue
        retail: dict[str, Any] = {}
        buylist: dict[str, Any] = {}
        for finish in article.finishes:
            market = Market(simulator.world, article, venue, at=at, finish=finish)
            shown = "foil" if finish == FOIL else "normal"
            retail[shown] = {day: float(market.price)}
            if venue is Venue.CARDKINGDOM and buy_price(market):
                buylist[shown] = {day: float(buy_price(market))}
        paper[venue.value] = {"buylist": buylist, "currency": market.currency, "retail": retail}
    return paper
