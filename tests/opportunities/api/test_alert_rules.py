"""Alert rules over REST: own ones only, every fault at its place."""

import pytest

from common.clock import utc_now
from common.models import AuditEvent
from opportunities.models import AlertRule, Notification
from opportunities.services.alerts_rules import MAX_RULES
from tests.opportunities.alert_factories import (
    at_least,
    make_channel,
    make_opportunity,
    make_rule,
)
from tests.pricing.factories import NOW

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
RULES, CHANNELS = "/api/v1/alert-rules/", "/api/v1/alert-channels/"


def pointers(answer) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def rule_body(**facts):
    return {"name": "Good boxes", "conditions": [at_least("margin_percentage", "20")], **facts}


def test_a_rule_is_made_changed_and_deleted(api, alice, webhook):
    channel = make_channel(alice, webhook.url)
    body = rule_body(channels=[str(channel.pk)], quiet_from="22:00", quiet_until="07:00", cooldown_minutes=60)

    made = api.post(RULES, body, format="json")

    assert made.status_code == 201
    shown = made.json()
    assert made["Location"].endswith(f"{RULES}{shown['id']}/")
    assert {name: shown[name] for name in body} == body
    assert (shown["scope"], shown["is_enabled"], shown["fired_count"]) == ("all", True, 0)

    changed = api.patch(f"{RULES}{shown['id']}/", {"is_enabled": False, "channels": []}, format="json")
    assert (changed.json()["is_enabled"], changed.json()["channels"]) == (False, [])
    assert changed.json()["conditions"] == body["conditions"]
    assert api.get(RULES).json()["results"] == [changed.json()]
    assert api.delete(f"{RULES}{shown['id']}/").status_code == 204
    assert AlertRule.objects.count() == 0
    verbs = AuditEvent.objects.filter(subject=f"alert_rule:{shown['id']}").order_by("seq")
    assert [event.verb for event in verbs] == [
        "alert_rule.created", "alert_rule.changed", "alert_rule.deleted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"conditions": [at_least("margin", "1")]}, "/conditions/0/field"),
        (
            {"conditions": [at_least("net_profit", "1"), at_least("net_profit", "x")]},
            "/conditions/1/value",
        ),
        ({"conditions": {}}, "/conditions"),
        ({"conditions": [at_least("net_profit", "1")] * 21}, "/conditions"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 81}, "/name"),
        ({"scope": "some"}, "/scope"),
        ({"cooldown_minutes": -1}, "/cooldown_minutes"),
        ({"quiet_from": "22:00"}, "/quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": None}, "/quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "/quiet_until"),
        ({"quiet_from": "24:00", "quiet_until": "07:00"}, "/quiet_from"),
        ({"channels": ["00000000-0000-7000-8000-000000000000"]}, "/channels/0"),
        ({"channels": ["x"]}, "/channels/0"),
        ({"fired_count": 3}, "/fired_count"),
        ({"user": "00000000-0000-7000-8000-000000000000"}, "/user"),
        ({"snoozed_until": "2030-01-01T00:00:00Z"}, "/snoozed_until"),
        ({"last_fired_at": None}, "/last_fired_at"),
        ({"id": "00000000-0000-7000-8000-000000000000"}, "/id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_faulty_rule_is_refused_where_it_is_faulty(api, facts, pointer):
    answer = api.post(RULES, rule_body(**facts), format="json")

    assert (answer.status_code, pointers(answer)) == (400, {pointer})
    assert AlertRule.objects.count() == 0


def test_a_change_of_one_end_of_quiet_hours_is_judged_with_the_other(api, alice):
    rule = make_rule(alice)
    path = f"{RULES}{rule.pk}/"

    assert pointers(api.patch(path, {"quiet_from": "22:00"}, format="json")) == {"/quiet_until"}
    both = {"quiet_from": "22:00", "quiet_until": "06:00"}
    assert api.patch(path, both, format="json").status_code == 200
    assert api.patch(path, {"quiet_until": "07:30"}, format="json").json()["quiet_until"] == "07:30"


def test_names_are_taken_once_and_rules_are_counted(api, alice, others):
    assert api.post(RULES, rule_body(), format="json").status_code == 201
    assert api.post(RULES, rule_body(), format="json").json()["code"] == "name_taken"
    assert others.post(RULES, rule_body(), format="json").status_code == 201

    first = AlertRule.objects.get(user=alice)
    AlertRule.objects.bulk_create(
        AlertRule(user=alice, name=f"n{index}", created_at=NOW, updated_at=NOW)
        for index in range(MAX_RULES - 1)
    )
    answer = api.post(RULES, rule_body(name="one more"), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    taken = api.patch(f"{RULES}{first.pk}/", {"name": "n0"}, format="json")
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")


def test_somebody_elses_rules_and_channels_do_not_exist(others, alice, webhook, charlie):
    channel = make_channel(alice, webhook.url)
    rule = make_rule(alice, channel)
    own = make_rule(charlie)
    calls = [
        others.get(f"{RULES}{rule.pk}/"),
        others.patch(f"{RULES}{rule.pk}/", {"name": "mine"}, format="json"),
        others.delete(f"{RULES}{rule.pk}/"),
        others.post(f"{RULES}{rule.pk}/snooze/", {"minutes": 5}, format="json"),
        others.post(f"{RULES}{rule.pk}/preview/"),
        others.get(f"{CHANNELS}{channel.pk}/"),
        others.patch(f"{CHANNELS}{channel.pk}/", {"name": "mine"}, format="json"),
        others.post(f"{CHANNELS}{channel.pk}/test/"),
        others.delete(f"{CHANNELS}{channel.pk}/"),
    ]

    assert [answer.status_code for answer in calls] == [404] * len(calls)
    stolen = others.patch(f"{RULES}{own.pk}/", {"channels": [str(channel.pk)]}, format="json")
    assert (stolen.status_code, pointers(stolen)) == (400, {"/channels/0"})
    assert [row["id"] for row in others.get(RULES).json()["results"]] == [str(own.pk)]
    assert others.get(CHANNELS).json()["results"] == []
    assert webhook.messages == []


def test_a_preview_counts_and_shows_the_best_and_tells_nobody(api, alice):
    for score in range(7):
        make_opportunity(rank_score=score, opened_at=utc_now())
    make_opportunity(margin_percentage=1)
    make_opportunity(needs_review=True)
    rule = make_rule(alice)

    answer = api.post(f"{RULES}{rule.pk}/preview/").json()

    assert answer["matching"] == 7
    assert [item["rank_score"] for item in answer["examples"]] == [
        f"{score}.000000" for score in (6, 5, 4, 3, 2)
    ]
    assert Notification.objects.count() == 0
    assert api.post(f"{RULES}{rule.pk}/preview/", {"x": 1}, format="json").status_code == 400


def test_a_snooze_begins_and_ends(api, alice):
    rule = make_rule(alice)
    path = f"{RULES}{rule.pk}/snooze/"

    assert api.post(path, {"minutes": 60}, format="json").json()["snoozed_until"] is not None
    assert api.post(path, {"minutes": 0}, format="json").json()["snoozed_until"] is None
    for body in ({}, {"minutes": -1}, {"minutes": "soon"}, {"minutes": 5, "more": 1}):
        assert api.post(path, body, format="json").status_code == 400


def test_the_fields_are_described(api):
    documents = api.get(f"{RULES}fields/").json()

    margin = documents[0]
    assert (margin["field"], margin["type"], margin["unit"]) == ("margin_percentage", "number", "%")
    assert margin["operators"] == ["gte", "lte"]
