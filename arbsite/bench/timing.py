"""Timing: medians of repeated runs, by the wall clock."""

import statistics
import time
from collections.abc import Callable


def median_seconds(
    run: Callable[[], object],
    *,
    repeats: int,
    loops: int = 1,
    before: Callable[[], object] | None = None,
) -> float:
    """Run something several times and return the median duration of one run in seconds.

    Args:
        run: what is timed.
        repeats: how many durations the median is taken of, at least 1.
        loops: runs per duration; more than one for what takes a few milliseconds.
        before: called before each duration, not timed.
    """
    durations = []
    for _ in range(repeats):
        if before is not None:
            before()
        started = time.perf_counter()
        for _ in range(loops):
            run()
        durations.append((time.perf_counter() - started) / loops)
    return statistics.median(durations)
