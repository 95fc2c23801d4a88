"""The audit trail over REST."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from common.audit import record_event, verify_chains
from users.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def alice():
    return User.objects.create_user("alice", role="analyst")


@pytest.fixture
def client(alice):
    browser = Client()
    browser.force_login(alice)
    return browser


def note(verb: str, subject: str, *, actor=None, at: datetime = NOW, **data):
    with transaction.atomic():
        return record_event(actor=actor, verb=verb, subject=subject, data=data, now=at)


def test_events_come_newest_first_with_their_actor_and_hashes(client, alice):
    note("price.released", "price:1", at=NOW)
    last = note("price.rejected", "price:2", actor=alice, at=NOW + timedelta(minutes=1), reason="too low")

    first, second = client.get("/api/v1/audit/?subject=price:").json()["results"]

    assert (first["verb"], first["actor"], first["data"]) == (
        "price.rejected",
        "alice",
        {"reason": "too low"},
    )
    assert first["hash"] == bytes(last.hash).hex()
    assert second["actor"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=price.", {"price:1", "price:2"}),
        ("subject=price:2", {"price:2"}),
        ("actor=alice", {"price:2"}),
        ("actor=system&verb=price", {"price:1"}),
        ("actor=nobody", set()),
        ("after=2026-11-21T12:00:30Z", {"price:2"}),
        ("before=2026-11-21T12:00:30Z&verb=price", {"price:1"}),
    ],
)
def test_filters_narrow_the_list(client, alice, query, found):
    note("price.released", "price:1", at=NOW)
    note("price.rejected", "price:2", actor=alice, at=NOW + timedelta(minutes=1))

    answer = client.get(f"/api/v1/audit/?{query}").json()

    assert {event["subject"] for event in answer["results"]} == found


def test_pages_follow_the_cursor_without_gaps(client):
    for number in range(5):
        note("price.released", f"price:{number}", at=NOW + timedelta(seconds=number))
    url, seen = "/api/v1/audit/?page_size=2&verb=price.", []

    while url:
        page = client.get(url).json()
        seen += [event["subject"] for event in page["results"]]
        url = page["next"]

    assert seen == [f"price:{number}" for number in reversed(range(5))]


def test_actors_of_a_page_are_looked_up_at_once(client, alice, django_assert_max_num_queries):
    for number in range(20):
        note("price.released", f"price:{number}", actor=alice, at=NOW + timedelta(seconds=number))

    with django_assert_max_num_queries(6):
        client.get("/api/v1/audit/?page_size=20")


def test_status_tells_what_the_last_verification_found(client):
    assert client.get("/api/v1/audit/status/").json()["is_intact"] is None
    note("price.released", "price:1")
    verify_chains(now=NOW)

    status = client.get("/api/v1/audit/status").json()

    assert (status["is_intact"], status["checked_at"], status["breaks"]) == (True, "2026-11-21T12:00:00Z", 0)


def test_export_streams_the_filtered_events_as_lines():
    operator = Client()
    operator.force_login(User.objects.create_user("bob", role="operator"))
    note("price.released", "price:1")
    note("price.rejected", "price:2")

    answer = operator.get("/api/v1/audit/export/?verb=price.rel")

    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert [line["subject"] for line in lines] == ["price:1"]
    assert answer["Content-Type"] == "application/x-ndjson"


def test_an_unknown_parameter_is_refused(client):
    assert client.get("/api/v1/audit/?who=alice").status_code == 400
