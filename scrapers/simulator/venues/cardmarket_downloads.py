"""Cardmarket's public downloads: one price guide and two product lists for each game, as S3 serves them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import encode, file_answer, published_at
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.walks import number_of
from scrapers.simulator.world import FOIL, NONFOIL, SimulatedArticle, Venue

routes = web.RouteTableDef()

VENUE: Final = Venue.CARDMARKET
GAMES: Final = {1: "mtg", 3: "yugioh", 6: "pokemon"}
PUBLISHED_AT: Final = timedelta(hours=1, minutes=44, seconds=33)
LOCAL: Final = timezone(timedelta(hours=1))
SINGLE_CATEGORIES: Final = {
    "mtg": (1, "Magic Single"), "yugioh": (5, "Yugioh Single"), "pokemon": (51, "Pokémon Single"),
}  # fmt: skip
SEALED_CATEGORIES: Final = {
    "mtg": {
        "booster_pack": (2, "Magic Booster"), "booster_box": (7, "Magic Display"),
        "box_set": (8, "Magic Set"), "bundle": (17, "Magic Fatpack"), "deck": (18, "Magic Theme Deck"),
        "limited": (24, "Magic Limited"), "multi_deck": (32, "Magic Theme Deck Display"),
    },
    "yugioh": {"booster_pack": (6, "Yugioh Booster"), "booster_box": (9, "Yugioh Display")},
    "pokemon": {
        "booster_pack": (52, "Pokémon Booster"), "booster_box": (53, "Pokémon Display"),
        "bundle": (1016, "Pokémon Elite Trainer Box"),
    },
}  # fmt: skip
OTHER_SEALED: Final = (19, "Booster Case")


@routes.get(r"/cardmarket_downloads/productCatalog/priceGuide/price_guide_{game:\d+}.json")
async def price_guide(request: web.Request) -> web.Response:
    """Answer a game's price guide."""

    def rows(simulator: Simulator, game: str, at: datetime) -> list[dict[str, Any]]:
        return [_guide_row(simulator, one, at) for one in _listed(simulator, game)]

    return _file(request, "priceGuides", rows)


@routes.get(r"/cardmarket_downloads/productCatalog/productList/products_singles_{game:\d+}.json")
async def singles(request: web.Request) -> web.Response:
    """Answer a game's list of cards."""

    def rows(simulator: Simulator, game: str, at: datetime) -> list[dict[str, Any]]:
        return [_product_row(simulator, one) for one in _listed(simulator, game) if not one.is_sealed]

    return _file(request, "products", rows)


@routes.get(r"/cardmarket_downloads/productCatalog/productList/products_nonsingles_{game:\d+}.json")
async def nonsingles(request: web.Request) -> web.Response:
    """Answer a game's list of everything that is no single card."""

    def rows(simulator: Simulator, game: str, at: datetime) -> list[dict[str, Any]]:
        return [_product_row(simulator, one) for one in _listed(simulator, game) if one.is_sealed]

    return _file(request, "products", rows)


def category(article: SimulatedArticle) -> tuple[int, str]:
    """Return number and name of an article's category."""
    if not article.is_sealed:
        return SINGLE_CATEGORIES[article.category]
    return SEALED_CATEGORIES[article.category].get(article.sealed_kind, OTHER_SEALED)


def _listed(simulator: Simulator, game: str) -> list[SimulatedArticle]:
    return [one for one in simulator.world.listed(VENUE, category=game) if "mcm" in one.ids]


def _guide_row(simulator: Simulator, article: SimulatedArticle, at: datetime) -> dict[str, Any]:
    """Return the figures of an article; sealed products have no means, and lack the keys of foils."""
    row: dict[str, Any] = {"idProduct": int(article.ids["mcm"]), "idCategory": category(article)[0]}
    plain = Market(simulator.world, article, VENUE, at=at, finish=article.finishes[0])
    if NONFOIL in article.finishes:
        row |= _figures(plain, has_means=not article.is_sealed)
    else:
        row |= dict.fromkeys(("avg", "low", "trend", "avg1", "avg7", "avg30"))
    if article.is_sealed:
        return row
    suffix = "-foil" if article.category == "mtg" else "-holo"
    if FOIL in article.finishes:
        foil = Market(simulator.world, article, VENUE, at=at, finish=FOIL)
        row |= {f"{name}{suffix}": value for name, value in _figures(foil, has_means=True).items()}
    elif article.category == "mtg":
        row |= {"avg-foil": None, "low-foil": None, "trend-foil": 0, "avg1-foil": None, "avg7-foil": None}
        row["avg30-foil"] = None
    return row


def _figures(market: Market, *, has_means: bool) -> dict[str, Any]:
    shown = market.statistics()
    return {
        "avg": shown.average, "low": shown.low, "trend": shown.trend,
        "avg1": market.mean(1) if has_means else None, "avg7": market.mean(7) if has_means else None,
        "avg30": market.mean(30) if has_means else None,
    }  # fmt: skip


def _product_row(simulator: Simulator, article: SimulatedArticle) -> dict[str, Any]:
    number, name = category(article)
    is_dated = number_of(article.key, "dated", below=10) > 0
    return {
        "idProduct": int(article.ids["mcm"]), "name": article.name, "idCategory": number,
        "categoryName": name, "idExpansion": simulator.world.set_of(article).expansion_id,
        "idMetacard": 400_000 + number_of(article.category, article.name, below=99_999),
        "dateAdded": f"{article.released_on} 16:25:10" if is_dated else "0000-00-00 00:00:00",
    }  # fmt: skip


def _file(request: web.Request, member: str, rows: Any) -> web.Response:
    simulator = simulator_of(request)
    game = GAMES.get(int(request.match_info["game"]))
    if game is None:
        return _no_such_key()
    at = published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)

    def write() -> bytes:
        created = at.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M:%S%z")
        return encode({"version": 1, "createdAt": created, member: rows(simulator, game, at)})

    body = simulator.edition(request.path, at, write)
    return file_answer(request, body, modified_at=at.astimezone(UTC))


def _no_such_key() -> web.Response:
    """Answer as S3 does for a file that is not there: 403, since it lists nothing to strangers."""
    return web.Response(
        status=403,
        text='<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>',
        content_type="application/xml",
    )
