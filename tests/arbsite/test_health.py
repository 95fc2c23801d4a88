from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from arbsite import health
from common.clock import utc_now
from common.outbox import enqueue

pytestmark = pytest.mark.django_db


def readiness(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_liveness_needs_no_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_when_everything_answers(client: Client) -> None:
    status, body = readiness(client)

    assert (status, body["status"]) == (200, "ready")
    assert set(body["components"]) == {"database", "redis", "migrations", "disk", "outbox"}
    assert all(component["ok"] for component in body["components"].values())


def test_unreachable_redis_is_named_and_answers_503(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    status, body = readiness(client)

    assert (status, body["status"]) == (503, "not_ready")
    assert body["components"]["redis"] == {"ok": False, "error": "ConnectionError"}
    assert body["components"]["database"]["ok"]


def test_full_disk_answers_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**62)

    status, body = readiness(client)

    assert status == 503
    assert not body["components"]["disk"]["ok"]


def test_missing_migration_is_counted_until_it_is_applied() -> None:
    recorder = MigrationRecorder(connection)
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("opportunities")
    look = health.Migrations()
    recorder.record_unapplied(*newest)

    assert look() == {"ok": False, "pending": 1}

    recorder.record_applied(*newest)
    assert look() == {"ok": True, "pending": 0}
    assert look() == {"ok": True}


def test_waiting_outbox_is_reported_without_taking_the_page_down(client: Client) -> None:
    long_ago = utc_now() - timedelta(minutes=2)
    enqueue(task="common.verify_audit", kwargs={}, queue="default", due_at=long_ago)

    status, body = readiness(client)

    assert status == 200
    assert not body["components"]["outbox"]["ok"]
    assert body["components"]["outbox"]["lag_seconds"] >= 120


def test_readiness_is_never_cached(client: Client) -> None:
    assert client.get("/readyz")["Cache-Control"] == "no-store"
