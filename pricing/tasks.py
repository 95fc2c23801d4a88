"""Background work of the pricing app."""

from typing import Any

from celery import shared_task

from common.clock import utc_now
from pricing.services import forget_quote_samples, maintain_partitions
from pricing.services import suggest_matches as look_for_matches


@shared_task(name="pricing.ensure_partitions", soft_time_limit=60, time_limit=90)
def ensure_partitions(**_ignored: Any) -> list[str]:
    """Create the coming months of the price history. Safe to run any number of times."""
    plan = maintain_partitions(now=utc_now())
    return [f"{month:%Y-%m}" for month in plan.create]


@shared_task(name="pricing.suggest_matches", soft_time_limit=240, time_limit=300)
def suggest_matches(**_ignored: Any) -> int:
    """Look for the products of the unmatched articles that wait longest; returns how many were suggested.

    Safe to run any number of times: what was looked at waits a week, and nothing is matched by itself.
    """
    return look_for_matches(now=utc_now()).suggested


@shared_task(name="pricing.forget_quote_samples", soft_time_limit=240, time_limit=300)
def forget_samples(**_ignored: Any) -> int:
    """Remove samples of live quotes past `settings.QUOTE_RETENTION_DAYS`; returns how many.

    Safe to run any number of times; one that is cut short keeps what it did.
    """
    return forget_quote_samples(now=utc_now())
