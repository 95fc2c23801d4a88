"""Staff pages of back-tests and of doubts about contents."""

import pytest
from django.test import Client
from django.urls import reverse

from common.admin.confirming import CONFIRMED
from common.models import AuditEvent
from opportunities.contents_audit import run_contents_audit
from opportunities.models import ContentsFinding
from tests.catalog.factories import BoosterPackFactory, SealedProductFactory
from tests.opportunities.backtest.world import deck_for, opened, replayed
from tests.pricing.factories import NOW, make_user
from users.choices import Role

pytestmark = pytest.mark.django_db
LIST = "admin:opportunities_contentsfinding_changelist"


@pytest.fixture
def finding(db) -> ContentsFinding:
    pack = SealedProductFactory(
        sealed_kind="booster_pack", sealed_subtype="draft", contents=[(BoosterPackFactory(), 1)]
    )
    SealedProductFactory(name="Big Box", sealed_subtype="draft", contents=[(pack, 120)])
    run_contents_audit(now=NOW)
    return ContentsFinding.objects.get()


@pytest.fixture
def operator(bob, client: Client) -> Client:
    client.force_login(bob)
    return client


def act(client: Client, finding: ContentsFinding, action: str, **values: str) -> str:
    data = {"action": action, "_selected_action": str(finding.pk), **values}
    answer = client.post(reverse(LIST), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [{}, {"q": "Big"}, {"state__exact": "open", "check_code__exact": "odd_count"}],
    ids=["all", "search", "filters"],
)
def test_doubts_are_listed(operator, finding, query):
    page = operator.get(reverse(LIST), query).content.decode()

    assert "Big Box" in page
    assert "is said to hold 120" in page


def test_a_doubt_shows_its_figures(operator, finding):
    page = operator.get(reverse("admin:opportunities_contentsfinding_change", args=[finding.pk]))

    assert "siblings_with_this_count" in page.content.decode()


def test_accepting_asks_for_a_reason_first(operator, bob, finding):
    asked = act(operator, finding, "accept_selected")
    empty = act(operator, finding, "accept_selected", **{CONFIRMED: "yes", "reason": ""})
    finding.refresh_from_db()
    before = finding.state
    done = act(operator, finding, "accept_selected", **{CONFIRMED: "yes", "reason": "A display"})

    finding.refresh_from_db()
    assert "Accepted doubts stay accepted" in asked
    assert "This field is required" in empty
    assert (before, finding.state, finding.judged_reason) == ("open", "accepted", "A display")
    assert "1 doubts judged." in done
    assert AuditEvent.objects.get(verb="contents.finding_judged").actor_id == bob.pk


def test_onlookers_are_not_offered_a_judgement(client, finding):
    client.force_login(make_user("vera", Role.VIEWER, is_staff=True))

    page = act(client, finding, "accept_selected", **{CONFIRMED: "yes", "reason": "x"})

    finding.refresh_from_db()
    assert finding.state == "open"
    assert "Accept as right" not in page


def test_backtests_are_listed_and_shown(operator):
    deck_for(5)
    done, waiting = replayed(3), opened(3)

    page = operator.get(reverse("admin:opportunities_backtest_changelist")).content.decode()
    shown = operator.get(reverse("admin:opportunities_backtest_change", args=[done.pk])).content.decode()
    empty = operator.get(reverse("admin:opportunities_backtest_change", args=[waiting.pk]))

    assert "EUR 100.0 %" in page
    assert "3 signals, 1 new, 3 judged, 100.0 % with a profit" in shown
    assert empty.status_code == 200
