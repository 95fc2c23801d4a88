"""REST snapshots are asked for politely, however long the venue makes us wait."""

from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web

from scrapers.streams.snapshots import SnapshotGate

from .venue import exchange


class Time:
    """A clock that moves by what is slept."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


async def fetched(
    *answers: web.Response | Callable[[], web.Response], times: int = 1
) -> tuple[list[bytes], Time]:
    """Return the bodies and the pauses of fetches against these answers."""
    clock = Time()
    async with exchange(lambda visit: visit.stay()) as venue, aiohttp.ClientSession() as http:
        venue.rest = list(answers)
        gate = SnapshotGate(http, monotonic=clock, sleep=clock.sleep)
        bodies = [await gate.fetch(f"{venue.url}/api/v3/depth") for _ in range(times)]
        assert gate.last_error == ""
    return bodies, clock


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (418, {"Retry-After": "120"}, 120.0),
        (429, {}, 10.0),
        (418, {}, 120.0),
        (403, {}, 900.0),
        (503, {}, 1.0),
        (302, {"Location": "http://127.0.0.1/elsewhere"}, 1.0),
    ],
)
async def test_venue_that_wants_quiet_gets_it(status: int, headers: dict[str, str], pause: float):
    bodies, clock = await fetched(web.Response(status=status, headers=headers), web.Response(body=b"{}"))

    assert bodies == [b"{}"]
    assert clock.slept == [pause]


async def test_two_snapshots_are_a_second_apart():
    _, clock = await fetched(lambda: web.Response(body=b"{}"), times=3)

    assert clock.slept == [1.0, 1.0]


async def test_body_that_is_far_too_large_is_no_snapshot():
    bodies, _ = await fetched(web.Response(body=b"x" * 5_000_000), web.Response(body=b"{}"))

    assert bodies == [b"{}"]


@pytest.mark.parametrize("status", [400, 404])
async def test_refusal_for_good_is_the_answer(status: int):
    bodies, _ = await fetched(
        web.Response(status=status, body=b'{"code":-1121}'), web.Response(body=b"{}"), times=2
    )

    assert bodies == [b'{"code":-1121}', b"{}"]
