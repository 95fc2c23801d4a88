from decimal import Decimal

import pytest
from aiohttp import web

from scrapers.base import Configuration
from scrapers.errors import Blocked, NotListed, RequestRejected
from scrapers.venues.amazon.page import AmazonPages
from tests.scrapers.http.sessions import quick_session, venue

from .reading import read

CAPTCHA = (
    "<html><head><title>Robot Check</title></head><body><form action='/errors/validateCaptcha'>"
    "Type the characters you see</form></body></html>"
)


@pytest.fixture
async def site():
    answers: dict[str, tuple[int, str]] = {}
    asked = []

    async def answer(request):
        asked.append(request)
        status, text = answers.get(request.path, (404, "<html>Sorry! We couldn't find that page.</html>"))
        return web.Response(status=status, text=text, content_type="text/html")

    async with venue(answer) as base, quick_session(base) as session:
        yield AmazonPages(session, Configuration(urls={"amazon_site": base})), answers, asked


async def test_product_page_is_read(site):
    scraper, answers, _ = site
    answers["/dp/B0AMBER001"] = (200, read("product.html").decode())

    found = await scraper.scrape_product_price("B0AMBER001")

    assert found.quotes[0].amount == Decimal("1459.90")
    assert found.source_url.endswith("/dp/B0AMBER001")


async def test_missing_page_is_not_listed(site):
    with pytest.raises(NotListed):
        await site[0].scrape_product_price("B0AMBER009")


async def test_captcha_is_a_block_and_no_price(site):
    scraper, answers, _ = site
    answers["/dp/B0AMBER001"] = (200, CAPTCHA)

    with pytest.raises(Blocked):
        await scraper.scrape_product_price("B0AMBER001")


async def test_search_page_is_read(site):
    scraper, answers, asked = site
    answers["/s"] = (200, read("results.html").decode())

    hits = await scraper.search_products(" amber   archive")

    assert [hit.external_id for hit in hits] == ["B0AMBER001", "B0AMBER003"]
    assert dict(asked[0].query) == {"k": "amber archive"}
    assert await scraper.search_products("") == []


async def test_bad_asin_asks_nobody(site):
    scraper, _, asked = site

    with pytest.raises(RequestRejected):
        await scraper.scrape_product_price("x")
    assert asked == []
