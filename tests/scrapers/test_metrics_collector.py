"""The gauges of fresh products and breakers."""

import asyncio

import pytest
from prometheus_client.registry import CollectorRegistry

from common.clock import utc_now
from common.redis import open_async_redis
from common.resilience import Breaker, reset_breaker
from scrapers.metrics_collector import SourceCollector
from scrapers.registry import SOURCES
from scrapers.selectors.hosts import host_key
from tests.pricing.factories import make_product, observe, record

pytestmark = pytest.mark.django_db


def test_shares_are_read_from_the_database_for_a_closed_set_of_sources():
    first, _ = (make_product(name, sealed=True, ids={"mcm": name}) for name in "12")
    record(observe(first, "90"), at=utc_now())
    registry = CollectorRegistry()
    registry.register(SourceCollector())

    def share(source: str) -> float | None:
        return registry.get_sample_value("arbsite_products_fresh_share", {"source": source})

    assert (share("cardmarket"), share("all"), share("ebay")) == (0.5, 0.5, 0.0)
    _, family = registry.collect()
    assert {sample.labels["source"] for sample in family.samples} == {"all", *(s.code for s in SOURCES)}


def test_it_asks_the_database_at_most_once_a_minute(django_assert_num_queries):
    collector = SourceCollector()
    with django_assert_num_queries(1):
        list(collector.collect())
        list(collector.collect())


def test_an_open_breaker_shows_under_the_name_of_its_venue(settings):
    settings.VENUE_SIMULATOR_URL = ""
    key = host_key(settings.VENUE_URLS["tcgcsv"])
    registry = CollectorRegistry()
    registry.register(SourceCollector())

    async def block() -> None:
        client = open_async_redis()
        breaker = Breaker(client)
        await breaker.fail(await breaker.admit(key), code="blocked", is_blocked=True)
        await client.aclose()

    def state(venue: str) -> float | None:
        return registry.get_sample_value("arbsite_breaker_state", {"venue": venue})

    try:
        assert state("tcgcsv") == 0
        asyncio.run(block())
        assert (state("tcgcsv"), state("scryfall"), state("amazon_login")) == (2, 0, None)
    finally:
        reset_breaker(key)
