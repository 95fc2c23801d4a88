"""Servers of their own for tests that start, kill and race them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from arbsite.embedded import Layout, Lease, acquire
from arbsite.embedded.processes import Process

PROJECT = Path(__file__).resolve().parents[3]


class Site:
    """One data folder with its servers, as processes of this machine see it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.layout = Layout(var)
        self.leases: list[Lease] = []

    def acquire(self, **options: object) -> Lease:
        lease = acquire(self.var, **{"linger": 0.3, "durable": False, **options})  # type: ignore[arg-type]
        self.leases.append(lease)
        return lease

    def holder(self) -> subprocess.Popen[str]:
        """Start another process that holds a lease until it is killed."""
        code = (
            "import sys; from pathlib import Path; from arbsite.embedded import acquire\n"
            "lease = acquire(Path(sys.argv[1]), linger=0.3, durable=False)\n"
            "print('held', flush=True); sys.stdin.read()"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, str(self.var)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT,
        )  # fmt: skip

    def supervisors(self) -> list[int]:
        return _pids_with("arbsite.embedded", str(self.var))

    def server(self, name: str) -> Process:
        """Return the running server of that name."""
        (pid,) = (pid for pid in _children(self.supervisors()[0]) if name in _command(pid)[0])
        found = Process.of(pid)
        assert found is not None
        return found

    def sql(self, statement: str) -> str:
        host = str(self.layout.postgres_socket_dir)
        with psycopg.connect(host=host, user="arbsite", dbname="arbsite", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""  # type: ignore[index]


def until(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait for something that another process does; fail when it does not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return [""]


def _pids_with(*parts: str) -> list[int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [pid for pid in pids if all(part in _command(pid) for part in parts)]


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in tasks.read_text().split()]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A data folder whose database exists already, shared by a module because making one takes a second."""
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at processes through /proc")
    folder = Path(tempfile.mkdtemp(prefix="arbsite-embedded-"))
    acquire(folder / "var", linger=0.3, durable=False).stop()
    yield folder / "var"
    for pid in _pids_with("arbsite.embedded", str(folder / "var")):
        os.kill(pid, signal.SIGTERM)
        until(lambda pid=pid: Process.of(pid) is None)  # type: ignore[misc]
    shutil.rmtree(folder)


@pytest.fixture
def site(cluster: Path) -> Iterator[Site]:
    """The module's servers, all stopped before and after."""
    found = Site(cluster)
    until(lambda: not found.supervisors())
    yield found
    for lease in found.leases:
        lease.close()
    for pid in found.supervisors():
        os.kill(pid, signal.SIGTERM)
    until(lambda: not found.supervisors())
