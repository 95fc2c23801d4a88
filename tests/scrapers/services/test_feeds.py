"""Bulk routes: every part stored with what is remembered of it, or not at all."""

from decimal import Decimal

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from common.clock import utc_now
from jobs.errors import JobCancelled
from pricing.importers import ParsedPrices
from pricing.models import CurrentPrice, PriceBatch
from scrapers.feeds import BulkPart, Download
from scrapers.models import FeedDownload, SourceRoute
from scrapers.services.desk import Desk
from scrapers.services.feeds import OVERTIME_SECONDS, FeedReport, _take, run_feed
from scrapers.services.routes import ready_routes
from tests.pricing.factories import make_product
from tests.scrapers.venue import FEED, REFUSED
from tests.scrapers.watching import Recorder


def _run(setup, watch: Recorder) -> FeedReport:
    with Desk(setup) as desk:
        (ready,) = ready_routes(setup, offering="bulk", watch=watch, now=watch.now)
        return run_feed(ready, desk=desk, watch=watch)


def test_parts_are_stored_with_route_time_parser_and_address(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"2": "3.50"}}
    first, second = make_product("One", ids={"mcm": "1"}), make_product("Two", ids={"mcm": "2"})
    watch = Recorder(utc_now())

    report = _run(make_setup(FEED), watch)

    assert (report.parts, report.prices_stored, report.error) == (2, 2, "")
    batch = PriceBatch.objects.get(source_url=f"{venue.url}/files/a")
    assert (batch.route, batch.parser, batch.fetched_at is not None) == ("bulk", "small.feed/1", True)
    stored = dict(CurrentPrice.objects.values_list("product__name", "price"))
    assert stored == {first.name: Decimal("2.50"), second.name: Decimal("3.50")}
    assert FeedDownload.objects.count() == 2
    assert SourceRoute.objects.get(source="small").last_success_at is not None


def test_what_is_unchanged_is_only_remembered_as_confirmed(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}}
    make_product(ids={"mcm": "1"})
    setup = make_setup(FEED)
    _run(setup, Recorder(utc_now()))
    confirmed_at = FeedDownload.objects.get().fetched_at

    report = _run(setup, Recorder(utc_now()))

    assert (report.unchanged, report.prices_stored, report.has_changed) == (1, 0, False)
    assert FeedDownload.objects.get().fetched_at > confirmed_at
    assert SourceRoute.objects.get(source="small").confirmed_at is not None
    assert PriceBatch.objects.count() == 1


def test_a_venue_that_fails_half_way_keeps_what_came_before(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"1": "2.60"}}
    venue.statuses = {"files/b": 503}
    make_product(ids={"mcm": "1"})
    watch = Recorder(utc_now())

    report = _run(make_setup(FEED), watch)

    assert (report.error, report.prices_stored) == ("venue_unavailable", 1)
    assert watch.errors == [("venue_unavailable", "small/feed")]
    assert list(FeedDownload.objects.values_list("url", flat=True)) == [f"{venue.url}/files/a"]
    row = SourceRoute.objects.get(source="small")
    assert row.last_error.startswith("venue_unavailable")
    assert row.last_success_at is None


def test_a_part_that_cannot_be_stored_is_not_remembered_and_stops_no_other(make_setup, venue):
    venue.files = {"a": {"source": "cardmarket", "1": "2.50"}, "b": {"1": "2.60"}}
    make_product(ids={"mcm": "1"})
    watch = Recorder(utc_now())

    report = _run(make_setup(FEED), watch)

    assert (report.failed_parts, report.prices_stored) == (1, 1)
    assert watch.errors == [("unknown_source", "small/feed")]
    assert list(FeedDownload.objects.values_list("url", flat=True)) == [f"{venue.url}/files/b"]
    assert SourceRoute.objects.get(source="small").last_success_at is None


@pytest.mark.parametrize("file", ["", "https://venue.example/index"])
def test_a_file_of_which_a_part_could_not_be_stored_is_fetched_again(make_setup, venue, file):
    url = f"{venue.url}/files/a"
    setup = make_setup(FEED)
    report = FeedReport()
    ready = next(ready_routes(setup, offering="bulk", watch=Recorder(utc_now()), now=utc_now()))
    now = utc_now()
    bad = ParsedPrices(source="cardmarket", observations=[], recorded_at=None, rows_read=0)
    with Desk(setup) as desk:
        for part in (
            BulkPart("first", url, now, prices=bad, file=file),
            BulkPart("last", url, now, Download(file or url, now), unchanged=True, file=file),
            BulkPart("other", url, now, Download("https://venue.example/other", now), unchanged=True),
            BulkPart("end", url, now, Download("https://venue.example/", now), unchanged=True, is_end=True),
        ):
            _take(part, ready, desk, Recorder(now), report)

    assert list(FeedDownload.objects.values_list("url", flat=True)) == ["https://venue.example/other"]


