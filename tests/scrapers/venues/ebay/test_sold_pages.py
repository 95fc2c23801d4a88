import pytest
from aiohttp import web

from common.clock import FrozenClock
from scrapers.base import Configuration
from scrapers.errors import Blocked
from scrapers.venues.ebay.sold import EbaySoldPages
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, read


async def fetch(text, *, status=200):
    asked = []

    async def answer(request):
        asked.append(request)
        return web.Response(status=status, text=text, content_type="text/html")

    async with venue(answer) as base, quick_session(base, clock=FrozenClock(NOW)) as session:
        scraper = EbaySoldPages(session, Configuration(urls={"ebay_site": base}))
        return await scraper.scrape_product_price("q:amber archive booster box"), asked


async def test_sold_page_is_asked_for_and_read():
    found, (request,) = await fetch(read("sold_mixed.html").decode())

    assert len(found.sales) == 9
    assert request.path == "/sch/i.html"
    assert dict(request.query) == {
        "_nkw": "amber archive booster box",
        "LH_Sold": "1",
        "LH_Complete": "1",
        "_sop": "13",
        "_ipg": "120",
    }


async def test_block_page_is_never_read_as_nothing():
    page = (
        "<html><head><title>Pardon Our Interruption...</title></head><body>" + "x" * 13_000 + "</body></html>"
    )

    with pytest.raises(Blocked):
        await fetch(page)
