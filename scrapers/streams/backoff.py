"""How long to wait before the next attempt: full jitter under a ceiling that doubles."""

from random import Random
from typing import Final

FIRST_SECONDS: Final = 1.0
MOST_SECONDS: Final = 30.0
_MOST_DOUBLINGS: Final = 16


class Backoff:
    """Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): uniform in [0, ceiling].

    The ceiling starts at `first`, doubles with each attempt up to `most`, and falls back only when `reset` is
    called: after the first valid data, not when a connection opens, or a venue that accepts and drops
    connections would be hammered.

    Args:
        rng: where the jitter comes from.
        first: ceiling of the first wait, in seconds.
        most: highest ceiling, in seconds.
    """

    def __init__(self, rng: Random, *, first: float = FIRST_SECONDS, most: float = MOST_SECONDS) -> None:
        self._rng = rng
        self._first = first
        self._most = most
        self.attempts = 0

    @property
    def ceiling(self) -> float:
        """Return the longest the next wait can be, in seconds."""
        return min(self._most, self._first * 2.0 ** min(self.attempts, _MOST_DOUBLINGS))

    def next(self) -> float:
        """Return how many seconds to wait now, and raise the ceiling for the time after."""
        seconds = self._rng.uniform(0.0, self.ceiling)
        self.attempts += 1
        return seconds

    def reset(self) -> None:
        """Begin again: valid data came."""
        self.attempts = 0
