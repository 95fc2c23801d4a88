"""How long signals take: counts per bucket of microseconds, cheap enough to count every one."""

from bisect import bisect_left
from typing import Final

BUCKETS_US: Final = (
    50, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 25_000, 50_000,
    100_000, 500_000, 1_000_000,
)  # fmt: skip
"""Upper bounds, inclusive; one more bucket holds what is above."""


class Latencies:
    """A histogram of durations in microseconds."""

    __slots__ = ("_counts", "total_us")

    def __init__(self) -> None:
        self._counts = [0] * (len(BUCKETS_US) + 1)
        self.total_us = 0

    def add(self, microseconds: int) -> None:
        """Count one duration; a negative one (a clock set back) counts as 0."""
        duration = max(microseconds, 0)
        self._counts[bisect_left(BUCKETS_US, duration)] += 1
        self.total_us += duration

    @property
    def counts(self) -> tuple[int, ...]:
        """How many fell into each bucket; the last is what was longer than all bounds."""
        return tuple(self._counts)

    def since(self, earlier: tuple[int, ...]) -> tuple[int, ...]:
        """Return the counts added since `counts` was read."""
        return tuple(now - then for now, then in zip(self._counts, earlier, strict=True))


def percentile_us(counts: tuple[int, ...], share: float) -> int | None:
    """Return the upper bound of the bucket in which a share of all durations is reached.

    Args:
        counts: per bucket, as `Latencies.counts`.
        share: above 0, at most 1.

    Returns:
        Microseconds; the highest bound for what lies above it; None without any duration.
    """
    total = sum(counts)
    if total == 0:
        return None
    reached = 0
    for bound, count in zip(BUCKETS_US, counts, strict=False):
        reached += count
        if reached >= share * total:
            return bound
    return BUCKETS_US[-1]
