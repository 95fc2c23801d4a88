"""Single products: the first route that answers wins, and every attempt is remembered."""

from decimal import Decimal

import pytest

from common.clock import utc_now
from pricing.models import CurrentPrice, PriceBatch
from scrapers.choices import FetchOutcome
from scrapers.models import ProductFetch
from scrapers.services.desk import Desk, Setup
from scrapers.services.products import RefreshReport, refresh_product
from tests.pricing.factories import make_product
from tests.scrapers.venue import API, LOCKED, PAGE
from tests.scrapers.watching import Recorder


def _refresh(setup: Setup, product, watch: Recorder | None = None) -> RefreshReport:
    with Desk(setup) as desk:
        return refresh_product(product.pk, desk=desk, watch=watch or Recorder(utc_now()))


def _outcomes() -> dict[str, str]:
    return dict(ProductFetch.objects.values_list("route__code", "outcome"))


def test_the_first_route_that_answers_wins_and_its_price_says_where_it_came_from(make_setup, venue):
    venue.prices = {"7": "12.50"}
    product = make_product(ids={"mcm": "7"})

    report = _refresh(make_setup(API, PAGE), product)

    assert (report.answered, report.prices_stored) == (1, 1)
    assert venue.requests == {"api/7": 1}
    batch = PriceBatch.objects.get()
    assert (batch.route, batch.parser, batch.source_url) == (
        "api",
        "small.api/1",
        f"{venue.url}/api/products/7",
    )
    assert len(batch.content_sha256) == 64
    assert CurrentPrice.objects.get().price == Decimal("12.50")
    fetch = ProductFetch.objects.get()
    assert (fetch.outcome, fetch.failures, fetch.succeeded_at) == (FetchOutcome.OK, 0, fetch.attempted_at)


@pytest.mark.parametrize(
    ("status", "outcome"), [(503, FetchOutcome.UNAVAILABLE), (403, FetchOutcome.BLOCKED)]
)
def test_a_route_that_fails_falls_back_to_the_next(make_setup, venue, status, outcome):
    venue.prices = {"7": "12.50"}
    venue.statuses = {"api": status}
    product = make_product(ids={"mcm": "7"})
    watch = Recorder(utc_now())

    report = _refresh(make_setup(API, PAGE), product, watch)

    assert (report.answered, report.prices_stored) == (1, 1)
    assert _outcomes() == {"api": outcome, "page": FetchOutcome.OK}
    assert PriceBatch.objects.get().route == "page"
    assert len(watch.errors) == 1


@pytest.mark.parametrize(
    ("price", "code", "outcome"),
    [
        ("crash", "parser_crashed", FetchOutcome.UNREADABLE),
        ("drift", "unreadable_answer", FetchOutcome.UNREADABLE),
        ("other", "evidence_missing", FetchOutcome.UNREADABLE),
    ],
)
def test_an_answer_that_proves_nothing_stores_nothing(make_setup, venue, price, code, outcome):
    venue.prices = {"7": price}
    watch = Recorder(utc_now())

    report = _refresh(make_setup(API), make_product(ids={"mcm": "7"}), watch)

    assert (report.answered, report.prices_stored, CurrentPrice.objects.count()) == (0, 0, 0)
    assert [found for found, _ in watch.errors] == [code]
    assert _outcomes() == {"api": outcome}


def test_nothing_on_offer_and_not_listed_are_answers(make_setup, venue):
    venue.prices = {"7": "none"}
    offered, gone = make_product(ids={"mcm": "7"}), make_product(ids={"mcm": "8"})
    setup = make_setup(API, PAGE)

    assert _refresh(setup, offered).answered == 1
    assert _refresh(setup, gone).answered == 1
    assert set(ProductFetch.objects.values_list("outcome", flat=True)) == {"no_offer", "not_listed"}
    assert not any(name.startswith("page/") for name in venue.requests)


def test_an_id_that_is_not_listed_leaves_the_others_their_prices(make_setup, venue):
    venue.prices = {"70": "12.50"}
    product = make_product(ids={"mcm": "7", "mcm/foil": "70"})

    report = _refresh(make_setup(API, PAGE), product)

    assert (report.answered, report.prices_stored) == (1, 1)
    assert _outcomes() == {"api": FetchOutcome.OK}


def test_what_one_id_brought_is_kept_when_another_fails(make_setup, venue):
    venue.prices = {"7": "12.50", "70": "drift"}
    product = make_product(ids={"mcm": "7", "mcm/foil": "70"})
    watch = Recorder(utc_now())

    report = _refresh(make_setup(API), product, watch)

    assert (report.answered, report.prices_stored) == (0, 1)
    assert _outcomes() == {"api": FetchOutcome.UNREADABLE}
    assert [code for code, _ in watch.errors] == ["unreadable_answer"]


def test_failures_in_a_row_are_counted_and_forgotten_with_success(make_setup, venue):
    venue.prices, venue.statuses = {"7": "12.50"}, {"api": 503}
    product = make_product(ids={"mcm": "7"})
    setup = make_setup(API)
    for _ in range(3):
        _refresh(setup, product)
    assert ProductFetch.objects.get().failures == 3
    assert ProductFetch.objects.get().succeeded_at is None

    venue.statuses = {}
    _refresh(setup, product)

    assert ProductFetch.objects.get().failures == 0
    assert ProductFetch.objects.get().succeeded_at is not None


def test_a_route_that_is_not_ready_is_listed_with_the_reason_and_sends_nothing(make_setup, venue):
    venue.prices = {"7": "12.50"}
    watch = Recorder(utc_now())

    report = _refresh(make_setup(LOCKED), make_product(ids={"mcm": "7"}), watch)

    assert (report.answered, watch.errors) == (0, [])
    assert watch.remarks == [("credentials_missing", "small/locked")]
    assert not venue.requests


def test_a_source_without_an_id_of_the_product_is_not_asked(make_setup, venue):
    assert _refresh(make_setup(API), make_product()).answered == 0
    assert not venue.requests
