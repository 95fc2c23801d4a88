import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.errors import Blocked, NotListed, RequestRejected
from scrapers.records import Quote
from scrapers.venues.tcgplayer.site import TcgplayerSite
from scrapers.venues.tcgplayer.site_requests import latest_sales_body, listings_body, search_body
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, sample

DETAILS, LISTINGS = "/search/v2/product/88001/details", "/search/v1/product/88001/listings"
HISTORY, SALES = "/history/price/history/88001/detailed", "/mpapi/v2/product/88001/latestsales"
SEARCH = "/search/v1/search/request"
Answer = bytes | tuple[int, str, bytes]


def boxes(*asks: float) -> bytes:
    rows = [
        {"productId": 88001.0, "price": ask, "quantity": 2.0, "condition": "Unopened", "printing": "Normal",
         "sellerId": str(n), "channelId": 0, "shippingPrice": 4.99}
        for n, ask in enumerate(asks)
    ]  # fmt: skip
    return json.dumps({"errors": [], "results": [{"totalResults": len(rows), "results": rows}]}).encode()


class Site:
    """The site's hosts under one roof; it remembers what it was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.total = 0
        self.answers: dict[str, Answer] = {
            DETAILS: sample("tcgplayer/details_sealed.json"),
            LISTINGS: boxes(139.99, 141, 160),
            HISTORY: sample("tcgplayer/history_sealed.json"),
            SEARCH: sample("tcgplayer/search.json"),
        }

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        self.sent.append((request.path_qs, body))
        if request.path == SEARCH and self.total:
            return self.page(body)
        found = self.answers.get(request.path, (404, "application/json", b'{"errors": ["not found"]}'))
        status, kind, content = found if isinstance(found, tuple) else (200, "application/json", found)
        return web.Response(status=status, body=content, content_type=kind)

    def page(self, body: Any) -> web.Response:
        if body["from"] + body["size"] > 10_000 or body["size"] > 50:
            return web.json_response({"errors": [{"code": "CAPI-4", "message": "too far"}]}, status=400)
        numbers = range(body["from"] + 1, min(body["from"] + body["size"], self.total) + 1)
        rows = [{"productId": float(number), "productName": f"P{number}"} for number in numbers]
        return web.json_response({"errors": [], "results": [{"totalResults": self.total, "results": rows}]})

    async def run(self, work):
        clock = FrozenClock(NOW)
        async with venue(self.answer) as base, quick_session(base, clock=clock) as session:
            configuration = Configuration(
                {
                    "tcgplayer_search": f"{base}/search", "tcgplayer_mpapi": f"{base}/mpapi",
                    "tcgplayer_history": f"{base}/history",
                },
                options={"TCGPLAYER_SEARCH_ALGORITHM": "revenue_dismax"},
            )  # fmt: skip
            return await work(TcgplayerSite(session, configuration, clock=clock))


async def test_a_box_is_priced_with_its_sellers_and_sales():
    record = await Site().run(lambda route: route.scrape_product_price("88001"))

    assert record.quotes == (
        Quote(Decimal("144.5"), "market", "", "unopened", seller_count=2),
        Quote(Decimal("149.0"), "mid", "", "unopened", seller_count=2),
        Quote(Decimal("139.99"), "low", "", "unopened", 2, 4, Decimal("4.99")),
    )
    assert [(sale.reference, sale.units) for sale in record.sales] == [("day", 3), ("day", 1)]
    assert (record.external_id, record.evidence.product_id, record.title) == (
        "88001", "88001", "Example Skies Booster Box",
    )  # fmt: skip
    assert (record.confidence_level, record.quality, record.route) == ("medium", Decimal("0.80"), "page")


async def test_ghost_sellers_are_always_excluded():
    site = Site()

    await site.run(lambda route: route.scrape_product_price("88001"))
    await site.run(lambda route: route.search_products("fox"))

    listings = next(body for path, body in site.sent if path == LISTINGS)
    search = next(body for path, body in site.sent if path.startswith(SEARCH))
    assert listings["filters"]["exclude"] == {"channelExclusion": 0}
    assert search["listingSearch"]["filters"]["exclude"] == {"channelExclusion": 0}
    assert (listings["size"], search["algorithm"]) == (50, "revenue_dismax")


async def test_without_a_history_the_latest_sales_are_asked():
    site = Site()
    site.answers[HISTORY] = b'{"result": null}'
    site.answers[SALES] = sample("tcgplayer/latest_sales.json")

    record = await site.run(lambda route: route.scrape_product_price("88001"))

    assert [sale.units for sale in record.sales] == [4, 1]
    assert (SALES, latest_sales_body()) in site.sent


@pytest.mark.parametrize("answer", [b"[]", (403, "text/html", b"<html>no</html>")])
async def test_prices_are_good_without_sales(answer: Answer):
    site = Site()
    site.answers[HISTORY] = answer

    record = await site.run(lambda route: route.scrape_product_price("88001"))

    assert (len(record.quotes), record.sales) == (3, ())


async def test_nothing_on_offer_and_nothing_sold_is_no_record():
    site = Site()
    site.answers |= {
        DETAILS: b'{"productId": 88001, "productName": "x", "marketPrice": 0, "sealed": true}',
        LISTINGS: boxes(), HISTORY: b'{"result": []}',
    }  # fmt: skip

    assert await site.run(lambda route: route.scrape_product_price("88001")) is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, "application/json", b"{}"), NotListed),
        ((400, "application/json", b'{"errors": [{"code": "CAPI-1", "message": "bad"}]}'), RequestRejected),
        ((400, "application/json", b"{}"), RequestRejected),
        ((403, "text/html", b"<html>denied</html>"), Blocked),
        (
            b'{"errors": [{"code": "CAPI-35", "message": "ProductCategoryNotVisible"}], "results": []}',
            RequestRejected,
        ),
    ],
)
async def test_failures_have_their_reason(answer: Answer, error: type[Exception]):
    site = Site()
    site.answers[LISTINGS] = answer

    with pytest.raises(error):
        await site.run(lambda route: route.scrape_product_price("88001"))


async def test_search_asks_among_our_games_and_returns_suggestions():
    site = Site()

    hits = await site.run(lambda route: route.search_products("ember fox"))

    (path, body), *_ = site.sent
    assert path.startswith(f"{SEARCH}?q=ember")
    assert body["filters"]["term"] == {"productLineName": ["magic", "yugioh", "pokemon"]}
    assert [hit.external_id for hit in hits] == ["77001", "77002", "77003", "77004"]


@pytest.mark.parametrize(("total", "found", "pages"), [(61, 61, 2), (100, 100, 2), (12_345, 10_000, 200)])
async def test_a_set_is_paged_to_its_end_and_never_beyond_row_10000(total: int, found: int, pages: int):
    site = Site()
    site.total = total

    async def work(route):
        return [hit.external_id async for hit in route.products_of_set("pokemon", "example-skies")]

    hits = await site.run(work)

    assert (len(hits), hits[0], hits[-1], len(site.sent)) == (found, "1", str(found), pages)
    assert site.sent[0][1]["filters"]["term"] == {
        "productLineName": ["pokemon"],
        "setName": ["example-skies"],
    }


@pytest.mark.parametrize(("start", "size"), [(0, 51), (9_951, 50), (10_000, 1), (-1, 50), (0, 0)])
def test_pages_the_site_does_not_answer_are_not_made(start: int, size: int):
    with pytest.raises(ValueError, match="cannot be asked for"):
        search_body(algorithm="x", start=start, size=size)


def test_bodies_are_those_of_the_shared_samples(shared_data: Path):
    wire = shared_data / "wire" / "tcgplayer"
    search = json.loads((wire / "search_request.json").read_bytes())
    listings = json.loads((wire / "listings_request.json").read_bytes())
    sales = json.loads((wire / "latestsales_request.json").read_bytes())

    assert search_body(algorithm="revenue_dismax", filters={"productLineName": ["magic"]}) == search
    assert listings_body() == listings
    assert latest_sales_body() == sales
