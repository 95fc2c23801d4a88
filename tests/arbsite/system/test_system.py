"""The operators' first look."""

import json
from datetime import date

import pytest
from django.test import Client

from arbsite.system import facts
from common.live import PROCESSES_KEY
from common.redis import shared_redis
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
    shared_redis().delete(PROCESSES_KEY)

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


def test_a_broker_that_is_gone_costs_no_patience(client, settings):
    # Celery would try for six seconds to reach the workers; here it is not asked
    settings.REDIS_URL = "unix:///tmp/there-is-no-redis.sock"

    answer = client.get("/api/v1/system/").json()

    assert (answer["workers"], answer["sizes"]["redis_bytes"]) == ([], None)
    assert facts.workers(has_broker=False) == []
    assert not facts.has_broker()


def test_processes_of_the_live_desk_are_components(client, settings):
    settings.CRYPTO_EXCHANGES = {"kraken": {**settings.CRYPTO_EXCHANGES["kraken"], "enabled": True}}
    said = {
        "name": "ingest", "pid": 1, "port": 8080, "started_at": "2026-11-21T08:00:00+00:00", "at": 10**14,
        "state": "degraded", "detail": "kraken connecting", "facts": {},
    }  # fmt: skip
    server = shared_redis()
    server.delete(PROCESSES_KEY)
    server.hset(PROCESSES_KEY, "ingest", json.dumps(said))

    answer = client.get("/api/v1/system/").json()

    server.delete(PROCESSES_KEY)
    found = {one["name"]: (one["status"], one["detail"]) for one in answer["components"]}
    assert found["live ingest"] == ("warn", "kraken connecting")
    assert found["live signals"] == ("fail", "not heard of")


def test_a_parameter_is_refused(client):
    assert client.get("/api/v1/system/?x=1").status_code == 400
