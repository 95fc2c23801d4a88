"""Upkeep of jobs."""

from typing import Any

from celery import shared_task

from common.clock import utc_now

from .services import close_stale_jobs


@shared_task(name="jobs.close_stale", soft_time_limit=50, time_limit=60, expires=300)
def close_stale(**_ignored: Any) -> list[str]:
    """End jobs whose worker is gone and that no message brings on; running it again changes nothing."""
    return close_stale_jobs(now=utc_now())
