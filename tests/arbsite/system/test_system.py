"""The operators' first look."""

from datetime import date

import pytest
from django.test import Client

from pricing.partitions import ensure_months
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    browser = Client()
    browser.force_login(User.objects.create_user("bob", role="operator"))
    return browser


def test_an_operator_sees_every_component_and_its_state(client):
    ensure_months([date(2026, 11, 1)])

    answer = client.get("/api/v1/system/").json()

    assert {one["name"] for one in answer["components"]} == {
        "database", "redis", "migrations", "disk", "outbox",
    }  # fmt: skip
    assert {one["status"] for one in answer["components"]} == {"ok"}
    assert answer["migrations"]["pending"] == 0
    assert answer["partitions"], "the price history has months"
    assert answer["sizes"]["database_bytes"] > 0


def test_a_broker_that_is_gone_is_told_not_hidden(client, settings):
    settings.REDIS_URL = "unix:///tmp/there-is-no-redis.sock"

    answer = client.get("/api/v1/system/").json()

    states = {one["name"]: one["status"] for one in answer["components"]}
    assert (states["redis"], states["database"]) == ("fail", "ok")
    assert {queue["depth"] for queue in answer["queues"]} == {None}


def test_a_parameter_is_refused(client):
    assert client.get("/api/v1/system/?x=1").status_code == 400
