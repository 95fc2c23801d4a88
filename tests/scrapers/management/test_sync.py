"""`manage.py sync`: from published files to opportunities, over real HTTP."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product
from common.clock import utc_now
from common.commands import EXIT_FAILURE, EXIT_PARTLY_DONE, EXIT_USAGE
from jobs.choices import JobState
from jobs.models import Job
from pricing.models import PriceBatch
from scrapers.management.commands.sync import Command
from scrapers.models import SourceRoute
from tests.pricing.factories import make_product
from tests.scrapers.published import Server, market_files, open_quick, serving

pytestmark = pytest.mark.django_db


class QuickSync(Command):
    """The command without pauses between requests."""

    open_session = staticmethod(open_quick)


@pytest.fixture
def server(settings: Any, tmp_path: Any) -> Iterator[Server]:
    """A server in the place of every venue."""
    made_at = (utc_now() - timedelta(hours=2)).replace(microsecond=0).isoformat()
    settings.FEED_FOLDER = str(tmp_path)
    with serving(market_files(made_at=made_at)) as server:
        settings.VENUE_URLS = dict.fromkeys(settings.VENUE_URLS, server.url)
        yield server


def _sync(*arguments: str) -> tuple[dict[str, Any], int]:
    """Run the command and return what it printed and its exit code."""
    out = io.StringIO()
    code = 0
    try:
        call_command(QuickSync(), "--json", *arguments, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        code = error.returncode
    return (json.loads(out.getvalue()) if out.getvalue() else {}), code


def test_published_files_become_opportunities(server):
    facts, code = _sync("--source", "mtgjson", "--source", "cardmarket", "--source", "tcgplayer")

    assert Product.objects.count() == 3
    assert set(PriceBatch.objects.values_list("source__code", "route")) == {
        ("cardmarket", "bulk"), ("tcgplayer", "bulk")
    }  # fmt: skip
    assert facts["opportunities"] >= 1, facts["analysis"]
    assert facts["analysis"]["opened"] == facts["opportunities"]
    assert facts["feeds"]["tcgplayer/tcgcsv"] == "done"
    # prices of MTGJSON and Cardmarket's product lists are not on this server
    assert (code, facts["state"]) == (EXIT_PARTLY_DONE, "partly")
    assert {entry["code"] for entry in facts["errors"]} == {"not_listed"}


def test_a_second_run_changes_nothing_and_asks_little(server):
    sources = ("--source", "mtgjson", "--source", "cardmarket", "--source", "tcgplayer")
    _sync(*sources)
    before = server.requests.copy()

    facts, code = _sync(*sources)

    assert code == EXIT_PARTLY_DONE
    assert facts["counts"].get("prices_stored", 0) == 0
    assert facts["opportunities"] >= 1
    assert server.requests["/tcgplayer/1/7/prices"] == before["/tcgplayer/1/7/prices"] == 1
    assert Product.objects.count() == 3


def test_a_source_that_works_alone_ends_well(server):
    _sync("--source", "mtgjson")

    facts, code = _sync("--source", "tcgplayer")

    assert (code, facts["state"], facts["errors"]) == (0, "succeeded", [])
    assert list(facts["feeds"]) == ["tcgplayer/tcgcsv"]


def test_it_prints_the_number_of_opportunities_for_people(server):
    _sync("--source", "mtgjson")
    out = io.StringIO()

    call_command(QuickSync(), "--source", "tcgplayer", stdout=out, stderr=io.StringIO())

    assert "opportunities (" in out.getvalue().splitlines()[-1]


def test_a_named_source_without_a_bulk_feed_fails_with_the_reason(server):
    facts, code = _sync("--source", "ebay")

    assert (code, facts["opportunities"], facts["analysis"]) == (EXIT_FAILURE, 0, {})
    assert [entry["code"] for entry in facts["errors"]] == ["no_bulk_feed"]
    assert not server.requests


def test_a_named_source_that_is_not_ready_fails_with_the_reason(server):
    SourceRoute.objects.filter(source="tcgplayer", code="tcgcsv").update(reviewed_on="2020-01-01")

    facts, code = _sync("--source", "tcgplayer")

    assert code == EXIT_FAILURE
    assert [entry["code"] for entry in facts["errors"]] == ["terms_review_expired"]
    assert not server.requests


def test_unknown_sources_are_a_usage_error(server):
    facts, code = _sync("--source", "nowhere")

    assert (facts, code) == ({}, EXIT_USAGE)
    assert not Job.objects.exists()


def test_it_refuses_to_mix_real_prices_with_the_demo_market(server, settings):
    settings.VENUE_SIMULATOR_URL = ""
    make_product()
    Product.objects.update(is_demo=True)

    with pytest.raises(CommandError, match="demo_market_present") as refused:
        call_command(QuickSync(), stderr=io.StringIO())

    assert refused.value.returncode == EXIT_FAILURE
    assert not Job.objects.exists()
    assert not server.requests


def test_when_nothing_can_be_loaded_it_fails(server):
    server.files.clear()

    facts, code = _sync("--source", "tcgplayer")

    assert (code, facts["opportunities"]) == (EXIT_FAILURE, 0)
    assert Job.objects.get().state == JobState.PARTLY
