"""A cycle: feeds first, then products by plan, within slots and time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from catalog.models import Product
from common.clock import utc_now
from common.models import OutboxMessage
from jobs.errors import JobCancelled
from pricing.models import CurrentPrice, SaleRecord
from scrapers.models import ProductFetch, SourceRoute
from scrapers.scheduling import CYCLE
from scrapers.services.asking import OpenRoute
from scrapers.services.cycle import PUT_OFF, plan_sales, plan_source, run_cycle
from scrapers.services.desk import Desk, Setup
from scrapers.services.products import open_routes
from scrapers.services.routes import ready_routes
from tests.pricing.factories import make_product
from tests.scrapers.venue import API, FEED, MISTYPED, PAGE, SOLD
from tests.scrapers.watching import Recorder


def _boxes(count: int) -> None:
    for number in range(1, count + 1):
        make_product(f"Box {number}", sealed=True, ids={"mcm": str(number)})


@contextmanager
def _opened(setup: Setup, offering: str) -> Iterator[list[OpenRoute]]:
    watch = Recorder(utc_now())
    with Desk(setup) as desk:
        ready = list(ready_routes(setup, offering=offering, watch=watch, now=watch.now))
        yield open_routes(desk, ready, watch=watch)


def _cycle(setup: Setup, tmp_path, run: Recorder | None = None) -> Recorder:
    run = run or Recorder(utc_now())
    run_cycle(run, inbox=tmp_path / "inbox", kinds=("csv",), setup=setup)
    return run


def test_what_a_feed_brought_is_not_asked_for_again(make_setup, venue, tmp_path):
    _boxes(3)
    venue.files = {"a": {"1": "80"}, "b": {"2": "90"}}
    venue.prices = {"1": "81", "2": "91", "3": "99"}

    run = _cycle(make_setup(FEED, API), tmp_path)

    assert {name for name in venue.requests if name.startswith("api/")} == {"api/3"}
    assert CurrentPrice.objects.count() == 3
    assert (run.counts["prices_stored"], run.counts["fetch_ok"], run.errors) == (3, 1, [])
    assert not run.is_continued
    assert OutboxMessage.objects.filter(task="opportunities.analyze_all_products").exists()


def test_sales_are_asked_for_beside_prices_that_a_feed_brought(make_setup, venue, tmp_path):
    _boxes(4)
    venue.files = {"all": {str(number): "80" for number in range(1, 5)}}
    venue.prices = {str(number): "81" for number in range(1, 5)}
    setup = make_setup(FEED, API, SOLD)

    run = _cycle(setup, tmp_path)
    again = _cycle(setup, tmp_path)

    assert {name for name in venue.requests if "/" in name and not name.startswith("files")} == {
        "sold/2", "sold/4",
    }  # fmt: skip
    assert SaleRecord.objects.count() == 2
    assert CurrentPrice.objects.count() == 4
    assert (run.errors, again.errors) == ([], [])
    assert venue.requests["sold/2"] == 1


def test_asking_for_sales_makes_no_price_look_fresh(make_setup, venue):
    _boxes(2)
    setup = make_setup(API, SOLD)
    now = utc_now()
    box, sold = Product.objects.get(name="Box 2"), SourceRoute.objects.get(source="small", code="sold")
    ProductFetch.objects.create(route=sold, product=box, attempted_at=now, succeeded_at=now, outcome="ok")

    with _opened(setup, "product") as routes:
        planned = plan_source(setup.sources[0], routes, started=now - CYCLE, now=now)

    assert {target.subject.name for target in planned} == {"Box 1", "Box 2"}


def test_products_whose_sales_nobody_can_tell_take_no_slot(make_setup, venue, monkeypatch):
    _boxes(6)
    monkeypatch.setattr("scrapers.services.cycle.SALES_SLOTS", 3)
    now = utc_now()

    setup = make_setup(SOLD)
    with _opened(setup, "sales") as routes:
        planned = plan_sales(setup.sources[0], routes, started=now, now=now)

    assert {target.subject.name for target in planned} == {"Box 2", "Box 4", "Box 6"}


def test_sales_can_be_asked_for_by_the_last_of_many_ids(make_setup, venue):
    make_product("Box", sealed=True, ids={"mcm": "1", "mcm/foil": "3", "mcm/etched": "5", "mcm/glossy": "72"})
    now = utc_now()

    setup = make_setup(SOLD)
    with _opened(setup, "sales") as routes:
        (planned,) = plan_sales(setup.sources[0], routes, started=now, now=now)
        assert routes[0].ids_of(planned.subject) == ["72"]


def test_products_are_stored_in_small_batches_and_every_one_is_asked_once(make_setup, venue, tmp_path):
    _boxes(60)
    venue.prices = {str(number): "80" for number in range(1, 61)}

    run = _cycle(make_setup(API), tmp_path)

    assert sum(venue.requests.values()) == 60
    assert max(venue.requests.values()) == 1
    assert ProductFetch.objects.filter(outcome="ok").count() == 60
    steps = [done for done, _, _ in run.shown]
    assert max(after - before for before, after in pairwise(steps)) <= 25


def test_one_bad_product_does_not_stop_the_others(make_setup, venue, tmp_path):
    _boxes(4)
    venue.prices = {"1": "80", "2": "crash", "3": "drift", "4": "82"}

    run = _cycle(make_setup(API), tmp_path)

    assert run.counts["prices_stored"] == 2
    assert sorted(code for code, _ in run.errors) == ["parser_crashed", "unreadable_answer"]


def test_without_time_the_slice_ends_and_the_next_asks_the_rest_only(make_setup, venue, tmp_path):
    _boxes(3)
    venue.prices = {str(number): "80" for number in range(1, 4)}
    setup = make_setup(API)
    run = Recorder(utc_now(), seconds_left=30)

    _cycle(setup, tmp_path, run)
    assert (run.is_continued, run.resume_at, sum(venue.requests.values())) == (True, None, 0)
    run.seconds_left = 200
    run.is_continued = False
    _cycle(setup, tmp_path, run)

    assert not run.is_continued
    assert venue.requests == {f"api/{number}": 1 for number in range(1, 4)}


def test_a_cycle_does_not_ask_again_about_what_failed_in_it(make_setup, venue, tmp_path):
    _boxes(2)
    venue.statuses = {"api": 503}
    setup = make_setup(API)
    run = _cycle(setup, tmp_path)
    assert sum(venue.requests.values()) == 2

    _cycle(setup, tmp_path, run)

    assert sum(venue.requests.values()) == 2


def test_the_next_cycle_asks_again_once_the_backoff_is_over(make_setup, venue, tmp_path):
    _boxes(1)
    venue.prices, venue.statuses = {"1": "80"}, {"api": 503}
    setup = make_setup(API)
    _cycle(setup, tmp_path)
    venue.statuses = {}

    early = _cycle(setup, tmp_path, Recorder(utc_now() + timedelta(minutes=20)))
    late = _cycle(setup, tmp_path, Recorder(utc_now() + timedelta(minutes=40)))

    assert (early.counts["prices_stored"], late.counts["prices_stored"]) == (0, 1)


def test_what_was_sent_in_this_cycle_counts_against_the_slots_of_the_host(make_setup, venue):
    _boxes(2)
    setup = make_setup(API)
    now = utc_now()
    row = SourceRoute.objects.get(source="small", code="api")
    others = [make_product(f"Card {number}") for number in range(3)]
    ProductFetch.objects.bulk_create(
        ProductFetch(route=row, product=other, attempted_at=now, outcome="ok") for other in others
    )

    with _opened(setup, "product") as routes:
        planned = plan_source(setup.sources[0], routes, started=now, now=now, slots=4)

    assert len(planned) == 1


def test_a_host_that_is_left_alone_is_tried_again_later_and_counts_no_failure(make_setup, venue, tmp_path):
    _boxes(2)
    venue.prices, venue.statuses = {"1": "80", "2": "81"}, {"api": 420}
    setup = make_setup(API)
    run = _cycle(setup, tmp_path)

    assert (run.is_continued, run.resume_at) == (True, run.now + PUT_OFF)
    assert not ProductFetch.objects.exists()
    assert run.errors == []
    venue.statuses = {}
    _cycle(setup, tmp_path, run)
    assert run.counts["prices_stored"] == 2


def test_near_the_end_of_a_cycle_a_host_that_is_left_alone_is_reported(make_setup, venue, tmp_path):
    _boxes(2)
    venue.statuses = {"api": 420}
    run = Recorder(utc_now())
    run.job.created_at = run.now - CYCLE + timedelta(minutes=3)

    _cycle(make_setup(API), tmp_path, run)

    assert not run.is_continued
    assert run.errors == [("breaker_open", "small")]


def test_a_host_that_is_left_alone_falls_back_to_the_next_route(make_setup, venue, tmp_path):
    _boxes(1)
    venue.prices, venue.statuses = {"1": "80"}, {"api": 420}

    run = _cycle(make_setup(API, PAGE), tmp_path)

    assert (run.is_continued, run.counts["fetch_ok"], run.errors) == (False, 1, [])
    assert run.counts["prices_stored"] + run.counts["prices_quarantined"] == 1
    assert list(ProductFetch.objects.values_list("route__code", flat=True)) == ["page"]


def test_after_four_hours_a_cycle_is_over(make_setup, venue, tmp_path):
    _boxes(1)
    run = Recorder(utc_now())
    run.job.created_at = run.now - CYCLE

    _cycle(make_setup(API), tmp_path, run)

    assert run.remarks == [("cycle_over", "")]
    assert not venue.requests


def test_cancelling_stops_between_batches(make_setup, venue, tmp_path):
    _boxes(60)
    venue.prices = {str(number): "80" for number in range(1, 61)}

    with pytest.raises(JobCancelled):
        _cycle(make_setup(API), tmp_path, Recorder(utc_now(), cancel_after=1))

    assert sum(venue.requests.values()) == 25
    assert ProductFetch.objects.filter(outcome="ok").count() == 25


def test_not_ready_routes_are_reported_once_in_a_cycle_of_many_slices(make_setup, venue, tmp_path):
    _boxes(1)
    setup = make_setup(API, PAGE)
    SourceRoute.objects.filter(code="page").update(reviewed_on="2020-01-01")
    run = Recorder(utc_now(), seconds_left=30)

    _cycle(setup, tmp_path, run)
    _cycle(setup, tmp_path, run)

    assert run.errors == [("terms_review_expired", "small/page")]


def test_a_mistyped_option_stops_its_own_route_only(make_setup, venue, tmp_path):
    _boxes(1)
    venue.prices = {"1": "80"}
    run = _cycle(make_setup(MISTYPED, API), tmp_path)

    assert run.errors == [("source_not_ready", "small/mistyped")]
    assert run.counts["prices_stored"] == 1
    assert "MARKETPLACE" in SourceRoute.objects.get(source="small", code="mistyped").last_error


def test_an_empty_catalogue_loads_the_first_game_only(make_setup, venue, tmp_path):
    venue.files = {"a": {"1": "80"}}
    setup = make_setup(FEED)
    others = Setup(
        mode=setup.mode,
        sources=(replace(setup.sources[0], categories=("pokemon",)),),
        open_session=setup.open_session,
    )

    _cycle(others, tmp_path)
    assert not venue.requests
    _cycle(setup, tmp_path)
    assert venue.requests["files/a"] == 1
