"""A host that fails is left alone by everybody, and tried by exactly one."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from redis.asyncio import Redis

from common.resilience import (
    Breaker,
    BreakerPolicy,
    BreakerStatus,
    CircuitOpen,
    Permit,
    StateUnavailable,
    breaker_states,
    reset_breaker,
)

from .namespaces import own_redis

POLICY = BreakerPolicy(
    threshold=3, open_for=timedelta(seconds=60), blocked_for=timedelta(seconds=120),
    longest=timedelta(seconds=400), probe_lease=timedelta(seconds=30),
)  # fmt: skip


class Space:
    """A breaker with keys of its own."""

    def __init__(self, client: Redis, namespace: str) -> None:
        self.client, self.namespace = client, namespace
        self.breaker = Breaker(client, policy=POLICY, namespace=namespace)

    @property
    def breaker_key(self) -> str:
        return f"{self.namespace}:breaker:venue"

    @property
    def state(self):
        (found,) = breaker_states(namespace=self.namespace)
        return found

    async def fail(self, times: int = 1, **options) -> None:
        for _ in range(times):
            await self.breaker.fail(await self.breaker.admit("venue"), code="venue_unavailable", **options)

    async def time_is_over(self, field: str = "opened_until") -> None:
        """Move the end of the open time, or of the probe's lease, into the past."""
        await self.client.hset(self.breaker_key, field, 1)

    async def is_refused(self) -> bool:
        try:
            permit = await self.breaker.admit("venue")
        except CircuitOpen:
            return True
        await self.breaker.release(permit)
        return False

    async def left(self) -> float:
        """Return the seconds for which it is refused yet."""
        try:
            await self.breaker.admit("venue")
        except CircuitOpen as refused:
            return refused.wait.total_seconds()
        return 0.0


@pytest.fixture
async def space() -> AsyncIterator[Space]:
    async with own_redis() as found:
        yield Space(*found)


async def test_enough_failures_in_a_row_open_it(space):
    await space.fail(2)
    assert not await space.is_refused()

    await space.fail()

    assert await space.is_refused()
    assert space.state.status is BreakerStatus.OPEN
    assert space.state.failures == 3
    assert space.state.last_failure == "venue_unavailable"
    assert abs(space.state.last_failed_at - datetime.now(tz=UTC)) < timedelta(minutes=1)


async def test_a_success_between_starts_the_count_again(space):
    await space.fail(2)
    await space.breaker.succeed(await space.breaker.admit("venue"))

    await space.fail(2)

    assert not await space.is_refused()


async def test_failures_far_apart_are_not_in_a_row(space):
    await space.fail(2)
    seconds, _ = await space.client.time()
    long_ago = (seconds - 600) * 1_000_000
    await space.client.hset(space.breaker_key, "first_at", long_ago)

    await space.fail(2)

    assert space.state.status is BreakerStatus.CLOSED
    assert space.state.failures == 2


async def test_being_turned_away_opens_at_once_and_for_longer(space):
    await space.fail(is_blocked=True)

    assert 100 < await space.left() <= 120


async def test_being_turned_away_means_fifteen_minutes_at_least(space):
    breaker = Breaker(space.client, namespace=space.namespace)

    await breaker.fail(await breaker.admit("venue"), code="blocked", is_blocked=True)

    with pytest.raises(CircuitOpen) as refused:
        await breaker.admit("venue")
    assert refused.value.wait > timedelta(minutes=14, seconds=59)


async def test_when_the_time_is_over_exactly_one_may_try(space):
    await space.fail(3)
    await space.time_is_over()
    assert space.state.status is BreakerStatus.HALF_OPEN

    answers = await asyncio.gather(*(space.breaker.admit("venue") for _ in range(20)), return_exceptions=True)

    permits = [answer for answer in answers if isinstance(answer, Permit)]
    assert len(permits) == 1
    assert permits[0].is_probe
    await space.time_is_over("probe_until")  # it never came back: another one may try
    assert (await space.breaker.admit("venue")).is_probe


async def test_the_probes_success_closes(space):
    await space.fail(3)
    await space.time_is_over()

    status = await space.breaker.succeed(await space.breaker.admit("venue"))

    assert status is BreakerStatus.CLOSED
    assert space.state.status is BreakerStatus.CLOSED
    assert space.state.failures == 0
    assert space.state.opened_until is None


async def test_each_failed_probe_doubles_the_time_up_to_a_limit(space):
    await space.fail(3)
    times = []

    for _ in range(5):
        await space.time_is_over()
        await space.fail()
        times.append(await space.left())

    assert times == pytest.approx([120, 240, 400, 400, 400], abs=20)


async def test_opening_again_soon_after_closing_goes_on_doubling(space):
    await space.fail(3)
    await space.time_is_over()
    await space.breaker.succeed(await space.breaker.admit("venue"))

    await space.fail(3)

    assert 100 < await space.left() <= 120


async def test_opening_again_much_later_starts_afresh(space):
    await space.fail(3)
    await space.time_is_over()
    await space.breaker.succeed(await space.breaker.admit("venue"))
    seconds, _ = await space.client.time()
    long_ago = (seconds - 7200) * 1_000_000
    await space.client.hset(space.breaker_key, "closed_at", long_ago)

    await space.fail(3)

    assert await space.left() <= 60


async def test_late_results_of_calls_from_before_it_opened_change_little(space):
    early = [await space.breaker.admit("venue") for _ in range(4)]
    await space.fail(3)

    await space.breaker.succeed(early[0])
    assert await space.is_refused()
    await space.breaker.fail(early[1], code="venue_unavailable")
    assert await space.left() <= 60
    await space.breaker.fail(early[2], code="blocked", is_blocked=True)

    assert 100 < await space.left() <= 120


async def test_a_probe_that_learned_nothing_lets_another_try(space):
    await space.fail(3)
    await space.time_is_over()
    await space.breaker.release(await space.breaker.admit("venue"))

    assert (await space.breaker.admit("venue")).is_probe


async def test_a_person_can_close_it(space):
    await space.fail(3)

    assert reset_breaker("venue", namespace=space.namespace)

    assert not await space.is_refused()
    assert breaker_states(namespace=space.namespace) == []
    assert not reset_breaker("venue", namespace=space.namespace)


async def test_all_states_are_listed_by_name(space):
    for key in ("b.example", "a.example:8900/tcgcsv"):
        await space.breaker.fail(await space.breaker.admit(key), code="blocked", is_blocked=True)

    assert [state.key for state in breaker_states(namespace=space.namespace)] == [
        "a.example:8900/tcgcsv",
        "b.example",
    ]


async def test_without_redis_nothing_passes():
    breaker = Breaker(Redis.from_url("unix:///nonexistent/redis.sock"))

    with pytest.raises(StateUnavailable):
        await breaker.admit("venue")


@pytest.mark.chaos
async def test_a_killed_probe_loses_its_turn_and_nobody_waits_for_ever(space):
    await space.fail(3)
    await space.time_is_over()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.common.resilience.worker", "probe", settings.REDIS_URL, space.namespace,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"probe\n"

    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert await space.is_refused()
    seconds, micros = await space.client.time()  # the lease of three minutes ends
    now = seconds * 1_000_000 + micros
    assert 170e6 < int(await space.client.hget(space.breaker_key, "probe_until")) - now <= 180e6
    await space.time_is_over("probe_until")
    permit = await space.breaker.admit("venue")
    assert permit.is_probe
    assert await space.breaker.succeed(permit) is BreakerStatus.CLOSED
