"""One supervised child process: started, logged line by line, started again when it ends, stopped."""

import asyncio
import ctypes
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from .console import Console
from .programs import Program

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STABLE_SECONDS = 60.0
EXIT_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1
_ROUTINE = re.compile(r"^\S+ \[(info|debug) *\]|^worker: ")
"""A line that belongs into the log file, not before a person's eyes."""


class Child:
    """Keeps one program running until told to stop."""

    def __init__(
        self,
        program: Program,
        *,
        console: Console,
        environment: Mapping[str, str],
        cwd: Path,
        log: IO[bytes],
        is_verbose: bool = False,
    ) -> None:
        self.program = program
        self.console = console
        self.environment = {**environment, **program.environment}
        self.cwd = program.cwd or cwd
        self.log = log
        self.is_verbose = is_verbose
        self.failures = 0
        self.process: asyncio.subprocess.Process | None = None
        self._stop_asked = asyncio.Event()
        self._was_asked_to_end = False

    async def keep_running(self) -> None:
        """Start the program, and start it again with growing pauses whenever it ends."""
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE_SECONDS
        while not self._stop_asked.is_set():
            started = clock()
            code = await self._run_once()
            if self._stop_asked.is_set():
                return
            self.failures += 1
            if clock() - started > STABLE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self.console.log(self.program.name, f"ended with code {code}; starting again in {pause:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _run_once(self) -> int:
        self.process = await asyncio.create_subprocess_exec(
            *self.program.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self.environment,
            cwd=self.cwd,
            start_new_session=True,  # Ctrl+C reaches us alone, and we stop the others in order
            preexec_fn=_end_with(os.getpid()),
            limit=2**20,
        )
        pump = asyncio.create_task(self._pump(self.process))
        # Not until the end of its output: a process that it started may hold that open for ever.
        while not _has_ended(self.process):
            if self._stop_asked.is_set() and not self._was_asked_to_end:
                self._signal_group(signal.SIGKILL)  # it started while everything else was being stopped
            await asyncio.sleep(EXIT_POLL_SECONDS)
        self._signal_group(signal.SIGKILL)  # nothing of it may outlive it
        await pump
        return self.process.returncode or 0

    async def _pump(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line beyond the limit: its parts are dropped
                continue
            if not line:
                return
            self.log.write(line)
            self.log.flush()
            text = line.decode(errors="replace").rstrip()
            if text and (self.is_verbose or not _ROUTINE.match(text)):
                self.console.log(self.program.name, text)

    async def stop(self, seconds: float) -> None:
        """Ask the program to end, and make it after `seconds`."""
        self._stop_asked.set()
        process = self.process
        if process is None or _has_ended(process):
            return
        self._was_asked_to_end = True
        with suppress(ProcessLookupError):
            process.terminate()
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while not _has_ended(process) and clock() < deadline:  # noqa: ASYNC110 - see `_run_once`
            await asyncio.sleep(EXIT_POLL_SECONDS / 2)
        if not _has_ended(process):
            self.console.log(self.program.name, f"did not stop within {seconds:.0f} s; killing it")
        self._signal_group(signal.SIGKILL)

    def kill(self) -> None:
        """End the program and all it started, now."""
        self._stop_asked.set()
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def _has_ended(process: asyncio.subprocess.Process) -> bool:
    return process.returncode is not None


def _end_with(parent: int) -> Callable[[], None]:
    """Return what a child does first: ask the kernel for SIGTERM when we die (Linux)."""
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
