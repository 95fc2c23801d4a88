"""The overview of all sources."""

from datetime import timedelta

import pytest

from catalog.models import Product
from common.clock import utc_now
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES
from scrapers.selectors import host_key, source_list
from tests.pricing.factories import make_held, make_product, observe, record

pytestmark = pytest.mark.django_db
NOW = utc_now()


def _source(code: str):
    (found,) = [source for source in source_list(now=NOW) if source.code == code]
    return found


def test_every_source_is_listed_with_its_routes_in_order():
    found = source_list(now=NOW)

    assert [source.code for source in found] == [source.code for source in SOURCES]
    assert [[route.code for route in source.routes] for source in found] == [
        [route.code for route in source.routes] for source in SOURCES
    ]


def test_what_came_in_today_is_counted():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})
    record(observe(box, "90"), at=NOW - timedelta(hours=2))
    make_held(at=NOW - timedelta(hours=1))

    found = _source("cardmarket")

    assert found.newest_price_at is not None
    assert found.newest_price_at >= NOW - timedelta(hours=2)
    assert found.quarantined_24h >= 1
    assert found.prices_24h + found.quarantined_24h == 4
    assert (found.coverage.tracked, found.coverage.fresh) == (1, 1)


def test_a_route_says_why_it_does_not_start():
    SourceRoute.objects.filter(source="cardmarket", code="guide").update(reviewed_on="2020-01-01")

    guide, api = _source("cardmarket").routes

    assert (guide.is_ready, guide.not_ready_code) == (False, "terms_review_expired")
    assert guide.review_due_on is not None
    assert guide.review_due_on.isoformat() == "2020-06-29"
    assert api.not_ready_code == "credentials_missing"


def test_beside_the_demo_market_nothing_is_ready_without_a_simulator(settings):
    settings.VENUE_SIMULATOR_URL = ""
    make_product()
    Product.objects.update(is_demo=True)

    codes = {route.not_ready_code for source in source_list(now=NOW) for route in source.routes}

    assert codes == {"demo_market_present"}


def test_hosts_are_named_once_for_each_route(settings):
    settings.VENUE_URLS = {**settings.VENUE_URLS, "tcgcsv": "https://tcgcsv.com"}

    (tcgcsv, *_) = _source("tcgplayer").routes

    assert [(host.key, host.breaker, host.failures) for host in tcgcsv.hosts] == [("tcgcsv.com", "closed", 0)]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://tcgcsv.com", "tcgcsv.com"),
        ("http://127.0.0.1:8900/ebay_api", "127.0.0.1:8900/ebay_api"),
        ("http://intranet.example/x", "intranet.example"),
    ],
)
def test_a_host_is_named_as_it_is_paced(settings, url, key):
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:8900"

    assert host_key(url) == key
