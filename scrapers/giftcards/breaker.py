"""Leaves a market alone that fails again and again; one per market, in memory, so that others go on.

The rules are those of the shared breakers (`common.resilience.Breaker`): some failures in a row open it, a
challenge or a ban opens it at once and for longer, one probe decides whether it closes.
"""

from dataclasses import dataclass
from typing import Final

CLOSED: Final = "closed"
OPEN: Final = "open"
HALF_OPEN: Final = "half_open"
FAILURES: Final = 5
OPEN_SECONDS: Final = 10.0
BLOCKED_SECONDS: Final = 900.0
LONGEST_SECONDS: Final = 900.0


@dataclass(slots=True)
class LocalBreaker:
    """State of one market's breaker. Times are seconds of a monotonic clock, given by the caller."""

    failures: int = 0
    opens: int = 0
    opened_until: float = 0.0

    def state(self, *, now: float) -> str:
        """Return `closed`, `open`, or `half_open` when the next request is a probe."""
        if self.opened_until == 0.0:
            return CLOSED
        return OPEN if now < self.opened_until else HALF_OPEN

    def wait(self, *, now: float) -> float:
        """Return the seconds until the market may be asked."""
        return max(0.0, self.opened_until - now)

    def succeed(self) -> None:
        """Close it: the market answered."""
        self.failures, self.opens, self.opened_until = 0, 0, 0.0

    def fail(self, *, now: float, is_blocked: bool = False, pause: float = 0.0) -> None:
        """Count a failure.

        Args:
            now: monotonic seconds.
            is_blocked: a challenge, a ban or a refused login; asking again soon makes it worse.
            pause: seconds the market asked to be left alone.
        """
        self.failures += 1
        if is_blocked:
            self._open(now, max(BLOCKED_SECONDS, pause))
        elif self.failures >= FAILURES:
            self._open(now, max(min(LONGEST_SECONDS, OPEN_SECONDS * 2**self.opens), pause))
        elif pause:
            self.opened_until = max(self.opened_until, now + pause)

    def _open(self, now: float, seconds: float) -> None:
        self.opened_until = now + seconds
        self.opens = min(self.opens + 1, 10)
