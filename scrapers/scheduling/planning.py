"""Which products one host is asked about in a cycle, and in which order.

A host can be sent 7,200 requests in four hours (`slots`), so with more products than that some have to wait.
Asked first is what is worth most to know:

    priority = value x staleness x volatility

- value: what is at stake, the product's newest market price in its source's currency. Unknown: the median of
  the known ones. Never below 1, so that cheap cards are not left out for ever.
- staleness: time since its price was last received, in cycles of four hours; never received counts as 42 (a
  week), which is also the most. What grows with waiting reaches everything in the end.
- volatility: how much the price moves, the standard deviation of its last 30 days as a share of their mean.
  Unknown: the median of the known ones, so that a new product is neither favoured nor forgotten. Never below
  1 %: a price that stood still may move tomorrow.

A product whose price was received within the last cycle is not asked about at all. After failures in a row it
is left alone for 30 minutes, doubling with each, at most a week.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, Generic, TypeVar

from .slots import CYCLE

MIN_INTERVAL: Final = CYCLE
MOST_STALE: Final = timedelta(days=7) / CYCLE
LEAST_VALUE: Final = 1.0
LEAST_VOLATILITY: Final = 0.01
FIRST_BACKOFF: Final = timedelta(minutes=30)
LONGEST_BACKOFF: Final = timedelta(days=7)

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Target(Generic[Subject]):
    """One product at one source, as far as planning is concerned; floats, as only an order comes of it.

    Args:
        key: unique among the targets; decides between equals, the lower first.
        subject: what the caller wants back.
        received_at: when its price last came in by any route of the source; None for never.
        attempted_at: when it was last asked about.
        failures: in a row.
        value: newest market price; None if unknown.
        volatility: standard deviation over mean; None if unknown.
    """

    key: int
    subject: Subject
    received_at: datetime | None = None
    attempted_at: datetime | None = None
    failures: int = 0
    value: float | None = None
    volatility: float | None = None


def plan_cycle(
    targets: Iterable[Target[Subject]], *, slots: int, now: datetime, min_interval: timedelta = MIN_INTERVAL
) -> list[Target[Subject]]:
    """Choose whom to ask about, most urgent first.

    Args:
        targets: candidates of one host.
        slots: requests the host can still be sent in this cycle.
        now: the current time.
        min_interval: a price received more recently is not asked for.

    Returns:
        At most `slots` targets. Of equal priority those never received come first, then the lower key.
    """
    due = [target for target in targets if is_due(target, now=now, min_interval=min_interval)]
    if slots <= 0 or not due:
        return []
    usual_value = _median([target.value for target in due], otherwise=LEAST_VALUE)
    usual_volatility = _median([target.volatility for target in due], otherwise=LEAST_VOLATILITY)

    def order(target: Target[Subject]) -> tuple[float, bool, int]:
        value = usual_value if target.value is None else target.value
        volatility = usual_volatility if target.volatility is None else target.volatility
        urgency = priority(
            value=value, staleness=staleness(target.received_at, now=now), volatility=volatility
        )
        return -urgency, target.received_at is not None, target.key

    return sorted(due, key=order)[:slots]


def is_due(target: Target[Subject], *, now: datetime, min_interval: timedelta = MIN_INTERVAL) -> bool:
    """Tell whether the target may be asked about now: not received lately, and not backing off."""
    if target.received_at is not None and now - target.received_at < min_interval:
        return False
    if target.failures <= 0 or target.attempted_at is None:
        return True
    return now >= target.attempted_at + backoff(target.failures)


def backoff(failures: int) -> timedelta:
    """Return how long to leave a product alone after so many failures in a row (at least one)."""
    doublings = min(max(failures, 1) - 1, 20)  # beyond, the limit below has long been reached
    factor: int = 1 << doublings
    return min(FIRST_BACKOFF * factor, LONGEST_BACKOFF)


def staleness(received_at: datetime | None, *, now: datetime) -> float:
    """Return the age of what we know, in cycles: 0 or more, at most a week's worth."""
    if received_at is None:
        return MOST_STALE
    return min(max((now - received_at) / CYCLE, 0.0), MOST_STALE)


def priority(*, value: float, staleness: float, volatility: float) -> float:
    """Return the product of the three factors, the first and last with their least."""
    return max(value, LEAST_VALUE) * staleness * max(volatility, LEAST_VOLATILITY)


def _median(known: list[float | None], *, otherwise: float) -> float:
    values = [value for value in known if value is not None]
    return median(values) if values else otherwise
