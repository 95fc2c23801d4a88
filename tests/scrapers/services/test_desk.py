"""The desk: scrapers that may not start, and parts that never arrive."""

import pytest

from common.clock import utc_now
from scrapers.errors import FetchFailed, VenueUnavailable
from scrapers.feeds import FeedMemory
from scrapers.services.desk import Desk, Setup
from scrapers.services.routes import ReadyRoute, ready_routes
from tests.scrapers.venue import FEED, REFUSED
from tests.scrapers.watching import Recorder


def _ready(setup: Setup) -> ReadyRoute:
    now = utc_now()
    return next(ready_routes(setup, offering="bulk", watch=Recorder(now), now=now))


def test_a_configuration_that_a_scraper_refuses_is_a_failed_fetch(make_setup, venue):
    setup = make_setup(REFUSED)
    ready = _ready(setup)

    with Desk(setup) as desk, pytest.raises(FetchFailed) as refused:
        desk.scraper(ready.row, ready.route)

    assert (refused.value.code, refused.value.detail) == ("source_not_ready", "The configuration is wrong.")


def test_a_part_that_takes_longer_than_the_run_has_left_ends_the_feed(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}, "b": {"1": "2.60"}}
    setup = make_setup(FEED)
    ready = _ready(setup)
    left = iter([5.0, 0.05])

    with Desk(setup) as desk:
        scraper = desk.scraper(ready.row, ready.route)
        parts = desk.parts(scraper, FeedMemory(), categories=(), seconds=lambda: next(left))
        assert next(parts).name == "a"
        venue.delay = 0.2
        with pytest.raises(VenueUnavailable) as late:
            next(parts)

    assert late.value.details == {"reason": "deadline"}
