"""Telling processes apart for certain: a process id alone may have been given to a stranger since."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process id together with the moment it started, as the kernel names it."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """Return the identity of a live process, None when there is none (a zombie counts as gone)."""
        started = _started(pid)
        return None if started is None else cls(pid, started)

    def is_running(self) -> bool:
        """Tell whether this very process still runs."""
        return _started(self.pid) == self.started

    def wait(self, seconds: float) -> bool:
        """Wait until the process is gone; return False when it is not after `seconds`."""
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def stop(self, steps: tuple[tuple[signal.Signals, float], ...]) -> bool:
        """Send each signal in turn and wait its seconds; return whether it is gone. Never hits a stranger."""
        for number, seconds in steps:
            if not self.is_running():
                return True
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return True
            if self.wait(seconds):
                return True
        return not self.is_running()


def _started(pid: int) -> str | None:
    try:
        # "pid (name) state ppid …": the name may hold spaces and brackets, so count from the last bracket.
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _started_by_ps(pid)
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _started_by_ps(pid: int) -> str | None:
    """Ask `ps` where there is no /proc (macOS)."""
    found = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


def works_in(pid: int, folder: Path) -> bool:
    """Tell whether a process' working directory is `folder`, whatever path either knows it by (Linux)."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False
