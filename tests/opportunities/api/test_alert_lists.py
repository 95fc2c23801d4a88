"""Deliveries, the bell and watches over REST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from opportunities.models import AlertDelivery, Notification, Watch
from opportunities.services.alerts_firing import evaluate_rules
from opportunities.services.alerts_notifying import NewNotification, notify_users
from opportunities.services.alerts_watching import add_watch
from tests.opportunities.alert_factories import (
    make_channel,
    make_opportunity,
    make_rule,
)
from tests.pricing.factories import NOW, make_product

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
RULES, CHANNELS = "/api/v1/alert-rules/", "/api/v1/alert-channels/"
DELIVERIES, BELL, WATCHES = "/api/v1/alert-deliveries/", "/api/v1/notifications/", "/api/v1/watches/"


def pointers(answer) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def test_deliveries_are_listed_by_cursor_and_filtered(api, others, alice, webhook):
    channel, muted = make_channel(alice, webhook.url), make_channel(alice, webhook.url, is_muted=True)
    rule = make_rule(alice, channel, muted)
    row = make_opportunity(name="Dragon Box")
    evaluate_rules(now=NOW)

    page = api.get(DELIVERIES, {"page_size": 1}).json()

    assert set(page) == {"next", "previous", "results"}
    following = api.get(page["next"]).json()
    states = {item["state"]: item for item in page["results"] + following["results"]}
    assert set(states) == {"waiting", "skipped"}
    assert states["waiting"]["rule"] == {"id": str(rule.pk), "name": rule.name}
    assert states["waiting"]["channel"] == {"id": str(channel.pk), "name": channel.name}
    assert states["waiting"]["opportunity"] == str(row.pk)
    for query, expected in (({"state": "skipped"}, 1), ({"channel": str(channel.pk)}, 1), ({}, 2)):
        assert len(api.get(DELIVERIES, query).json()["results"]) == expected
    assert api.get(DELIVERIES, {"state": "lost"}).status_code == 400
    assert api.get(DELIVERIES, {"nope": "1"}).status_code == 400
    delivery = AlertDelivery.objects.first()
    assert delivery is not None
    assert others.get(DELIVERIES).json()["results"] == []
    assert others.get(f"{DELIVERIES}{delivery.pk}/").status_code == 404


def lines(*users):
    notify_users(
        [
            NewNotification(
                user_id=user.pk, kind="system", title=f"Line {index}", dedupe_key=f"{user.pk}:{index}"
            )
            for user in users
            for index in range(3)
        ],
        now=NOW,
    )


def test_the_bell_counts_and_is_read(api, others, alice, charlie):
    lines(alice, charlie)

    page = api.get(BELL, {"page_size": 2}).json()

    assert (page["unread_count"], len(page["results"])) == (3, 2)
    assert len(api.get(page["next"]).json()["results"]) == 1
    first = page["results"][0]["id"]
    assert api.post(f"{BELL}read/", {"ids": [first]}, format="json").json() == {
        "marked": 1,
        "unread_count": 2,
    }
    assert others.post(f"{BELL}read/", {"ids": [page["results"][1]["id"]]}, format="json").json() == {
        "marked": 0,
        "unread_count": 3,
    }
    assert len(api.get(BELL, {"unread": "true"}).json()["results"]) == 2
    assert api.post(f"{BELL}read/").json() == {"marked": 2, "unread_count": 0}
    assert others.get(BELL).json()["unread_count"] == 3
    for body in ({"ids": "x"}, {"ids": ["x"]}, {"all": True}):
        assert api.post(f"{BELL}read/", body, format="json").status_code == 400


def test_a_line_is_written_once(alice):
    lines(alice)
    lines(alice)

    assert Notification.objects.count() == 3


def test_a_product_is_watched_noted_and_let_go(api, others):
    product = make_product("Dragon Box", sealed=True)
    body = {"product": str(product.pk), "note": "Buy below 55"}

    made = api.post(WATCHES, body, format="json")

    assert made.status_code == 201
    path = f"{WATCHES}{made.json()['id']}/"
    assert (made.json()["product"]["name"], made.json()["opportunity"]) == ("Dragon Box", None)
    again = api.post(WATCHES, {"product": str(product.pk)}, format="json")
    assert (again.status_code, again.json()) == (200, made.json())
    assert api.patch(path, {"note": ""}, format="json").json()["note"] == ""
    assert [others.get(path).status_code, others.delete(path).status_code] == [404, 404]
    assert api.delete(path).status_code == 204
    assert Watch.objects.count() == 0


def test_a_watch_shows_the_best_active_opportunity_in_one_statement(api, alice):
    products = [make_product(f"Box {index}", sealed=True) for index in range(4)]
    for product in products:
        add_watch(alice, product=product, now=NOW)
        make_opportunity(product, rank_score=0.9, needs_review=True)
        make_opportunity(product, rank_score=0.8, status="expired")
        make_opportunity(product, rank_score=0.2)
    best = make_opportunity(products[0], rank_score=0.5, margin_percentage="31.50", net_profit="18.90")

    with CaptureQueriesContext(connection) as captured:
        shown = api.get(WATCHES).json()

    assert len(captured) == 2  # the count and the page
    found = {row["product"]["name"]: row["opportunity"] for row in shown["results"]}
    assert found["Box 0"] == {
        "id": str(best.pk),
        "margin_percentage": "31.50",
        "net_profit": "18.90",
        "currency": "EUR",
        "risk_level": "medium",
        "confidence_score": "0.66",
    }
    assert found["Box 1"]["margin_percentage"] == "26.66"


def test_only_sealed_products_are_watched(api):
    single = make_product("Sol Ring")

    for product in (str(single.pk), "00000000-0000-7000-8000-000000000000", "x", None):
        answer = api.post(WATCHES, {"product": product}, format="json")
        assert (answer.status_code, pointers(answer)) == (400, {"/product"})
    assert api.post(WATCHES, {"product": str(single.pk), "user": "x"}, format="json").status_code == 400


@pytest.mark.parametrize("path", [RULES, f"{RULES}fields/", CHANNELS, DELIVERIES, BELL, WATCHES])
def test_everything_needs_a_login_even_where_reading_is_public(path, settings):
    settings.API_PUBLIC_READ = True

    assert APIClient().get(path).status_code == 401
