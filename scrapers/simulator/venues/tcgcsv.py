"""tcgcsv.com: a daily mirror of TCGplayer's catalogue and prices as plain files.

Price files state no total, times state no zone, and a group without prices is an empty list (the venue it
mirrors answers 404 for those).
"""

from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from scrapers.simulator.answers import encode, file_answer, published_at
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle, SimulatedSet

from .tcgplayer_catalogue import (
    GAMES,
    LINES,
    RARITY_LETTERS,
    finishes_of,
    group,
    groups_of,
    listed,
    price_row,
    product_number,
    url_name,
)

routes = web.RouteTableDef()

PUBLISHED_AT: Final = timedelta(hours=20, minutes=5)
NAIVE: Final = "%Y-%m-%dT%H:%M:%S"


@routes.get("/tcgcsv/last-updated.txt")
async def last_updated(request: web.Request) -> web.Response:
    """Say when the newest edition came out."""
    moment = _published(simulator_of(request))
    return web.Response(text=moment.strftime("%Y-%m-%dT%H:%M:%S+0000"), content_type="text/plain")


@routes.get("/tcgcsv/tcgplayer/categories")
async def categories(request: web.Request) -> web.Response:
    """List the games."""
    rows: list[dict[str, object]] = [
        {
            "categoryId": line.number, "name": line.name, "modifiedOn": "2025-11-19T15:58:35.27",
            "displayName": line.name, "seoCategoryName": line.name, "categoryDescription": None,
            "categoryPageTitle": f"{line.display_name} Cards, Singles, and Packs",
            "sealedLabel": "Sealed Products", "nonSealedLabel": "Single Cards",
            "conditionGuideUrl": "https://store.tcgplayer.com/help/cardconditionguide",
            "isScannable": True, "popularity": 1_000_000 // line.number, "isDirect": True,
        }
        for line in LINES.values()
    ]  # fmt: skip
    return _file(request, "categories", rows)


@routes.get(r"/tcgcsv/tcgplayer/{category:\d+}/groups")
async def groups(request: web.Request) -> web.Response:
    """List the sets of a game."""
    game = GAMES.get(int(request.match_info["category"]))
    if game is None:
        return _no_file()
    rows = [group_row(one) for one in groups_of(simulator_of(request), game)]
    return _file(request, f"{game}/groups", rows)


@routes.get(r"/tcgcsv/tcgplayer/{category:\d+}/{group:\d+}/products")
async def products(request: web.Request) -> web.Response:
    """List the products of a set."""
    found = _asked_group(request)
    if found is None:
        return _no_file()
    rows = [product_row(one, found) for one in listed(found.articles)]
    return _file(request, f"{found.group_id}/products", rows)


@routes.get(r"/tcgcsv/tcgplayer/{category:\d+}/{group:\d+}/prices")
async def prices(request: web.Request) -> web.Response:
    """List the prices of a set, one row for each finish."""
    simulator = simulator_of(request)
    found = _asked_group(request)
    if found is None:
        return _no_file()
    moment = _published(simulator)

    def write() -> bytes:
        rows = [
            price_row(simulator, article, finish, moment)
            for article in listed(found.articles)
            for finish in finishes_of(article)
        ]
        return encode({"success": True, "errors": [], "results": rows})

    body = simulator.edition(f"tcgcsv/{found.group_id}/prices", moment, write)
    return file_answer(request, body, modified_at=moment)


@routes.get("/tcgcsv/archive/{rest:.*}")
async def archive(request: web.Request) -> web.Response:
    """Refuse the archive of prices, as since September 2026."""
    return web.Response(status=403, text="<html><body>403 Forbidden</body></html>", content_type="text/html")


def group_row(one: SimulatedSet) -> dict[str, object]:
    """Return a set as a group; its times state no zone."""
    return {
        "groupId": one.group_id, "name": f"{one.code}: {one.name}", "abbreviation": one.code,
        "isSupplemental": False, "publishedOn": one.released_on.strftime(NAIVE),
        "modifiedOn": f"{one.released_on.isoformat()}T22:37:34.34",
        "categoryId": LINES[one.category].number,
    }  # fmt: skip


def product_row(article: SimulatedArticle, one: SimulatedSet) -> dict[str, object]:
    """Return an article as a product; sealed products have neither number nor rarity."""
    number = product_number(article)
    line = LINES[article.category]
    slug = url_name(f"{line.slug} {one.name} {article.name}")
    return {
        "productId": number, "name": article.name, "cleanName": article.name.replace("'", ""),
        "imageUrl": f"https://tcgplayer-cdn.tcgplayer.com/product/{number}_200w.jpg",
        "categoryId": line.number, "groupId": one.group_id,
        "url": f"https://www.tcgplayer.com/product/{number}/{slug}",
        "modifiedOn": "2025-12-04T15:00:29.8", "imageCount": 1,
        "presaleInfo": {"isPresale": False, "releasedOn": None, "note": None},
        "extendedData": _extended(article, len(one.cards)),
    }  # fmt: skip


def _extended(article: SimulatedArticle, count: int) -> list[dict[str, str]]:
    if article.is_sealed:
        return []
    number = article.number if article.category == "mtg" else f"{article.number}/{count}"
    rarity = RARITY_LETTERS.get(article.rarity, "C") if article.category == "mtg" else article.rarity.title()
    return [
        {"name": "Number", "displayName": "Card Number", "value": number},
        {"name": "Rarity", "displayName": "Rarity", "value": rarity},
        {
            "name": "CardText",
            "displayName": "Text",
            "value": "Invented.\r\n<br>\r\n<em>As is all of it.</em>",
        },
    ]


def _asked_group(request: web.Request) -> SimulatedSet | None:
    game = GAMES.get(int(request.match_info["category"]))
    found = group(simulator_of(request), int(request.match_info["group"]))
    return found if found is not None and found.category == game else None


def _published(simulator: Simulator) -> datetime:
    return published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)


def _file(request: web.Request, name: str, rows: list[dict[str, object]]) -> web.Response:
    simulator = simulator_of(request)
    moment = _published(simulator)
    document = {"totalItems": len(rows), "success": True, "errors": [], "results": rows}
    body = simulator.edition(f"tcgcsv/{name}", moment, lambda: encode(document))
    return file_answer(request, body, modified_at=moment)


def _no_file() -> web.Response:
    return web.Response(status=404, text="<html><body>404 Not Found</body></html>", content_type="text/html")
