"""Every duration and clock of a connection in one place, so that a test can have a day in a second."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long what may take, in seconds, and the clocks that tell.

    Args:
        connect: opening a socket, handshake included.
        sync: from the open socket to the first valid quote.
        probe: of quiet after which the venue is asked for a sign of life.
        stale: without any frame after which nothing of the connection counts.
        dead: without any frame after which the socket is given up (half-open, or a venue that hangs).
        silence: without a valid quote, although frames come, after which the connection is given up.
        rollover: age at which a connection is replaced; Binance cuts at 24 h.
        rollover_retry: after a failed replacement.
        watch: between two looks at all of this.
        beat: between two signs of life of ours.
        spacing: between two connections at least; Binance takes 300 in five minutes from one address.
        snapshot_spacing: between two REST snapshots at least.
        first_backoff: ceiling of the first wait before a reconnection.
        most_backoff: highest ceiling.
        monotonic: durations are measured with it.
        wall_ns: Unix nanoseconds, for the time of receipt.
    """

    connect: float = 10.0
    sync: float = 20.0
    probe: float = 2.0
    stale: float = 5.0
    dead: float = 10.0
    silence: float = 60.0
    rollover: float = 23 * 3_600.0
    rollover_retry: float = 60.0
    watch: float = 0.25
    beat: float = 1.0
    spacing: float = 1.0
    snapshot_spacing: float = 1.0
    first_backoff: float = 1.0
    most_backoff: float = 30.0
    monotonic: Callable[[], float] = time.monotonic
    wall_ns: Callable[[], int] = time.time_ns
