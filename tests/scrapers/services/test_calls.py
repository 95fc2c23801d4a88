"""What a venue allows in a day is not exceeded, whoever asks and however often a worker starts anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.clock import utc_now
from scrapers.models import ProductFetch, RouteCalls, SourceRoute
from scrapers.services.asking import CALLS_OF_AN_ARTICLE
from scrapers.services.calls import calls_left
from scrapers.services.cycle import run_cycle
from scrapers.services.desk import Desk
from scrapers.services.products import refresh_product
from scrapers.services.routes import ready_routes
from tests.pricing.factories import make_product
from tests.scrapers.venue import API, PAGE
from tests.scrapers.watching import Recorder

NOW = utc_now().replace(minute=30)
LIMITED = replace(API, calls_a_day=CALLS_OF_AN_ARTICLE + 3)


def _boxes(venue, count: int) -> None:
    for number in range(1, count + 1):
        make_product(f"Box {number}", sealed=True, ids={"mcm": str(number)})
        venue.prices[str(number)] = "80"


def _cycle(setup, tmp_path, run: Recorder) -> Recorder:
    run_cycle(run, inbox=tmp_path / "inbox", kinds=("csv",), setup=setup)
    return run


def test_requests_are_counted_and_none_is_sent_beyond_the_allowance(make_setup, venue, tmp_path):
    _boxes(venue, 8)
    setup = make_setup(LIMITED)

    run = _cycle(setup, tmp_path, Recorder(NOW))

    assert sum(venue.requests.values()) == RouteCalls.objects.get().calls == 4
    assert ProductFetch.objects.count() == 4
    assert run.errors == []
    assert (run.is_continued, run.resume_at) == (True, NOW + timedelta(hours=1))
    _cycle(setup, tmp_path, Recorder(NOW + timedelta(hours=1)))
    assert sum(venue.requests.values()) == 4
    _cycle(setup, tmp_path, Recorder(NOW + timedelta(hours=25, minutes=30)))
    assert sum(venue.requests.values()) == 8


def test_no_more_is_planned_than_is_left(make_setup, venue, tmp_path):
    _boxes(venue, CALLS_OF_AN_ARTICLE + 9)

    run = _cycle(make_setup(LIMITED), tmp_path, Recorder(NOW))

    assert max(total or 0 for _, total, _ in run.shown) == LIMITED.calls_a_day


def test_the_next_route_goes_on_when_the_allowance_is_spent(make_setup, venue, tmp_path):
    _boxes(venue, 6)

    run = _cycle(make_setup(LIMITED, PAGE), tmp_path, Recorder(NOW))

    assert len([name for name in venue.requests if name.startswith("api/")]) == 4
    assert len([name for name in venue.requests if name.startswith("page/")]) == 2
    assert (run.is_continued, run.errors) == (False, [])


def test_a_product_that_somebody_asks_for_counts_too(make_setup, venue):
    _boxes(venue, 1)
    product = make_product("Card", ids={"mcm": "100"})
    venue.prices["100"] = "5"
    setup = make_setup(LIMITED)
    row = SourceRoute.objects.get(source="small", code="api")
    RouteCalls.objects.create(route=row, hour=NOW.replace(minute=0, second=0, microsecond=0), calls=3)

    for watch in (Recorder(NOW), Recorder(NOW)):
        with Desk(setup) as desk:
            refresh_product(product.pk, desk=desk, watch=watch)

    assert RouteCalls.objects.get().calls == 4
    assert watch.errors == [("allowance_spent", "small/api")]


@pytest.mark.parametrize(("age", "left"), [(0, 23), (24, 23), (25, 33)])
def test_the_oldest_hour_of_the_last_24_counts_whole(make_setup, venue, age, left):
    setup = make_setup(LIMITED)
    hour = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=age)
    RouteCalls.objects.create(route=SourceRoute.objects.get(source="small", code="api"), hour=hour, calls=10)

    (ready,) = ready_routes(setup, offering="product", watch=Recorder(NOW), now=NOW)

    assert calls_left(ready, now=NOW) == left
    assert calls_left(replace(ready, route=API), now=NOW) is None
