"""Planning a cycle: pure functions from what is known to what is fetched, in which order."""

from .planning import MIN_INTERVAL, Target, backoff, is_due, plan_cycle, priority, staleness
from .slots import CYCLE, DEMO_PACE, LIVE_PACE, SALES_SLOTS, SECONDS_PER_SLOT, SLOTS_PER_CYCLE, Pace

__all__ = [
    "CYCLE",
    "DEMO_PACE",
    "LIVE_PACE",
    "MIN_INTERVAL",
    "SALES_SLOTS",
    "SECONDS_PER_SLOT",
    "SLOTS_PER_CYCLE",
    "Pace",
    "Target",
    "backoff",
    "is_due",
    "plan_cycle",
    "priority",
    "staleness",
]
