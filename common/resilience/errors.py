"""Why a call to something outside may not be made now."""

from datetime import timedelta

from common.errors import TemporarilyUnavailable


class StateUnavailable(TemporarilyUnavailable):
    """Redis does not answer, so nobody knows whether a call is due: it is not made."""

    default_code = "resilience_state_unavailable"


class QueueTooLong(TemporarilyUnavailable):
    """The next free slot lies beyond what the caller can wait; no slot was taken. `wait` says how far."""

    default_code = "queue_too_long"

    def __init__(self, key: str, *, wait: timedelta) -> None:
        super().__init__(
            None,
            f"The next request to {key} is due in {wait.total_seconds():.1f} s.",
            {"wait_seconds": round(wait.total_seconds(), 3)},
        )
        self.wait = wait


class CircuitOpen(TemporarilyUnavailable):
    """The other side failed too often or turned us away, and is left alone; `wait` says for how long yet."""

    default_code = "circuit_open"

    def __init__(self, key: str, *, wait: timedelta) -> None:
        super().__init__(
            None,
            f"{key} is left alone for another {wait.total_seconds():.0f} s.",
            {"wait_seconds": round(wait.total_seconds(), 3)},
        )
        self.wait = wait
