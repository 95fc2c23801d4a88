"""All bulk routes of a run: what became of each, and what is kept for the next slice."""

from common.clock import utc_now
from scrapers.services.desk import Desk, Setup
from scrapers.services.syncing import DONE, FAILED, run_feeds
from tests.pricing.factories import make_product
from tests.scrapers.venue import FEED
from tests.scrapers.watching import Recorder

NAME = "small/feed"


def _run(setup: Setup, run: Recorder) -> bool:
    with Desk(setup) as desk:
        return run_feeds(run, desk=desk)


def test_a_feed_of_which_nothing_could_be_stored_has_failed(make_setup, venue):
    foreign = {"source": "cardmarket", "1": "2.50"}
    venue.files = {"a": foreign, "b": foreign}
    run = Recorder(utc_now())

    assert _run(make_setup(FEED), run)

    assert run.checkpoint["feeds"] == {NAME: FAILED}
    assert (run.counts["feeds_failed"], run.counts["feeds_read"]) == (1, 0)


def test_a_feed_of_which_some_could_be_stored_is_done(make_setup, venue):
    venue.files = {"a": {"source": "cardmarket", "1": "2.50"}, "b": {"1": "2.50"}}
    make_product(ids={"mcm": "1"})
    run = Recorder(utc_now())

    assert _run(make_setup(FEED), run)

    assert run.checkpoint["feeds"] == {NAME: DONE}
    assert run.errors == [("unknown_source", NAME)]
