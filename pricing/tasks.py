"""Background work of the pricing app."""

from typing import Any

from celery import shared_task

from common.clock import utc_now
from pricing.services import maintain_partitions


@shared_task(name="pricing.ensure_partitions", soft_time_limit=60, time_limit=90)
def ensure_partitions(**_ignored: Any) -> list[str]:
    """Create the coming months of the price history. Safe to run any number of times."""
    plan = maintain_partitions(now=utc_now())
    return [f"{month:%Y-%m}" for month in plan.create]
