"""The gauge of jobs."""

from typing import Any

import pytest
from prometheus_client.registry import CollectorRegistry

from common.clock import utc_now
from jobs.metrics_collector import JobCollector
from jobs.services import cancel_job, request_job

pytestmark = pytest.mark.django_db

KIND = "scrapers.update_all_prices"


def test_jobs_of_the_last_day_are_counted_by_kind_and_state():
    now = utc_now()
    facts: Any = {"kind": KIND, "queue": "scraping", "parameters": {}, "actor": None, "now": now}
    request_job(label="One", **facts)
    cancel_job(request_job(label="Two", **facts), actor=None, now=now)
    registry = CollectorRegistry()
    registry.register(JobCollector())

    def count(state: str) -> float | None:
        labels = {"kind": KIND, "state": state}
        return registry.get_sample_value("arbsite_jobs_count", labels)

    assert (count("queued"), count("cancelled"), count("failed")) == (1, 1, None)
