"""Behaving well towards what is outside: pacing and circuit breaking, shared by all processes."""

from .breaker import (
    Breaker,
    BreakerPolicy,
    BreakerState,
    BreakerStatus,
    Permit,
    breaker_states,
    reset_breaker,
)
from .errors import CircuitOpen, QueueTooLong, StateUnavailable
from .pacing import Pacer, PaceState, pace_states

__all__ = [
    "Breaker", "BreakerPolicy", "BreakerState", "BreakerStatus", "CircuitOpen", "PaceState",
    "Pacer", "Permit", "QueueTooLong", "StateUnavailable", "breaker_states", "pace_states", "reset_breaker",
]  # fmt: skip
