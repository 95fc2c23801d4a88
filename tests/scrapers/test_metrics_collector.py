"""The gauge of fresh products."""

import pytest
from prometheus_client.registry import CollectorRegistry

from common.clock import utc_now
from scrapers.metrics_collector import SourceCollector
from scrapers.registry import SOURCES
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
    (family,) = registry.collect()
    assert {sample.labels["source"] for sample in family.samples} == {"all", *(s.code for s in SOURCES)}


def test_it_asks_the_database_at_most_once_a_minute(django_assert_num_queries):
    collector = SourceCollector()
    with django_assert_num_queries(1):
        list(collector.collect())
        list(collector.collect())
