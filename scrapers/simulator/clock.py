"""The simulator's own time: another clock, made faster or moved."""

from datetime import datetime, timedelta

from common.clock import Clock, SystemClock


class SimulatorClock:
    """A clock that follows another one at a speed and can be moved.

    Args:
        base: the clock it follows; the machine's by default, a `FrozenClock` in tests.
        speed: seconds that pass here while one passes there; 0 stands still.
    """

    def __init__(self, base: Clock | None = None, *, speed: float = 1.0) -> None:
        self._base = base or SystemClock()
        self._from = self._base.now()
        self._at = self._from
        self._speed = 0.0
        self.set_speed(speed)

    @property
    def speed(self) -> float:
        """Return how fast it runs."""
        return self._speed

    def now(self) -> datetime:
        """Return the simulated time in UTC."""
        return self._at + (self._base.now() - self._from) * self._speed

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on.

        Raises:
            ValueError: below 0.
        """
        if speed < 0:
            raise ValueError("simulated time does not run backwards")
        base = self._base.now()
        self._at += (base - self._from) * self._speed
        self._from, self._speed = base, speed

    def advance(self, step: timedelta) -> datetime:
        """Move the time by `step` and return the new time."""
        self._at += step
        return self.now()
