"""Leaves a host alone that fails or turns us away, and lets one request try when the time is over.

The state is in Redis and shared by all processes: closed (everything passes), open (nothing does), half open
(exactly one caller, the probe, may try; its success closes, its failure opens for twice as long). A probe
that is killed loses its turn when its lease ends. When Redis does not answer, nothing passes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import uuid4

import redis
from redis.asyncio import Redis as AsyncRedis

from common.redis import NAMESPACE, shared_redis

from .breaker_scripts import ADMIT, FAIL, READ, RELEASE, SUCCEED
from .errors import CircuitOpen
from .state import blocking_state, shared_state

_KEPT_SECONDS: Final = 7 * 86_400
_REFUSED: Final = 2


class BreakerStatus(StrEnum):
    """Whether calls pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """One key's breaker. `failures` are those in a row; `opened_until` is None while it is closed."""

    key: str
    status: BreakerStatus
    opened_until: datetime | None
    failures: int
    last_failure: str
    last_failed_at: datetime


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a breaker opens, and for how long.

    Args:
        threshold: failures in a row that open it.
        window: failures further apart than this are not in a row.
        open_for: first time open; doubled for each opening in a row.
        blocked_for: the same, after the host turned us away (which opens at once).
        longest: limit of both.
        probe_lease: how long a probe may take before another one may try.
        memory: a breaker that opens again so soon after it closed goes on doubling.
    """

    threshold: int = 5
    window: timedelta = timedelta(minutes=5)
    open_for: timedelta = timedelta(seconds=30)
    blocked_for: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)
    probe_lease: timedelta = timedelta(minutes=3)
    memory: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to make one call. Hand it back with `succeed`, `fail` or `release`."""

    key: str
    token: str
    is_probe: bool


def _micro(span: timedelta) -> int:
    return int(span.total_seconds() * 1_000_000)


class Breaker:
    """The breaker of asynchronous callers.

    Args:
        client: of the running event loop.
        policy: when it opens, and for how long.
        namespace: first part of the Redis keys.
    """

    def __init__(
        self, client: AsyncRedis, *, policy: BreakerPolicy | None = None, namespace: str = NAMESPACE
    ) -> None:
        self.policy = policy or BreakerPolicy()
        self._prefix = f"{namespace}:breaker"
        self._admit = client.register_script(ADMIT)
        self._succeed = client.register_script(SUCCEED)
        self._fail = client.register_script(FAIL)
        self._release = client.register_script(RELEASE)

    def _keys(self, key: str) -> list[str]:
        return [f"{self._prefix}:{key}", self._prefix]

    async def admit(self, key: str) -> Permit:
        """Return leave to make one call.

        Raises:
            CircuitOpen: if the host is left alone, or another caller is trying it out.
            StateUnavailable: if Redis does not answer.
        """
        token = uuid4().hex
        async with shared_state():
            decision, left = await self._admit(
                keys=self._keys(key), args=[key, token, _KEPT_SECONDS, _micro(self.policy.probe_lease)]
            )
        if decision == _REFUSED:
            raise CircuitOpen(key, wait=timedelta(microseconds=left))
        return Permit(key, token, is_probe=decision == 1)

    async def succeed(self, permit: Permit) -> BreakerStatus:
        """Count a call that the host answered properly."""
        async with shared_state():
            is_open = await self._succeed(
                keys=self._keys(permit.key), args=[permit.key, permit.token, _KEPT_SECONDS]
            )
        return BreakerStatus.OPEN if is_open else BreakerStatus.CLOSED

    async def fail(self, permit: Permit, *, code: str, is_blocked: bool = False) -> BreakerStatus:
        """Count a call that failed by the host's fault.

        Args:
            permit: of the call.
            code: why, for people.
            is_blocked: the host turned us away: opens at once, for `blocked_for` at least.
        """
        policy = self.policy
        arguments: list[str | int] = [
            permit.key, permit.token, _KEPT_SECONDS, code, int(is_blocked), policy.threshold,
            _micro(policy.window), _micro(policy.blocked_for if is_blocked else policy.open_for),
            _micro(policy.longest), _micro(policy.memory),
        ]  # fmt: skip
        async with shared_state():
            is_open = await self._fail(keys=self._keys(permit.key), args=arguments)
        return BreakerStatus.OPEN if is_open else BreakerStatus.CLOSED

    async def release(self, permit: Permit) -> None:
        """Give back leave that was not used, or that taught nothing about the host."""
        if permit.is_probe:
            async with shared_state():
                await self._release(
                    keys=self._keys(permit.key), args=[permit.key, permit.token, _KEPT_SECONDS]
                )


def breaker_states(client: redis.Redis | None = None, *, namespace: str = NAMESPACE) -> list[BreakerState]:
    """Return every key with a failure in the last week, by name; all others are closed.

    Raises:
        StateUnavailable: if Redis does not answer.
    """
    client = client if client is not None else shared_redis()
    prefix = f"{namespace}:breaker"
    with blocking_state():
        now, rows = client.register_script(READ)(keys=[prefix])
    return sorted((_state(row, now=now) for row in rows), key=lambda state: state.key)


def _state(row: list[bytes], *, now: int) -> BreakerState:
    key, opened, failures, last_failure, last_failed = (value.decode() for value in row)
    if not opened:
        status = BreakerStatus.CLOSED
    else:
        status = BreakerStatus.OPEN if now < int(opened) else BreakerStatus.HALF_OPEN
    return BreakerState(
        key=key,
        status=status,
        opened_until=_moment(opened) if opened else None,
        failures=int(failures),
        last_failure=last_failure,
        last_failed_at=_moment(last_failed),
    )


def _moment(micro: str) -> datetime:
    return datetime.fromtimestamp(int(micro) / 1_000_000, tz=UTC)


def reset_breaker(key: str, *, client: redis.Redis | None = None, namespace: str = NAMESPACE) -> bool:
    """Close a breaker and forget its failures, by decision of a person.

    Returns:
        Whether anything was known of the key.

    Raises:
        StateUnavailable: if Redis does not answer.
    """
    client = client if client is not None else shared_redis()
    with blocking_state():
        return bool(client.delete(f"{namespace}:breaker:{key}"))
