"""Two workers that store prices of the same sources at once: neither waits for the other's whole work."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from catalog.models import Product
from common.clock import utc_now
from pricing.choices import PriceType, Route
from pricing.models import CurrentPrice
from scrapers.choices import FetchOutcome
from scrapers.models import SourceRoute
from scrapers.records import Evidence, Quote, ScrapedPrice
from scrapers.registry import source_spec
from scrapers.selectors.targets import Article
from scrapers.services.asking import Answer, Attempt
from scrapers.services.products import store_answers
from scrapers.services.routes import ReadyRoute
from tests.pricing.committed import committed
from tests.pricing.factories import make_product
from tests.scrapers.watching import Recorder

NOW = utc_now()


@pytest.fixture
def boxes(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> Iterator[list[Product]]:
    with django_db_blocker.unblock(), committed() as products:  # type: ignore[attr-defined]
        for number in ("1", "2"):
            ids = {"mcm": number, "tcgplayer": number}
            products.append(make_product(f"Box {number}", sealed=True, ids=ids))
        yield products


class _Meeting(Recorder):
    """Waits for the other worker once, right after its first price."""

    def __init__(self, barrier: threading.Barrier) -> None:
        super().__init__(NOW)
        self._barrier: threading.Barrier | None = barrier

    def count(self, name: str, number: int = 1) -> None:
        super().count(name, number)
        if name == "prices_stored" and self._barrier is not None:
            barrier, self._barrier = self._barrier, None
            barrier.wait()


def _answer(code: str, currency: str, product: Product, external_id: str) -> Answer:
    source = source_spec(code)
    row = SourceRoute.objects.filter(source=code, code="api").get()
    route = next(route for route in source.routes if route.code == "api")
    record = ScrapedPrice(
        external_id=external_id,
        currency=currency,
        quotes=(Quote(amount=Decimal(80), price_type=PriceType.LOW),),
        evidence=Evidence(external_id, currency, "price"),
        route=Route.API,
        source_url=f"https://{code}.example/{external_id}",
        fetched_at=NOW,
        payload_sha256="0" * 64,
        parser="test/1",
    )
    article = Article(product.pk, product.key, product.name, (external_id,))
    attempt = Attempt(ReadyRoute(source, route, row), FetchOutcome.OK, NOW, records=(record,), is_answer=True)
    return Answer(article, [attempt])


def test_two_workers_with_the_same_sources_in_another_order_do_not_block_each_other(boxes):
    first, second = boxes
    orders = (
        [_answer("cardmarket", "EUR", first, "1"), _answer("tcgplayer", "USD", first, "1")],
        [_answer("tcgplayer", "USD", second, "2"), _answer("cardmarket", "EUR", second, "2")],
    )
    barrier = threading.Barrier(2, timeout=60)

    def store(answers: list[Answer]) -> int:
        try:
            return store_answers(answers, watch=_Meeting(barrier))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        stored = [job.result(timeout=60) for job in [pool.submit(store, answers) for answers in orders]]

    assert stored == [2, 2]
    assert CurrentPrice.objects.filter(product__in=boxes).count() == 4