def test_the_end_of_a_pass_without_failures_is_remembered(make_setup, venue):
    setup, now = make_setup(FEED), utc_now()
    ready = next(ready_routes(setup, offering="bulk", watch=Recorder(now), now=now))
    end = BulkPart("end", venue.url, now, Download(venue.url, now), unchanged=True, is_end=True)
    with Desk(setup) as desk:
        _take(end, ready, desk, Recorder(now), FeedReport())

    assert FeedDownload.objects.get().url == venue.url


def test_a_mistake_in_reading_a_file_ends_its_feed_only(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"1": "no price"}}
    make_product(ids={"mcm": "1"})
    watch = Recorder(utc_now())

    report = _run(make_setup(FEED), watch)

    assert (report.error, report.prices_stored) == ("internal_error", 1)
    assert watch.errors == [("internal_error", "small/feed")]
    assert SourceRoute.objects.get(source="small").last_error == (
        "internal_error: unexpected InvalidOperation; the log says more."
    )


def test_a_part_the_database_refuses_stops_no_other(make_setup, venue):
    make_product(ids={"mcm": "1"})
    now = utc_now()
    setup, watch, report = make_setup(FEED), Recorder(now), FeedReport()
    ready = next(ready_routes(setup, offering="bulk", watch=watch, now=now))
    urls = [f"{venue.url}/files/{name}" for name in "ab"]
    too_long = Download(urls[0], now, sha256="0" * 2_000)
    with Desk(setup) as desk:
        for part in (
            BulkPart("too long", urls[0], now, too_long, unchanged=True),
            BulkPart("good", urls[1], now, Download(urls[1], now), unchanged=True),
        ):
            _take(part, ready, desk, watch, report)

    assert (report.failed_parts, watch.errors) == (1, [("internal_error", "small/feed")])
    assert list(FeedDownload.objects.values_list("url", flat=True)) == [urls[1]]


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded(), OperationalError("the connection is gone")])
def test_what_ends_the_run_is_no_fault_of_a_part(make_setup, venue, error):
    now = utc_now()
    setup, watch = make_setup(FEED), Recorder(now)
    ready = next(ready_routes(setup, offering="bulk", watch=watch, now=now))

    def broken_off():
        raise error

    rows = (broken_off() for _ in range(1))
    prices = ParsedPrices(source="small", observations=rows, recorded_at=None, rows_read=0)
    with Desk(setup) as desk, pytest.raises(type(error)):
        _take(BulkPart("a", venue.url, now, prices=prices), ready, desk, watch, FeedReport())

    assert watch.errors == []


def test_a_route_whose_configuration_is_refused_is_an_error_of_its_own(make_setup, venue):
    watch = Recorder(utc_now())

    report = _run(make_setup(REFUSED), watch)

    assert (report.error, watch.errors) == ("source_not_ready", [("source_not_ready", "small/refused")])


def test_a_slice_without_time_stops_after_a_part_and_the_next_goes_on(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"2": "2.60"}}
    make_product(ids={"mcm": "1"})
    make_product(ids={"mcm": "2"})
    setup = make_setup(FEED)

    first = _run(setup, Recorder(utc_now(), seconds_left=1))
    second = _run(setup, Recorder(utc_now()))

    assert (first.is_complete, first.prices_stored) == (False, 1)
    assert (second.is_complete, second.unchanged, second.prices_stored) == (True, 1, 1)


def test_a_part_that_would_arrive_after_the_end_of_the_task_is_not_waited_for(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}}
    venue.delay = 0.2
    watch = Recorder(utc_now(), seconds_left=0.05 - OVERTIME_SECONDS)

    report = _run(make_setup(FEED), watch)

    assert (report.error, report.parts) == ("venue_unavailable", 0)


def test_cancelling_keeps_what_was_stored(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"1": "2.60"}}
    make_product(ids={"mcm": "1"})

    with pytest.raises(JobCancelled):
        _run(make_setup(FEED), Recorder(utc_now(), cancel_after=1))

    assert FeedDownload.objects.count() == 1
