import json
from html.parser import HTMLParser

import pytest
from django.test import Client

from common.models import OutboxMessage
from tests.opportunities.factories import analyze, make_deck
from tests.pricing.factories import NOW, make_user
from users.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user("bob", Role.OPERATOR, is_staff=True))
    return client


class Page(HTMLParser):
    """Collects what the browser would draw and follow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.charts: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.inline_scripts = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "canvas":
            self.charts.append(facts)
        if tag == "a" and "arb-tile" in (facts.get("class") or "").split():
            self.links.append(facts["href"] or "")
        self.inline_scripts += (
            tag == "script" and "src" not in facts and facts.get("type") != "application/json"
        )
        assert not [name for name in facts if name.startswith("on")], facts


def _page(client: Client, query: str = "") -> tuple[Page, str]:
    answer = client.get(f"/admin/{query}")
    assert answer.status_code == 200
    text = answer.content.decode()
    return Page(text), text


def test_every_tile_leads_to_a_list_that_opens(operator):
    analyze(make_deck().sealed)
    OutboxMessage.objects.create(task="a.b", queue="default", due_at=NOW)

    page, _ = _page(operator)

    assert len(page.links) >= 9
    for link in page.links:
        assert operator.get(link).status_code == 200, link


def test_charts_carry_data_for_the_browser_and_no_script(operator):
    analyze(make_deck().sealed)

    page, text = _page(operator, "?range=30d")

    assert page.charts
    for chart in page.charts:
        data = json.loads(chart["data-value"] or "")
        assert data["labels"]
        assert all(len(found["data"]) == len(data["labels"]) for found in data["datasets"])
        assert json.loads(chart["data-options"] or "")["responsive"] is True
    assert page.inline_scripts == 0
    assert "Last 30 d, UTC" in text or "Opportunities by day" in text


def test_onlooker_gets_no_link_to_what_they_may_not_see():
    client = Client()
    client.force_login(make_user("vera", Role.VIEWER, is_staff=True))

    page, text = _page(client)

    assert "Outbox backlog" in text
    assert not [link for link in page.links if "outboxmessage" in link or "auditevent" in link]
    assert "Load real market data" not in text


def test_icon_is_served_to_browsers_that_ask_for_it(operator):
    answer = operator.get("/favicon.ico")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:4] == b"\x00\x00\x01\x00"


def test_dates_are_shown_so_that_they_sort(operator):
    _, text = _page(operator)

    assert "UTC</p>" in text
