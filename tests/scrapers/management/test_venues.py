"""`manage.py venues`: what may start, what may not and why, and whether a host is there."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common.commands import EXIT_PARTLY_DONE
from common.models import AuditEvent
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES
from scrapers.services.probing import probe_hosts
from tests.scrapers.published import open_quick, serving

pytestmark = pytest.mark.django_db


def _venues(*arguments: str) -> str:
    out = io.StringIO()
    call_command("venues", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_every_source_and_route_is_listed_with_what_is_in_its_way():
    text = _venues()

    for source in SOURCES:
        assert f"[{source.code}]" in text
    assert "credentials_missing" in text
    assert "not_acknowledged" in text


def test_as_json_it_has_the_figures_of_the_overview():
    facts = json.loads(_venues("--json"))

    assert [source["code"] for source in facts["sources"]] == [source.code for source in SOURCES]
    first = facts["sources"][0]
    assert first["coverage"] == {"source": first["code"], "tracked": 0, "fresh": 0, "share": "0"}
    assert first["routes"][0]["is_ready"] is True


async def test_a_probe_says_which_hosts_answer():
    with serving({"/robots.txt": b"User-agent: *\nDisallow:\n"}) as good, serving({}) as bare:
        there = await probe_hosts([good.url, bare.url], open_session=open_quick)
        gone = bare.url
    missing = await probe_hosts([gone], open_session=open_quick)

    assert [probe.is_reachable for probe in there] == [True, True]
    assert "robots.txt" in there[1].detail
    assert [probe.is_reachable for probe in missing] == [False]


def test_a_probe_of_hosts_that_refuse_ends_partly_done(settings: Any):
    """No route may start but one whose address is not public, which no session asks."""
    SourceRoute.objects.exclude(source="cardmarket", code="guide").update(is_enabled=False)
    settings.VENUE_URLS = {**settings.VENUE_URLS, "cardmarket_downloads": "http://10.0.0.1"}

    with pytest.raises(CommandError) as refused:
        _venues("--probe")

    assert refused.value.returncode in (1, EXIT_PARTLY_DONE)


def test_a_source_is_paused_and_resumed_and_it_is_recorded():
    assert "cardmarket/guide: would be switched off" in _venues("pause", "cardmarket", "--dry-run")
    assert SourceRoute.objects.get(source="cardmarket", code="guide").is_enabled

    _venues("pause", "cardmarket/guide")
    assert not SourceRoute.objects.get(source="cardmarket", code="guide").is_enabled
    assert "off already" in _venues("pause", "cardmarket/guide")
    _venues("resume", "cardmarket/guide")

    assert SourceRoute.objects.get(source="cardmarket", code="guide").is_enabled
    assert AuditEvent.objects.filter(subject__startswith="source_route:").count() == 2


def test_a_host_is_asked_again():
    facts = json.loads(_venues("reset-breaker", "tcgcsv.com", "--json"))

    assert facts == {"done": ["tcgcsv.com: closed"], "refused": []}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["pause"], 2),
        (["pause", "nowhere"], 2),
        (["list", "cardmarket"], 2),
        (["reset-breaker", "nowhere.example"], 1),
        (["reset-breaker", "tcgcsv.com", "nowhere.example"], EXIT_PARTLY_DONE),
    ],
)
def test_names_that_mean_nothing_are_refused(arguments: list[str], code: int):
    with pytest.raises(CommandError) as refused:
        _venues(*arguments)

    assert refused.value.returncode == code
