"""The clock. Interfaces (views, tasks, commands) read it once and pass `now` down; services never call it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """Return the current time, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(tz=UTC)


class FrozenClock:
    """A clock that stands still until it is moved: for tests, simulations and replays."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            msg = "FrozenClock needs an aware datetime"
            raise ValueError(msg)
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return self._moment

    def advance(self, step: timedelta) -> datetime:
        """Move the clock by `step` (backwards when negative) and return the new moment."""
        self._moment += step
        return self._moment


def utc_now() -> datetime:
    """Return the current time in UTC. Only interfaces call this."""
    return SystemClock().now()
