"""Jobs as tests need them; a test states only what it is about."""

from datetime import UTC, datetime
from typing import Any

from jobs.models import Job

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_job(**values: Any) -> Job:
    """Store a job, queued unless stated otherwise."""
    defaults = {
        "kind": "scrapers.update_all_prices",
        "label": "Update all prices",
        "queue": "scraping",
        "created_at": NOW,
    }
    return Job.objects.create(**{**defaults, **values})
