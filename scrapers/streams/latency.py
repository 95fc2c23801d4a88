"""How long messages take inside this process: from the frame's receipt until ZeroMQ has it."""

from bisect import bisect_left
from typing import Final

BUCKETS_US: Final = (
    5, 10, 20, 35, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000
)  # fmt: skip
"""Upper bounds in microseconds; what is slower falls into one more bucket."""


class Latency:
    """A histogram that costs a list access per message."""

    __slots__ = ("counts", "total_us")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS_US) + 1)
        self.total_us = 0.0

    def add(self, nanoseconds: int) -> None:
        """Count one message; a negative time (a clock set back) counts as 0."""
        microseconds = max(nanoseconds, 0) / 1_000
        self.counts[bisect_left(BUCKETS_US, microseconds)] += 1
        self.total_us += microseconds

    def quantile_us(self, share: float) -> int:
        """Return the upper bound of the bucket in which that share of the messages ends; 0 without any.

        Args:
            share: in (0, 1], such as 0.5 for the median.
        """
        wanted = share * sum(self.counts)
        if wanted <= 0:
            return 0
        passed = 0
        for bound, count in zip((*BUCKETS_US, BUCKETS_US[-1]), self.counts, strict=True):
            passed += count
            if passed >= wanted:
                return bound
        return BUCKETS_US[-1]
