"""The frame of a live process: health page, heartbeat, end on request, and what readers make of them."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import aiohttp
import pytest
from django.conf import settings

from common.live import PROCESSES_KEY
from common.live_process import FORGOTTEN_MS, SILENT_MS, LiveProcess, read_processes
from common.redis import shared_redis

NOW = 1_800_000_000_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def name() -> Iterator[str]:
    """A process name that nobody else uses, forgotten afterwards."""
    name = f"test-{uuid4().hex}"
    yield name
    shared_redis().hdel(PROCESSES_KEY, name)


@asynccontextmanager
async def running(name: str, **facts: Any) -> AsyncIterator[LiveProcess]:
    async with LiveProcess(name, health_port=0, facts=lambda: facts) as process:
        yield process


async def asked(process: LiveProcess, path: str = "/health") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{process.port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def heartbeat_of(name: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while not (said := kept(name)):  # noqa: ASYNC110 # what is waited for is in Redis
            await asyncio.sleep(0.02)
    return said


def kept(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cast("bytes", shared_redis().hget(PROCESSES_KEY, name)) or b"{}")
    return found


def keep(name: str, **changes: Any) -> None:
    said = {
        "name": name, "pid": 1, "port": 8080, "started_at": "2027-01-15T08:00:00+00:00", "at": NOW,
        "state": "live", "detail": "", "facts": {"ticks": 3}, **changes,
    }  # fmt: skip
    shared_redis().hset(PROCESSES_KEY, name, json.dumps(said))


def read(name: str, now_ms: int = NOW) -> Any:
    found = [one for one in read_processes(now_ms=now_ms) if one.name == name]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("state", "status", "word"), [("live", 200, "ok"), ("degraded", 200, "degraded"), ("down", 503, "down")]
)
async def test_the_health_page_says_how_the_process_is(name, state, status, word):
    async with running(name, state=state, detail="two of five", ticks=7) as process:
        code, text = await asked(process)

    body = json.loads(text)
    assert code == status
    assert (body["status"], body["name"], body["detail"]) == (word, name, "two of five")
    assert body["facts"]["ticks"] == 7
    assert body["pid"] == os.getpid()


async def test_a_process_that_stops_no_longer_takes_work(name):
    async with running(name, state="live") as process:
        process.stopping.set()
        code, text = await asked(process)

    assert code == 503
    assert json.loads(text)["status"] == "stopping"


@pytest.mark.parametrize("facts", [lambda: 1 / 0, lambda: {"state": "splendid"}])
async def test_facts_that_make_no_sense_read_as_down(name, facts):
    async with LiveProcess(name, health_port=0, facts=facts) as process:
        code, text = await asked(process)

    assert code == 503
    assert json.loads(text)["state"] == "down"
    assert json.loads(text)["detail"]


async def test_metrics_are_the_process_own_and_need_no_database(name):
    async with running(name, state="live") as process:
        code, text = await asked(process, "/metrics")

    assert code == 200
    assert "process_resident_memory_bytes" in text
    assert "arbsite_outbox_backlog_count" not in text


async def test_other_paths_and_methods_are_refused(name):
    async with running(name, state="live") as process, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{process.port}"
        async with session.get(f"{address}/facts") as unknown, session.post(f"{address}/health") as post:
            assert (unknown.status, post.status) == (404, 405)


async def test_a_taken_port_means_the_next_free_one(name):
    async with (
        running(name, state="live") as first,
        LiveProcess(f"{name}-2", health_port=first.port, facts=dict) as second,
    ):
        assert first.port < second.port <= first.port + 50
        assert (await asked(second))[0] == 200


async def test_an_address_that_is_not_ours_is_an_error(name):
    with pytest.raises(OSError, match=r"192\.0\.2\.1|assign"):
        async with LiveProcess(name, health_port=0, facts=dict, host="192.0.2.1"):
            pass


async def test_heartbeats_are_written_and_taken_along(name):
    async with running(name, state="live", ticks=7) as process:
        said = await heartbeat_of(name)

    assert said["name"] == name
    assert said["port"] == process.port
    assert said["facts"]["ticks"] == 7
    assert not kept(name)


async def test_a_process_that_fails_leaves_its_heartbeat(name):
    async def fail() -> None:
        async with running(name, state="live"):
            await heartbeat_of(name)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert kept(name)["state"] == "live"


async def test_the_heartbeat_of_a_successor_stays(name):
    async with running(name, state="live"):
        await heartbeat_of(name)
        keep(name, pid=1)

    assert kept(name)["pid"] == 1


async def test_without_redis_the_process_goes_on(name, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(settings, "REDIS_URL", "unix:///nonexistent/redis.sock")
        async with running(name, state="live") as process:
            await asyncio.sleep(0)
            code, _ = await asked(process)

    assert code == 200


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(name, loop, number):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "arbsite.settings",
        "REDIS_URL": settings.REDIS_URL,
    }
    command = [sys.executable, "-m", "tests.common.live_worker", name, loop]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True) as worker:
        assert worker.stdout is not None
        try:
            port = int(worker.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=30):
                pass
            worker.send_signal(number)
            said, _ = worker.communicate(timeout=60)
        finally:
            worker.kill()

    assert said == "stopped in good order\n"
    assert worker.returncode == 0
    assert not kept(name)


def test_a_heartbeat_is_read_back(name):
    keep(name, state="degraded", detail="one of two")

    found = read(name, NOW + SILENT_MS)

    assert (found.state, found.detail, found.age_ms) == ("degraded", "one of two", SILENT_MS)
    assert found.started_at == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert found.facts == {"ticks": 3}


def test_silence_reads_as_down(name):
    keep(name)

    found = read(name, NOW + SILENT_MS + 1)

    assert found.state == "down"
    assert found.detail == "silent for 5 s"


def test_a_clock_ahead_of_ours_is_no_negative_age(name):
    keep(name, at=NOW + 500)

    assert read(name).age_ms == 0


def test_after_a_day_a_process_is_no_longer_expected(name):
    keep(name)

    assert read(name, NOW + FORGOTTEN_MS) is not None
    assert read(name, NOW + FORGOTTEN_MS + 1) is None


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'{"at": "soon"}', b'{"at": 1}', b"\xff"])
def test_what_is_no_heartbeat_is_left_out(name, raw):
    shared_redis().hset(PROCESSES_KEY, name, raw)

    assert read(name) is None
