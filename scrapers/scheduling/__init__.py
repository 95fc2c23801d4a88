"""Planning a cycle: pure functions from what is known to what is fetched, in which order."""

from .slots import CYCLE, SECONDS_PER_SLOT, SLOTS_PER_CYCLE

__all__ = ["CYCLE", "SECONDS_PER_SLOT", "SLOTS_PER_CYCLE"]
