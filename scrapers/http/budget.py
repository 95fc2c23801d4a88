"""The time one call may take: so long for the venue, so long for waiting for our own turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_CLOSE = 0.001


class Budget:
    """A deadline that stands still while the caller waits for its turn.

    Args:
        deadline: seconds for everything the venue does, all attempts together.
        patience: seconds for waiting for turns before first attempts.
    """

    def __init__(self, *, deadline: float, patience: float) -> None:
        self.deadline = deadline
        self._left = deadline
        self._limit: asyncio.Timeout | None = None
        self.patience = patience

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run a part of the call; the parts share the time. Raises TimeoutError when the deadline is over."""
        try:
            async with asyncio.timeout(self._left) as self._limit:
                yield
        finally:
            self._left, self._limit = self.remaining(), None

    def remaining(self) -> float:
        """Return the seconds left until the deadline."""
        when = self._limit.when() if self._limit is not None else None
        return self._left if when is None else max(0.0, when - asyncio.get_running_loop().time())

    @asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Stop the clock of the deadline, and use up patience instead."""
        if self._limit is None or self._limit.when() is None:
            yield
            return
        loop = asyncio.get_running_loop()
        left, started = self.remaining(), loop.time()
        self._limit.reschedule(None)
        try:
            yield
        finally:
            self.patience = max(0.0, self.patience - (loop.time() - started))
            if not self._limit.expired():
                self._limit.reschedule(loop.time() + max(left, _CLOSE))
