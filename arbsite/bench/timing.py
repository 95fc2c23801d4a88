"""Timing: medians of repeated runs, by the wall clock."""

import gc
import statistics
import time
from collections.abc import Callable


def median_seconds(
    run: Callable[[], object], *, repeats: int, before: Callable[[], object] | None = None
) -> float:
    """Run something several times and return the median duration in seconds.

    Args:
        run: what is timed.
        repeats: how often, at least 1.
        before: called before each run, not timed.
    """
    durations = []
    for _ in range(repeats):
        if before is not None:
            before()
        gc.collect()
        started = time.perf_counter()
        run()
        durations.append(time.perf_counter() - started)
    return statistics.median(durations)
