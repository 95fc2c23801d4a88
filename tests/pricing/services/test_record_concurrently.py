"""Two imports at once, on real connections: they take turns, and the second finds everything known."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from catalog.models import Product
from pricing.models import PriceBatch, PriceRecord
from pricing.observations import BatchFacts, Observation
from pricing.selectors import history_disagreements
from pricing.services import record_prices
from tests.pricing.committed import committed
from tests.pricing.factories import NOW, current, make_product, make_source, observe
from tests.pricing.factories import record as record_now


@pytest.fixture
def committed_product(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> Iterator[Product]:
    """A product other connections can see, taken away with everything recorded about it.

    Not a transactional test: flushing the database would take the seeded rows from the next tests.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        make_source()
        with committed() as products:
            products.append(make_product())
            yield products[0]


def _in_threads(*jobs: Callable[[], PriceBatch]) -> list[PriceBatch]:
    def run(job: Callable[[], PriceBatch]) -> PriceBatch:
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, job) for job in jobs]]


def test_two_imports_of_the_same_prices_store_them_once(committed_product: Product):
    start = threading.Barrier(2, timeout=30)

    def together() -> PriceBatch:
        start.wait()
        return record_now(*(observe(committed_product, "1.50", kind) for kind in ("trend", "low", "avg")))

    batches = _in_threads(together, together)

    assert sorted((b.prices_stored, b.prices_known) for b in batches) == [(0, 3), (3, 0)]
    assert PriceRecord.objects.filter(product=committed_product).count() == 3


def test_older_and_newer_imports_at_once_leave_the_newer_price_current(committed_product: Product):
    start = threading.Barrier(2, timeout=30)

    def at(age: int, price: str) -> PriceBatch:
        start.wait()
        return record_now(observe(committed_product, price), at=NOW - timedelta(days=age), now=NOW)

    _in_threads(lambda: at(0, "2.00"), lambda: at(3, "1.00"))

    assert current(committed_product) == Decimal("2.00")
    assert history_disagreements([committed_product.key]) == []


def test_an_import_waits_for_the_one_before_it(committed_product: Product):
    first_reads, second_started = threading.Event(), threading.Event()
    order: list[str] = []

    def slowly() -> Iterator[Observation]:
        first_reads.set()
        assert second_started.wait(30)
        yield observe(committed_product, "1.00")
        order.append("first read")

    def first() -> PriceBatch:
        return _record(slowly())

    def second() -> PriceBatch:
        assert first_reads.wait(30)
        second_started.set()
        return _record(_noting())

    def _noting() -> Iterator[Observation]:
        order.append("second reads")
        yield observe(committed_product, "1.00")

    _in_threads(first, second)

    assert order == ["first read", "second reads"]


def _record(observations: Iterator[Observation]) -> PriceBatch:
    return record_prices(
        source=make_source(), observations=observations, batch=BatchFacts(recorded_at=NOW), now=NOW
    )
