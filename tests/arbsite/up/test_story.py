"""The product brought up for real, hurt, and taken down: the page comes back, nothing stays behind."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from arbsite.embedded.processes import Process
from arbsite.up.programs import HOST

PROJECT = Path(__file__).resolve().parents[3]

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(1_200),  # it starts the product four times, beside other tests
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


class Installation:
    """A data folder of its own, and `manage.py up` on it."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.log = folder / "log"
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *flags: str) -> None:
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "arbsite.settings", "ARBSITE_VAR": str(self.var),
            "ARBSITE_PORT": str(self.port), "DATABASE_URL": "", "REDIS_URL": "",
        }  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", *flags],
                cwd=PROJECT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip

    def answers(self, path: str = "/readyz") -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def processes(self) -> dict[str, Process]:
        """Return every process that belongs to this installation, by its command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                mine = f"ARBSITE_VAR={self.var}\0".encode() in (entry / "environ").read_bytes() + b"\0"
                command = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
            except OSError:
                continue
            process = Process.of(int(entry.name))
            if process is not None and (mine or str(self.var) in command):
                found[f"{command} {entry.name}"] = process
        return found

    def one(self, *words: str) -> Process:
        """Return the oldest process whose command line holds the words."""
        found = [it for command, it in self.processes().items() if all(word in command for word in words)]
        return min(found, key=lambda it: int(it.started))


def until(condition: Callable[[], bool], *, seconds: float = 240.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="arbsite-up-", ignore_cleanup_errors=True) as folder:
        it = Installation(Path(folder))
        yield it
        for process in it.processes().values():
            os.kill(process.pid, signal.SIGKILL)
        if it.process is not None:
            it.process.wait()


def test_everything_comes_up_survives_kills_and_goes_down(installation: Installation) -> None:
    installation.start()
    until(installation.answers)
    until(lambda: len([name for name in installation.processes() if "celery" in name]) >= 7)

    # The box, the logins.
    until(lambda: "Arbsite is ready" in installation.log.read_text())
    text = installation.log.read_text()
    credentials = installation.var / "credentials.txt"
    assert "Mode PAPER" in text
    assert "Traceback" not in text
    assert "Warning" not in text
    assert re.search(r"admin / \S{12,}", text)
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600

    # A killed server comes back.
    killed = installation.one("granian")
    os.kill(killed.pid, signal.SIGKILL)
    until(lambda: not killed.is_running())
    until(installation.answers)

    # So do the servers under it, with a new supervisor.
    supervisor = installation.one("arbsite.embedded")
    os.kill(supervisor.pid, signal.SIGKILL)
    until(lambda: not supervisor.is_running())
    until(installation.answers)

    # Ctrl+C takes all of it down.
    assert installation.process is not None
    os.killpg(installation.process.pid, signal.SIGINT)
    assert installation.process.wait(240) == 0
    assert installation.processes() == {}

    # A killed leader leaves nothing behind either, and the next start is as good as any.
    installation.start("--only", "web,beat")
    until(installation.answers)
    leader = installation.process
    leader.kill()
    leader.wait()
    until(lambda: installation.processes() == {})

    # A second one on the same data is refused; SIGTERM works like Ctrl+C.
    installation.start("--only", "web,beat")
    until(installation.answers)
    second = Installation(installation.var.parent)
    second.start()
    assert second.process is not None
    assert second.process.wait(240) == 1
    assert "Arbsite is already up" in installation.log.read_text()
    installation.process.terminate()
    assert installation.process.wait(240) == 0
    assert installation.processes() == {}
