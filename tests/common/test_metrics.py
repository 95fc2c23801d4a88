"""Metrics: names in one place, gauges that every process reads from the database."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from prometheus_client import REGISTRY, generate_latest

from common import metrics
from common.audit import verify_chains
from common.clock import utc_now
from common.metrics_collector import register_collector
from common.models import OutboxMessage
from common.outbox import enqueue

NAME = re.compile(r"arbsite_[a-z]+(_[a-z]+)*_(total|seconds|count|state|share)")


def _metrics() -> dict[str, Any]:
    return {
        name: value for name, value in vars(metrics).items() if name.isupper() and not name.startswith("_")
    }


def test_every_name_follows_the_convention():
    names = [
        value if isinstance(value, str) else next(iter(value.describe())).name
        for value in _metrics().values()
    ]
    counters = [f"{name}_total" if type(metric).__name__ == "Counter" else name
                for name, metric in zip(names, _metrics().values(), strict=True)]  # fmt: skip

    assert [name for name in counters if not NAME.fullmatch(name)] == []
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_backlog_and_verification_are_read_from_the_database():
    with transaction.atomic():
        for _ in range(3):
            enqueue(task="common.relay_outbox", kwargs={}, queue="default")
    first, second, _ = OutboxMessage.objects.order_by("id")
    OutboxMessage.objects.filter(pk=first.pk).update(parked_at=utc_now())
    OutboxMessage.objects.filter(pk=second.pk).update(due_at=utc_now() - timedelta(minutes=5))
    verify_chains(now=utc_now())

    def value(name: str, **labels: str) -> float:
        found = REGISTRY.get_sample_value(name, labels)
        assert found is not None, name
        return found

    assert value("arbsite_outbox_backlog_count", state="waiting") == 2
    assert value("arbsite_outbox_backlog_count", state="parked") == 1
    assert value("arbsite_outbox_oldest_seconds") >= 300
    assert value("arbsite_audit_verify_ok_state") == 1
    assert value("arbsite_audit_verified_timestamp_seconds") > 0


@pytest.mark.django_db
def test_registering_twice_collects_once():
    register_collector()
    register_collector()

    assert generate_latest(REGISTRY).decode().count("# TYPE arbsite_outbox_oldest_seconds") == 1


@pytest.mark.django_db
def test_scrape_shows_our_metrics(client):
    text = client.get("/metrics").content.decode()

    assert "arbsite_outbox_backlog_count" in text
    assert "django_http_requests" in text
