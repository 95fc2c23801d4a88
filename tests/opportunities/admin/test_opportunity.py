import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from opportunities.models import Opportunity
from tests.opportunities.factories import analyze, found, make_deck
from tests.pricing.factories import make_user
from users.choices import Role

pytestmark = pytest.mark.django_db
LIST = "admin:opportunities_opportunity_changelist"


@pytest.fixture
def row() -> Opportunity:
    deck = make_deck(seller_count=1)
    analyze()
    return found(deck)


@pytest.fixture
def operator(bob, client: Client) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def onlooker(client: Client) -> Client:
    client.force_login(make_user("vera", Role.VIEWER, is_staff=True))
    return client


def act(client: Client, action: str, row: Opportunity, **values: str) -> str:
    data = {"action": action, "_selected_action": str(row.pk), **values}
    answer = client.post(reverse(LIST), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "Dragon"},
        {"status__exact": "active", "risk_level__exact": "high", "needs_review__exact": "0"},
        {"kind__exact": "sealed_to_singles", "sealed_product__category__exact": "mtg"},
        {"margin_percentage_from": "20", "margin_percentage_to": "30", "confidence_score_from": "0.1"},
    ],
)
def test_the_list_finds_it(operator: Client, row: Opportunity, query: dict[str, str]):
    text = operator.get(reverse(LIST), query).content.decode()

    assert "Dragon Deck" in text
    assert "26.66" in text


@pytest.mark.parametrize(
    "query", [{"q": "Elf"}, {"margin_percentage_from": "27"}, {"status__exact": "expired"}]
)
def test_the_list_leaves_out_what_does_not_match(operator: Client, row: Opportunity, query: dict[str, str]):
    assert "Dragon Deck" not in operator.get(reverse(LIST), query).content.decode()


def test_one_page_explains_and_offers_nothing_to_type(operator: Client, row: Opportunity):
    answer = operator.get(reverse("admin:opportunities_opportunity_change", args=[row.pk]))

    text = answer.content.decode()
    for shown in (
        "seller count",
        "margin &gt;= 50 % for low risk",
        "Chase",
        "Selling fees and postage",
        "Only one seller",
    ):
        assert shown in text, shown
    assert 'name="net_profit"' not in text
    assert 'name="_save"' not in text


@pytest.mark.parametrize(
    ("action", "status"), [("expire_selected", "expired"), ("dismiss_selected", "cancelled")]
)
def test_closing_asks_for_a_reason_first(operator: Client, bob, row: Opportunity, action: str, status: str):
    asked = act(operator, action, row)
    row.refresh_from_db()
    assert ("Reason" in asked, row.status) == (True, "active")

    unsaid = act(operator, action, row, confirmed="yes", reason=" ")
    assert "This field is required" in unsaid

    act(operator, action, row, confirmed="yes", reason="seal is broken")
    row.refresh_from_db()
    assert (row.status, row.closed_reason) == (status, "seal is broken")
    event = AuditEvent.objects.get(verb=f"opportunity.{status}")
    assert (event.actor_id, event.data) == (bob.pk, {"reason": "seal is broken"})


def test_the_page_tells_what_happened_and_who_did_it(operator: Client, bob, row: Opportunity):
    act(operator, "dismiss_selected", row, confirmed="yes", reason="seal is broken")

    text = operator.get(reverse("admin:opportunities_opportunity_change", args=[row.pk])).content.decode()

    for shown in ("opportunity.opened", "opportunity.cancelled", bob.username, "still has its hash"):
        assert shown in text, shown


def test_figures_are_computed_afresh_and_nothing_is_written(operator: Client, row: Opportunity):
    before = AuditEvent.objects.count()

    text = act(operator, "revalidate_selected", row)

    assert "Dragon Deck" in text
    assert "Nothing was changed" in text
    assert AuditEvent.objects.count() == before


def test_an_analysis_is_asked_for_after_looking(operator: Client, bob, row: Opportunity):
    act(operator, "revalidate_selected", row, confirmed="yes")

    assert AuditEvent.objects.get(verb="opportunity.analysis_requested").actor_id == bob.pk


def test_what_waits_for_a_review_is_found_right(operator: Client, bob, row: Opportunity):
    Opportunity.objects.update(needs_review=True)

    assert "Dragon Deck" in act(operator, "review_selected", row)
    assert Opportunity.objects.get(pk=row.pk).needs_review
    act(operator, "review_selected", row, confirmed="yes")

    row.refresh_from_db()
    assert not row.needs_review
    assert AuditEvent.objects.get(verb="opportunity.reviewed").actor_id == bob.pk


def test_what_is_closed_already_is_said_and_not_closed_again(operator: Client, row: Opportunity):
    act(operator, "dismiss_selected", row, confirmed="yes", reason="no")

    text = act(operator, "expire_selected", row, confirmed="yes", reason="no")

    assert "cancelled already" in text


def test_an_onlooker_sees_and_decides_nothing(onlooker: Client, row: Opportunity):
    assert "Dragon Deck" in onlooker.get(reverse(LIST)).content.decode()

    act(onlooker, "dismiss_selected", row, confirmed="yes", reason="mine")
    row.refresh_from_db()
    assert row.status == "active"


@pytest.mark.parametrize("name", ["add", "delete"])
def test_nobody_adds_or_deletes(operator: Client, row: Opportunity, name: str):
    arguments = [] if name == "add" else [row.pk]

    answer = operator.get(reverse(f"admin:opportunities_opportunity_{name}", args=arguments))

    assert answer.status_code == 403


def test_the_list_takes_few_queries(operator: Client, django_assert_max_num_queries):
    for _ in range(5):
        make_deck()
    analyze()

    with django_assert_max_num_queries(12):
        operator.get(reverse(LIST))
