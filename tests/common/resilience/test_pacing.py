"""Turns are given by one clock to all who share a Redis, in this process and in others."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from redis.asyncio import Redis

from common.resilience import Pacer, QueueTooLong, StateUnavailable, pace_states

from .namespaces import own_redis


@pytest.fixture
async def space() -> AsyncIterator[tuple[Redis, str]]:
    async with own_redis() as found:
        yield found


async def test_callers_get_turns_one_delay_apart_in_the_order_of_asking(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.08, namespace=namespace)
    turns: list[tuple[int, float]] = []

    async def call(number: int) -> None:
        await pacer.wait("venue")
        turns.append((number, time.monotonic()))
        await pacer.sent("venue")

    await call(0)
    calls = []
    for number in range(1, 5):
        before = await client.hget(f"{namespace}:pace:venue", "next")
        calls.append(asyncio.create_task(call(number)))
        async with asyncio.timeout(30):
            while await client.hget(f"{namespace}:pace:venue", "next") == before:  # noqa: ASYNC110 # in Redis
                await asyncio.sleep(0.001)
    await asyncio.gather(*calls)

    assert [number for number, _ in turns] == [0, 1, 2, 3, 4]
    assert min(later - earlier for (_, earlier), (_, later) in pairwise(turns)) >= 0.08


async def test_keys_do_not_wait_for_each_other(space):
    client, namespace = space
    pacer = Pacer(client, delay=60, namespace=namespace)

    waits = [await pacer.wait(key, patience=10) for key in ("a", "b", "c")]

    assert max(waits) < 30


async def test_pause_counts_from_when_the_request_left(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.1, namespace=namespace)
    await pacer.wait("venue")
    await asyncio.sleep(0.06)  # connecting
    left = time.monotonic()
    await pacer.sent("venue")

    await pacer.wait("venue")

    assert time.monotonic() - left >= 0.1


async def test_a_wait_beyond_the_patience_is_refused_and_takes_no_slot(space):
    client, namespace = space
    pacer = Pacer(client, delay=60, namespace=namespace)
    await pacer.wait("venue")

    for _ in range(20):
        with pytest.raises(QueueTooLong) as refused:
            await pacer.wait("venue", patience=0.02)

    assert 0 < refused.value.wait.total_seconds() <= 60
    assert pace_states(namespace=namespace)[0].next_slot_seconds <= 60


async def test_a_cancelled_caller_gives_its_slot_back(space):
    client, namespace = space
    pacer = Pacer(client, delay=1.0, namespace=namespace)
    await pacer.wait("venue")
    waiting = asyncio.create_task(pacer.wait("venue"))
    await asyncio.sleep(0.02)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    await pacer.wait("venue", patience=1.5)  # the slot of the other one, not the one behind it


async def test_a_cancelled_caller_in_the_middle_costs_a_slot_but_never_the_distance(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.08, namespace=namespace)
    turns: list[float] = []

    async def call() -> None:
        await pacer.wait("venue")
        turns.append(time.monotonic())
        await pacer.sent("venue")

    await call()
    calls = [asyncio.create_task(call()) for _ in range(4)]
    await asyncio.sleep(0.02)
    calls[1].cancel()
    await asyncio.gather(*calls, return_exceptions=True)

    assert len(turns) == 4
    assert min(later - earlier for earlier, later in pairwise(turns)) >= 0.08


async def test_no_cancellation_is_lost_whenever_it_comes(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.0, namespace=namespace)
    lost = 0

    for number in range(120):
        task = asyncio.create_task(pacer.wait("venue"))
        for _ in range(number % 12):
            await asyncio.sleep(0)
        if task.cancel():
            done, _ = await asyncio.wait([task])
            lost += not done.pop().cancelled()

    assert lost == 0


async def test_being_told_to_slow_down_doubles_the_pause_up_to_a_limit(space):
    client, namespace = space
    pacer = Pacer(client, delay=2.0, namespace=namespace)
    stretches = []

    for _ in range(7):
        await pacer.slow_down("venue")
        stretches.append(pace_states(namespace=namespace)[0].stretch)

    assert stretches == pytest.approx([2, 4, 8, 16, 32, 32, 32], rel=0.01)


async def test_the_stretched_pause_is_waited_and_fades(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.05, namespace=namespace)
    started = time.monotonic()
    await pacer.wait("venue")
    await pacer.slow_down("venue")
    await pacer.wait("venue")
    # From turn to turn: what a busy machine takes in between is not waited again.
    assert time.monotonic() - started >= 0.1

    # Ten minutes are two half-lives: of the extra factor of 1 a quarter is left.
    seconds, micros = await client.time()
    await client.hset(f"{namespace}:pace:venue", "factor_at", seconds * 1_000_000 + micros - 600_000_000)

    assert pace_states(namespace=namespace)[0].stretch == pytest.approx(1.25, abs=0.01)


async def test_holding_stops_also_those_who_wait_already(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.6, namespace=namespace)
    await pacer.wait("venue")
    started = time.monotonic()
    waiting = asyncio.create_task(pacer.wait("venue"))
    await asyncio.sleep(0.01)

    await pacer.slow_down("venue", hold=timedelta(seconds=0.9))
    await waiting

    assert time.monotonic() - started >= 0.9


async def test_holding_beyond_the_patience_refuses_those_who_wait_already(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.6, namespace=namespace)
    await pacer.wait("venue")
    waiting = asyncio.create_task(pacer.wait("venue", patience=1.0))
    await asyncio.sleep(0.01)

    await pacer.slow_down("venue", hold=timedelta(minutes=5))

    with pytest.raises(QueueTooLong):
        await waiting


async def test_a_hold_is_at_most_an_hour(space):
    client, namespace = space

    await Pacer(client, delay=1, namespace=namespace).slow_down("venue", hold=timedelta(days=30))

    assert pace_states(namespace=namespace)[0].next_slot_seconds == pytest.approx(3600, abs=30)


async def test_a_longer_pause_of_one_call_is_kept(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.01, namespace=namespace)
    started = time.monotonic()
    await pacer.wait("venue", delay=0.1)
    await pacer.wait("venue", delay=0.1)

    assert time.monotonic() - started >= 0.1
    assert pace_states(namespace=namespace)[0].delay_seconds == pytest.approx(0.1)


async def test_without_redis_nobody_gets_a_turn():
    client = Redis.from_url("unix:///nonexistent/redis.sock")
    pacer = Pacer(client, delay=0.01)

    with pytest.raises(StateUnavailable):
        await pacer.wait("venue")
    with pytest.raises(StateUnavailable):
        await pacer.slow_down("venue")


async def test_a_redis_that_forgot_the_programs_learns_them_again(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.01, namespace=namespace)
    await pacer.wait("venue")
    await client.script_flush()

    await pacer.wait("venue")


async def test_a_redis_that_lost_its_data_starts_again(space):
    client, namespace = space
    pacer = Pacer(client, delay=0.01, namespace=namespace)
    await pacer.wait("venue")
    await client.delete(f"{namespace}:pace:venue", f"{namespace}:pace")

    await pacer.wait("venue")

    assert [state.key for state in pace_states(namespace=namespace)] == ["venue"]


async def test_keys_that_expired_are_not_listed(space):
    client, namespace = space
    await Pacer(client, delay=0.01, namespace=namespace).wait("venue")
    assert 0 < await client.ttl(f"{namespace}:pace:venue") <= 86_400

    await client.delete(f"{namespace}:pace:venue")

    assert pace_states(namespace=namespace) == []
    assert not await client.sismember(f"{namespace}:pace", "venue")


async def _turns_of_two_processes(client: Redis, namespace: str, task: str, delay: float) -> list[float]:
    arguments = [task, settings.REDIS_URL, namespace, str(delay), "4"]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.common.resilience.worker", *arguments, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    started = time.monotonic()  # one clock for all processes of the machine
    for _ in processes:
        await client.rpush(f"{namespace}:go", "1")
        await asyncio.sleep(delay / 3)
    outputs = await asyncio.gather(*(process.communicate() for process in processes))
    return sorted(float(line) - started for output, _ in outputs for line in output.split())


async def test_two_processes_together_keep_the_distance(space):
    client, namespace = space

    turns = await _turns_of_two_processes(client, namespace, "pace", delay=0.15)

    assert len(turns) == 8
    # From the start: a process that the machine stops between its turn and its note of it notes it late.
    assert all(turn >= number * 0.15 for number, turn in enumerate(turns))


async def test_two_processes_that_sleep_for_themselves_do_not(space):
    client, namespace = space

    turns = await _turns_of_two_processes(client, namespace, "sleep", delay=0.15)

    assert len(turns) == 8
    assert min(later - earlier for earlier, later in pairwise(turns)) < 0.15 * 0.6
