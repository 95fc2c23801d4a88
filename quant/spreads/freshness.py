"""When a quote is young enough to be compared. Times are Unix milliseconds of our own clock.

A time in seconds where milliseconds are due lies decades back and reads as stale; one in micro- or
nanoseconds lies in the future and is refused, as is every time further ahead than the skew we allow.
"""


def is_fresh(at_ms: int, *, now_ms: int, max_age_ms: int, max_skew_ms: int) -> bool:
    """Tell whether -skew <= now - at <= age, both ends included.

    Args:
        at_ms: when we received it, or when the venue says it was made.
        now_ms: the moment of use.
        max_age_ms: oldest that counts, >= 0.
        max_skew_ms: furthest ahead of us that a clock may be, >= 0.
    """
    return -max_skew_ms <= now_ms - at_ms <= max_age_ms


def are_comparable(first_ms: int, second_ms: int, *, now_ms: int, max_age_ms: int, max_skew_ms: int) -> bool:
    """Tell whether two quotes may be compared: both fresh, and no further apart than one age."""
    return (
        is_fresh(first_ms, now_ms=now_ms, max_age_ms=max_age_ms, max_skew_ms=max_skew_ms)
        and is_fresh(second_ms, now_ms=now_ms, max_age_ms=max_age_ms, max_skew_ms=max_skew_ms)
        and abs(first_ms - second_ms) <= max_age_ms
    )
