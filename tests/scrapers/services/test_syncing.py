"""All bulk routes of a run: what became of each, and what is kept for the next slice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from common.clock import utc_now
from jobs.errors import JobCancelled
from scrapers.models import SourceRoute
from scrapers.services.desk import Desk, Setup
from scrapers.services.syncing import BUSY, DONE, FAILED, present_categories, run_feeds
from tests.catalog.factories import SingleFactory
from tests.pricing.factories import make_product
from tests.scrapers.venue import FEED
from tests.scrapers.watching import Recorder

NAME = "small/feed"


def _run(setup: Setup, run: Recorder) -> bool:
    with Desk(setup) as desk:
        return run_feeds(run, desk=desk)


@pytest.mark.django_db
def test_the_games_of_the_catalogue_are_fetched_and_those_of_an_empty_one_to_begin_with():
    empty = present_categories()
    SingleFactory(category="pokemon")

    assert (empty, present_categories()) == (["mtg"], ["pokemon"])


@contextmanager
def another_run_at(route: SourceRoute) -> Iterator[None]:
    """Hold the lock of a route as another process does."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('scrapers.feed'), %s::integer)", [route.pk])
        yield
        other.execute("SELECT pg_advisory_unlock_all()")  # closing alone releases it some time later


def test_a_feed_that_another_run_is_at_is_left_to_it(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}}
    make_product(ids={"mcm": "1"})
    setup, first, second = make_setup(FEED), Recorder(utc_now()), Recorder(utc_now())

    with another_run_at(SourceRoute.objects.get(source="small")):
        assert _run(setup, first)
    assert venue.requests == {}
    assert (first.checkpoint["feeds"], first.errors) == ({NAME: BUSY}, [])
    assert first.remarks == [("already_running", NAME)]
    assert first.counts == {"feeds_busy": 1}

    assert _run(setup, second)
    assert second.checkpoint["feeds"] == {NAME: DONE}


def test_a_run_that_breaks_off_leaves_its_feeds_to_the_next(make_setup, venue):
    venue.files = {"a": {"1": "2.50"}}
    setup = make_setup(FEED)
    with pytest.raises(JobCancelled):
        _run(setup, Recorder(utc_now(), cancel_after=0))

    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        free = "SELECT pg_try_advisory_lock(hashtext('scrapers.feed'), %s::integer)"
        assert other.execute(free, [SourceRoute.objects.get(source="small").pk]).fetchone() == (True,)


def test_a_run_begins_with_removing_what_killed_ones_left(make_setup, venue, tmp_path):
    left = tmp_path / "cards.x.part"
    left.write_bytes(b"{")
    run = Recorder(utc_now() + timedelta(days=2))

    assert _run(make_setup(FEED), run)

    assert not left.exists()


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
