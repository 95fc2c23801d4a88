"""Planning a cycle: pure functions from what is known to what is fetched, in which order."""

from .planning import MIN_INTERVAL, Target, backoff, is_due, plan_cycle, priority, staleness
from .slots import CYCLE, SECONDS_PER_SLOT, SLOTS_PER_CYCLE

__all__ = [
    "CYCLE",
    "MIN_INTERVAL",
    "SECONDS_PER_SLOT",
    "SLOTS_PER_CYCLE",
    "Target",
    "backoff",
    "is_due",
    "plan_cycle",
    "priority",
    "staleness",
]
