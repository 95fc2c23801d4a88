"""Keep the partitions of the price history, and record what was dropped."""

from datetime import datetime

from django.db import transaction

from common.audit import record_event
from pricing.partitions import MONTHS_AHEAD, PartitionPlan, drop_months, ensure_months, plan_partitions


def maintain_partitions(
    *, now: datetime, ahead: int = MONTHS_AHEAD, retain_months: int | None = None
) -> PartitionPlan:
    """Create the coming months and drop those past retention, in one transaction.

    Args:
        now: the current time.
        ahead: how many months after the current one must exist.
        retain_months: whole months of history to keep besides the current one; None keeps everything.

    Returns:
        What was done.

    Raises:
        ValueError: for numbers outside their range.
    """
    with transaction.atomic():
        plan = plan_partitions(now=now, ahead=ahead, retain_months=retain_months)
        ensure_months(plan.create)
        drop_months(plan.drop)
        if plan.drop:
            months = [f"{month:%Y-%m}" for month in plan.drop]
            record_event(
                actor=None,
                verb="price_history.dropped",
                subject="price_history:months",
                data={"months": months},
                now=now,
            )
    return plan
