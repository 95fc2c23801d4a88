"""One request at a time and never sooner than `delay` after the last, over all processes and machines.

A token bucket of one token in Redis: a caller reserves the next free slot by the server's clock, sleeps until
then and claims it just before sending. Slots are given in the order of asking. A process that dies loses
its slot and nothing else, because there is no lock. When Redis does not answer, the caller is refused.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import redis
from redis.asyncio import Redis as AsyncRedis

from common.redis import NAMESPACE, shared_redis

from .errors import QueueTooLong, StateUnavailable
from .pacing_scripts import CLAIM, GIVE_BACK, READ, RESERVE, SLOW_DOWN
from .state import blocking_state, shared_state

DEFAULT_PATIENCE: Final = 30.0
MAX_STRETCH: Final = 32
HALF_LIFE_SECONDS: Final = 300
MAX_HOLD: Final = timedelta(hours=1)
_KEPT_SECONDS: Final = 86_400
_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PaceState:
    """How one key is paced now. `delay_seconds` is the plain pause, `stretch` (>= 1) what multiplies it."""

    key: str
    delay_seconds: float
    stretch: float
    next_slot_seconds: float


@dataclass(frozen=True, slots=True)
class _Slot:
    wait: float
    at: int
    tail: int


class _Pacing:
    """What the asynchronous and the blocking pacer have in common: keys, arguments and answers."""

    def __init__(self, *, delay: float, namespace: str = NAMESPACE) -> None:
        self.delay = delay
        self._prefix = f"{namespace}:pace"

    def _keys(self, key: str) -> list[str]:
        return [f"{self._prefix}:{key}", self._prefix]

    def _arguments(self, key: str, delay: float) -> list[str | int]:
        return [key, int(max(delay, self.delay) * _MICRO), HALF_LIFE_SECONDS * _MICRO, _KEPT_SECONDS]

    def _slot(self, key: str, answer: list[int]) -> _Slot:
        is_reserved, wait, at, tail = answer
        if not is_reserved:
            raise QueueTooLong(key, wait=timedelta(microseconds=wait))
        return _Slot(wait / _MICRO, at, tail)

    @staticmethod
    def _hold(hold: timedelta) -> int:
        return int(min(hold, MAX_HOLD).total_seconds() * _MICRO)


class Pacer(_Pacing):
    """Paces asynchronous callers.

    Args:
        client: of the running event loop.
        delay: least pause between two requests of one key, in seconds.
        namespace: first part of the Redis keys.
    """

    def __init__(self, client: AsyncRedis, *, delay: float, namespace: str = NAMESPACE) -> None:
        super().__init__(delay=delay, namespace=namespace)
        self._reserve = client.register_script(RESERVE)
        self._claim = client.register_script(CLAIM)
        self._give_back = client.register_script(GIVE_BACK)
        self._slow_down = client.register_script(SLOW_DOWN)

    async def wait(self, key: str, *, delay: float = 0.0, patience: float = DEFAULT_PATIENCE) -> float:
        """Return when the caller may send its one request now.

        Args:
            key: whom the request goes to.
            delay: a longer pause than usual, such as a Crawl-delay, in seconds.
            patience: longest wait in seconds.

        Returns:
            The seconds that were waited.

        Raises:
            QueueTooLong: if it would take longer than `patience`; no slot is taken then.
            StateUnavailable: if Redis does not answer.
        """
        started = time.monotonic()
        arguments = self._arguments(key, delay)
        async with shared_state():
            answer = await self._reserve(
                keys=self._keys(key), args=[*arguments, int(max(patience, 0.0) * _MICRO)]
            )
        slot = self._slot(key, answer)
        try:
            await self._until_due(key, slot.wait, deadline=started + patience, arguments=arguments)
        except BaseException:
            with suppress(StateUnavailable):
                await asyncio.shield(self._returned(key, [*arguments, slot.at, slot.tail]))
            raise
        return time.monotonic() - started

    async def _returned(self, key: str, arguments: list[str | int]) -> None:
        async with shared_state():
            await self._give_back(keys=self._keys(key), args=arguments)

    async def _until_due(self, key: str, wait: float, *, deadline: float, arguments: list[str | int]) -> None:
        # Whoever was late, or told to hold, moved the times of all behind: the claim decides.
        while wait > 0:
            if time.monotonic() + wait > deadline + 0.05:
                raise QueueTooLong(key, wait=timedelta(seconds=wait))
            await asyncio.sleep(wait)
            wait = await self._claimed(key, arguments)

    async def _claimed(self, key: str, arguments: list[str | int]) -> float:
        async with shared_state():
            return int(await self._claim(keys=self._keys(key), args=[*arguments, 0])) / _MICRO

    async def sent(self, key: str, *, delay: float = 0.0) -> None:
        """Count the pause from now: the request left only now (connecting took its time)."""
        async with shared_state():
            await self._claim(keys=self._keys(key), args=[*self._arguments(key, delay), 1])

    async def slow_down(self, key: str, *, hold: timedelta = timedelta(0)) -> None:
        """Double the pause (up to 32 times; half of that is forgotten every 5 minutes) and hold all requests.

        Args:
            key: who asked for it.
            hold: time in which nobody sends anything, as by Retry-After; at most one hour.
        """
        async with shared_state():
            await self._slow_down(
                keys=self._keys(key), args=[*self._arguments(key, 0.0), MAX_STRETCH, self._hold(hold)]
            )


def pace_states(client: redis.Redis | None = None, *, namespace: str = NAMESPACE) -> list[PaceState]:
    """Return every key that was paced in the last day, by name.

    Raises:
        StateUnavailable: if Redis does not answer.
    """
    client = client if client is not None else shared_redis()
    prefix = f"{namespace}:pace"
    with blocking_state():
        rows = client.register_script(READ)(keys=[prefix], args=[HALF_LIFE_SECONDS * _MICRO])
    return sorted(
        (
            PaceState(key.decode(), int(delay) / _MICRO, int(stretch) / 1_000, int(wait) / _MICRO)
            for key, delay, stretch, wait in rows
        ),
        key=lambda state: state.key,
    )
