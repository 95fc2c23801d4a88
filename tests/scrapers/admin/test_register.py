from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import utc_now
from common.models import AuditEvent
from scrapers.models import SourceRoute

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
LIST = "admin:scrapers_sourceroute_changelist"


def route(name: str) -> SourceRoute:
    source, code = name.split("/")
    return SourceRoute.objects.get(source=source, code=code)


def act(client: Client, action: str, *names: str, **values: str) -> str:
    data = {"action": action, "_selected_action": [str(route(name).pk) for name in names], **values}
    if action in ("switch_on", "switch_off", "withdraw_selected"):
        data.setdefault("confirmed", "yes")
    answer = client.post(reverse(LIST), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="source_route.")
        .order_by("id")
        .values_list("verb", flat=True)
    )


def test_the_list_says_what_is_ready_and_why_the_rest_is_not(operator):
    SourceRoute.objects.filter(source="mtgjson").update(reviewed_on=utc_now().date() - timedelta(days=200))

    text = operator.get(reverse(LIST)).content.decode()

    for shown in (
        "tcgplayer/tcgcsv",
        "Ready",
        "Needs review",
        "Not ready",
        "EBAY_CLIENT_ID",
        "over 180 days",
    ):
        assert shown in text, shown


def test_the_list_needs_few_queries(operator, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert operator.get(reverse(LIST)).status_code == 200


def test_a_page_lets_only_delay_and_contact_be_typed_in(operator, bob):
    row = route("tcgplayer/tcgcsv")
    page = reverse("admin:scrapers_sourceroute_change", args=[row.pk])

    text = operator.get(page).content.decode()
    answer = operator.post(page, {"min_delay_seconds": "5", "contact": "mail@example.org", "is_enabled": ""})

    assert 'name="min_delay_seconds"' in text
    assert 'name="allowed_use"' not in text
    assert answer.status_code == 302
    changed = route("tcgplayer/tcgcsv")
    assert (changed.min_delay_seconds, changed.contact, changed.is_enabled) == (5, "mail@example.org", True)
    assert AuditEvent.objects.get(verb="source_route.changed").actor_id == bob.pk


def test_a_delay_below_two_seconds_is_refused(operator):
    row = route("tcgplayer/tcgcsv")

    answer = operator.post(
        reverse("admin:scrapers_sourceroute_change", args=[row.pk]), {"min_delay_seconds": "1", "contact": ""}
    )

    assert answer.status_code == 200
    assert route("tcgplayer/tcgcsv").min_delay_seconds == 2


def test_a_review_asks_for_the_finding_and_keeps_who_and_when(operator, bob):
    row = route("ebay/sold")
    field = f"allowed_use_{row.pk}"
    today = utc_now().date()

    asked = act(operator, "review_selected", "ebay/sold")
    done = act(
        operator, "review_selected", "ebay/sold", confirmed="yes", reviewed_on=today.isoformat(),
        **{field: "Permission by letter of 2026-11-20."},
    )  # fmt: skip

    assert field in asked
    assert "https://www.ebay.com/help/policies" in asked
    assert "ebay/sold: reviewed" in done
    row = route("ebay/sold")
    assert (row.reviewed_on, row.reviewed_by, row.allowed_use) == (
        today, bob, "Permission by letter of 2026-11-20.",
    )  # fmt: skip
    assert verbs() == ["source_route.reviewed"]


@pytest.mark.parametrize(
    ("days", "finding"), [(1, "Fine."), (0, ""), (0, "   ")], ids=["tomorrow", "no finding", "blanks"]
)
def test_a_review_that_cannot_be_is_asked_again(days, finding, operator):
    row = route("ebay/sold")
    day = (utc_now().date() + timedelta(days=days)).isoformat()

    text = act(
        operator, "review_selected", "ebay/sold", confirmed="yes", reviewed_on=day,
        **{f"allowed_use_{row.pk}": finding},
    )  # fmt: skip

    assert "Nothing was recorded" in text
    assert route("ebay/sold").reviewed_on is None


def test_an_opt_in_route_is_switched_on_only_after_its_warning(operator, bob):
    SourceRoute.objects.filter(source="ebay", code="sold").update(is_enabled=False)

    warned = act(operator, "acknowledge_selected", "ebay/sold", "ebay/browse")
    unticked = act(operator, "acknowledge_selected", "ebay/sold", confirmed="yes")
    before = route("ebay/sold")
    act(operator, "acknowledge_selected", "ebay/sold", confirmed="yes", acknowledged="yes")
    after = route("ebay/sold")

    assert "forbids scrapers" in warned
    assert "ebay/browse</h2>" not in warned
    assert "forbids scrapers" in unticked
    assert (before.acknowledged_at, before.is_enabled) == (None, False)
    assert (after.acknowledged_by, after.is_enabled) == (bob, True)
    assert verbs() == ["source_route.acknowledged", "source_route.switched_on"]


def test_routes_are_switched_off_and_on_and_an_acknowledgement_withdrawn(operator, bob):
    SourceRoute.objects.filter(source="ebay", code="sold").update(
        acknowledged_at=utc_now(), acknowledged_by=bob
    )

    act(operator, "switch_off", "tcgplayer/tcgcsv", "ebay/sold")
    assert not route("tcgplayer/tcgcsv").is_enabled
    act(operator, "withdraw_selected", "ebay/sold")
    text = act(operator, "switch_on", "tcgplayer/tcgcsv", "ebay/sold")

    assert "Acknowledge the terms first: ebay/sold" in text
    assert (route("tcgplayer/tcgcsv").is_enabled, route("ebay/sold").is_enabled) == (True, False)


@pytest.mark.parametrize("action", ["switch_off", "review_selected", "acknowledge_selected"])
def test_who_may_only_look_decides_nothing(action, onlooker):
    assert onlooker.get(reverse(LIST)).status_code == 200
    act(onlooker, action, "ebay/sold", confirmed="yes", acknowledged="yes")

    row = route("ebay/sold")
    assert (row.is_enabled, row.acknowledged_at, row.reviewed_on) == (True, None, None)


def test_a_route_the_registry_lost_stays_as_history(operator):
    SourceRoute.objects.create(source="gone", code="bulk", route="bulk", is_enabled=False)

    assert "kept as history" in operator.get(reverse(LIST)).content.decode()
