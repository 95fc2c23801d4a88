"""Two hundred jobs while worker children, workers, Redis and PostgreSQL are killed: none lost, none doubled.

The servers are this test's own, durable as in production, and their supervisor starts them again. What was
acknowledged is remembered outside the database under test.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
import redis

from arbsite.embedded import acquire
from arbsite.embedded.layout import Layout

pytestmark = pytest.mark.chaos

JOBS = 200
SECONDS = 400
PROJECT = Path(__file__).resolve().parents[2]
KILLS = ("child", "postgres", "child", "worker", "redis", "child", "postgres", "worker", "child", "redis")


class Desk:
    """The processes of one run, and how to kill each kind of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        where = f"postgres://arbsite@/arbsite?host={quote(str(layout.postgres_socket_dir))}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": where,
            "REDIS_URL": f"unix://{layout.redis_socket}?db=1",
            "CHAOS_PREFIX": "chaos-",
        }
        self.worker: subprocess.Popen[bytes] | None = None
        self.state: dict[str, int] = {}
        self.outages = 0

    def drive(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.driver", *arguments], cwd=PROJECT,
            env=self.environment, check=True, capture_output=True, text=True, timeout=120,
        ).stdout  # fmt: skip

    def start_worker(self) -> None:
        argv = [
            sys.executable, "-W", "ignore", "-m", "celery", "-A", "tests.common.chaos_worker:app", "worker",
            "-Q", "default", "-c", "3", "-l", "CRITICAL", "--without-gossip", "--without-mingle",
            "--without-heartbeat",
        ]  # fmt: skip
        self.worker = subprocess.Popen(
            argv, cwd=PROJECT, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def stop_worker(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait(10)

    def kill(self, what: str, rng: random.Random) -> None:
        if what == "worker":
            self.stop_worker()
            self.start_worker()
        elif what == "child":
            assert self.worker is not None
            children = _children(self.worker.pid)
            if children:
                os.kill(rng.choice(children), signal.SIGKILL)
        elif what == "postgres":
            lines = (self.layout.postgres_home / "data" / "postmaster.pid").read_text().splitlines()
            os.kill(int(lines[0]), signal.SIGKILL)
        else:
            with redis.Redis(unix_socket_path=str(self.layout.redis_socket)) as client:
                pid = client.info("server")["process_id"]
            os.kill(pid, signal.SIGKILL)

    def follow(self, pump: "subprocess.Popen[str]") -> None:
        """Keep what the pump says; ends with it."""
        assert pump.stdout is not None
        for line in pump.stdout:
            said = json.loads(line)
            self.outages += "outage" in said
            if "done" in said:
                self.state = said

    def wait_for(self, holds: Callable[[dict[str, int]], bool], pump: "subprocess.Popen[str]") -> None:
        until = time.monotonic() + SECONDS
        while not (self.state and holds(self.state)):
            assert time.monotonic() < until, f"stuck at {self.state}"
            assert pump.poll() is None or holds(self.state), "the pump ended early"
            if self.worker is not None and self.worker.poll() is not None:
                self.start_worker()  # its supervisor would: it gives up when the broker is away for long
            time.sleep(0.02)


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def _is_busy_at(goal: int, state: dict[str, int]) -> bool:
    return state["done"] >= goal and state["running"] > 0


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    lease = acquire(folder, linger=1.0)
    desk = Desk(Layout(folder))
    try:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "-v0"], cwd=PROJECT, check=True,
            env=desk.environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"}, timeout=120,
        )  # fmt: skip
        yield desk
    finally:
        desk.stop_worker()
        lease.stop()


@pytest.mark.timeout(700)
def test_jobs_survive_kills_of_everything(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    with _desk(tmp_path / "var") as desk:
        acknowledged = {f"effect:{line}" for line in desk.drive("enqueue", str(JOBS)).split()}
        desk.start_worker()
        pump = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.driver", "pump", str(JOBS), str(SECONDS)],
            cwd=PROJECT, env=desk.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        follower = threading.Thread(target=desk.follow, args=(pump,))
        follower.start()
        try:
            for number, what in enumerate(KILLS):
                goal = JOBS * (number + 1) // (len(KILLS) + 2)
                desk.wait_for(partial(_is_busy_at, goal), pump)
                desk.kill(what, rng)
            desk.wait_for(lambda state: state["done"] == JOBS, pump)
        finally:
            pump.kill()
            pump.wait(10)
            follower.join(10)
            assert pump.stdout is not None
            pump.stdout.close()
        found = json.loads(desk.drive("report"))

    assert set(found["effects"]) == acknowledged, f"lost (seed {seed})"
    assert set(found["effects"].values()) == {1}, f"doubled (seed {seed})"
    assert found["runs"] > JOBS, "no kill hit a running job: this proved nothing"
    assert desk.outages > 0, "nobody noticed that a server was away: this proved nothing"
