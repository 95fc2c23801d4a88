"""Card Kingdom's price lists: what the store charges and pays, with the copies it has and still wants.

Amounts and `is_foil` are texts, counts are numbers, the time states no zone.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import encode, file_answer, published_at
from scrapers.simulator.market import Market
from scrapers.simulator.state import simulator_of
from scrapers.simulator.walks import number_of, share_of
from scrapers.simulator.world import FOIL, Venue, cents

from .tcgplayer_catalogue import url_name

routes = web.RouteTableDef()

VENUE: Final = Venue.CARDKINGDOM
PUBLISHED_AT: Final = timedelta(hours=19, minutes=7, seconds=23)
BUY_SHARES: Final = (0.45, 0.70)  # of the retail price, what the store pays, from and to
MOST_WANTED: Final = 20
NOTHING: Final = "0.00"


@routes.get("/cardkingdom/api/v2/pricelist")
@routes.get("/cardkingdom/api/pricelist")
async def singles(request: web.Request) -> web.Response:
    """Answer the list of cards."""
    return _list(request, is_sealed=False)


@routes.get("/cardkingdom/api/sealed_pricelist")
async def sealed(request: web.Request) -> web.Response:
    """Answer the list of sealed products; they have no Scryfall id."""
    return _list(request, is_sealed=True)


def buy_price(market: Market) -> Decimal:
    """Return what the store pays for a copy, 0 if it wants none."""
    if not wanted_copies(market):
        return Decimal(NOTHING)
    low, high = BUY_SHARES
    share = low + (high - low) * share_of(market.article.key, market.finish, "buys")
    return cents(float(market.price) * share)


def wanted_copies(market: Market) -> int:
    """Return how many copies the store still buys; it does not want everything."""
    key = market.article.key
    if market.price < Decimal("0.20") or share_of(key, market.finish, "wants") < 0.25:
        return 0
    return 1 + number_of(key, market.finish, market.at.date(), "wanted", below=MOST_WANTED)


def _list(request: web.Request, *, is_sealed: bool) -> web.Response:
    simulator = simulator_of(request)
    at = published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)

    def write() -> bytes:
        rows = [
            _row(Market(simulator.world, article, VENUE, at=at, finish=finish))
            for article in simulator.world.listed(VENUE)
            if article.is_sealed == is_sealed and "ck" in article.ids
            for finish in article.finishes
            if finish != FOIL or "ck_foil" in article.ids
        ]
        meta = {"created_at": _naive(at), "base_url": "https://www.cardkingdom.com/"}
        return encode({"meta": meta, "data": rows})

    body = simulator.edition(request.path, at, write)
    return file_answer(request, body, modified_at=at)


def _row(market: Market) -> dict[str, Any]:
    article, finish = market.article, market.finish
    stock = number_of(article.key, finish, market.at.date(), "stock", below=17)
    row: dict[str, Any] = {
        "id": int(article.ids["ck_foil" if finish == FOIL and "ck_foil" in article.ids else "ck"]),
        "name": article.name, "edition": article.set_name,
        "url": f"mtg/{url_name(article.set_name)}/{url_name(article.name)}",
        "price_retail": str(market.price), "qty_retail": stock,
        "price_buy": str(buy_price(market)), "qty_buying": wanted_copies(market),
    }  # fmt: skip
    if article.is_sealed:
        return row
    number = article.number.zfill(4)
    return row | {
        "sku": f"{'F' if finish == FOIL else ''}{article.set_code}-{number}",
        "scryfall_id": article.ids.get("scryfall", ""), "variation": "",
        "is_foil": "true" if finish == FOIL else "false", "condition_values": _grades(market, stock),
    }  # fmt: skip


def _grades(market: Market, stock: int) -> dict[str, Any]:
    values: dict[str, Any] = {"nm_price": str(market.price), "nm_qty": stock}
    for grade, share in (("ex", 0.85), ("vg", 0.7), ("g", 0.5)):
        copies = number_of(market.article.key, market.finish, grade, below=4)
        values |= {f"{grade}_price": str(cents(float(market.price) * share)), f"{grade}_qty": copies}
    return values


def _naive(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
