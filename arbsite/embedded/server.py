"""What the supervisor needs to know about a server, whichever it is."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from .errors import ServicesError
from .processes import Process

LOG_LIMIT = 10 * 2**20
Steps = tuple[tuple[signal.Signals, float], ...]


class Server(Protocol):
    """One server process under supervision."""

    name: str
    stop_steps: Steps
    """Signals in order, each with the seconds it is given; the last is SIGKILL."""

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make what the server needs before its first start; do nothing when it is there."""

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server process."""

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Tell whether the server answers."""

    def clear(self, is_running: Callable[[Process], bool]) -> list[Process]:
        """Return processes of a lost supervisor that still work on this data, and drop stale lock files."""


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; a large one is kept once as `.1`."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(path.suffix + ".1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "ab")


def last_words(path: Path, *, since: int) -> str:
    """Return the end of what a log received after byte `since`."""
    with path.open("rb") as log:
        log.seek(min(since, path.stat().st_size))
        return log.read()[-1500:].decode(errors="replace").strip()


def wait_until_ready(
    server: Server, process: subprocess.Popen[bytes], *, log: Path, since: int, seconds: float
) -> None:
    """Wait for a started server to answer; raise ServicesError with its last words when it does not."""
    deadline = time.monotonic() + seconds
    while not server.is_ready(process):
        if process.poll() is not None:
            words = last_words(log, since=since)
            raise ServicesError(
                f"{server.name} did not start (exit code {process.returncode}; log: {log}):\n{words}"
            )
        if time.monotonic() > deadline:
            raise ServicesError(f"{server.name} did not answer within {seconds:.0f} s (log: {log})")
        time.sleep(0.01)
