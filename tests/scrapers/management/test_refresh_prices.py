"""`manage.py refresh_prices` and `discover`: what is asked for, by whom, and how it ends."""

import argparse
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common.clock import utc_now
from common.commands import EXIT_FAILURE, EXIT_PARTLY_DONE, EXIT_USAGE
from jobs.models import Job
from pricing.models import CurrentPrice
from scrapers.management.commands.discover import Command as Discover
from scrapers.management.commands.refresh_prices import Command, span
from scrapers.services import sync_register
from tests.pricing.factories import make_product, observe, record
from tests.scrapers.venue import API, ENDPOINT, Venue, open_plain, running, small_source

pytestmark = pytest.mark.django_db
SMALL = small_source(API)


class QuickRefresh(Command):
    """Asks the small venue."""

    open_session = staticmethod(open_plain)
    registry = (SMALL,)


@pytest.fixture
def venue(settings: Any, tmp_path: Any) -> Iterator[Venue]:
    sync_register(utc_now(), sources=(SMALL,))
    with running(Venue()) as venue:
        settings.VENUE_URLS = {**settings.VENUE_URLS, ENDPOINT: venue.url}
        settings.FEED_FOLDER = tmp_path
        yield venue


def run(*arguments: object, command: Any = "refresh_prices") -> dict[str, Any]:
    out = io.StringIO()
    call_command(command, "--json", *map(str, arguments), stdout=out, stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def names(facts: dict[str, Any]) -> list[str]:
    return [product["name"].split(" (")[0] for product in facts["products"]]


def test_products_that_wait_longest_come_first():
    old, fresh, _ = (
        make_product(name, sealed=True, ids={"mcm": str(number)})
        for number, name in enumerate(("Old", "Fresh", "Never"), 1)
    )
    make_product("No id", sealed=True)
    make_product("Loose card", ids={"mcm": "9"})
    record(observe(old, "10"), at=utc_now() - timedelta(days=2))
    record(observe(fresh, "10"), at=utc_now())

    assert names(run("--dry-run")) == ["Never", "Old"]
    assert names(run("--dry-run", "--limit", 1)) == ["Never"]
    assert names(run("--dry-run", "--stale-than", "3d")) == ["Never"]
    assert names(run("--dry-run", "--game", "pokemon")) == []
    assert names(run("--dry-run", "--source", "tcgplayer")) == []
    assert not Job.objects.exists()


def test_without_sync_each_product_becomes_a_job_once():
    make_product("Box", sealed=True, ids={"mcm": "1"})

    first = run("--source", "cardmarket")
    second = run("--source", "cardmarket")

    assert [job["state"] for job in first["jobs"]] == ["queued"]
    assert first["jobs"] == second["jobs"]
    assert Job.objects.get().parameters["sources"] == ["cardmarket"]


def test_one_product_is_asked_for_however_fresh():
    card = make_product("Loose card", ids={"mcm": "9"})
    record(observe(card, "10"), at=utc_now())

    assert names(run("--product", "mcm:9", "--dry-run")) == ["Loose card"]


def test_sync_asks_here_and_stores(venue):
    venue.prices = {"7": "12.50"}
    make_product("Box", sealed=True, ids={"mcm": "7"})

    facts = run("--sync", command=QuickRefresh())

    assert facts["prices_stored"] == 1
    assert str(CurrentPrice.objects.get().price) == "12.50"
    assert Job.objects.get().state == "succeeded"


def test_sync_of_some_that_fail_is_partly_done(venue):
    venue.prices = {"7": "12.50"}
    make_product("Box", sealed=True, ids={"mcm": "7"})
    make_product("Odd", sealed=True, ids={"mcm": "8"})
    venue.prices["8"] = "drift"

    with pytest.raises(CommandError) as ended:
        run("--sync", command=QuickRefresh())

    assert ended.value.returncode == EXIT_PARTLY_DONE


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--source", "nowhere"], EXIT_USAGE),
        (["--source", ""], EXIT_USAGE),
        (["--product", "mcm:1", "--game", "mtg"], EXIT_USAGE),
        (["--product", "mcm:0"], EXIT_FAILURE),
    ],
)
def test_bad_requests_ask_nobody(arguments, code):
    with pytest.raises(CommandError) as refused:
        run(*arguments)

    assert refused.value.returncode == code
    assert not Job.objects.exists()


@pytest.mark.parametrize("text", ["4", "h", "4 h", "-1h", "4w", "999999d", ""])
def test_lengths_that_are_none(text):
    with pytest.raises(argparse.ArgumentTypeError):
        span(text)


def test_discover_says_what_keeps_it_from_searching():
    with pytest.raises(CommandError) as ended:
        run("--query", "Ice Age", "--source", "ebay", command=Discover())

    assert ended.value.returncode == EXIT_PARTLY_DONE


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--query", " "], EXIT_FAILURE), (["--query", "Ice", "--source", "nowhere"], EXIT_USAGE)],
)
def test_discover_refuses_what_makes_no_sense(arguments, code):
    with pytest.raises(CommandError) as refused:
        run(*arguments, command=Discover())

    assert refused.value.returncode == code
