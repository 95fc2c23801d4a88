"""Running the programs: the page first, the rest when it answers, everything down again in order."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from arbsite.embedded import Lease, ServicesError
from arbsite.embedded.server import open_log

from .child import Child
from .console import Console
from .programs import HOST, Program

READY_SECONDS = 120.0
PROBE_SECONDS = 0.1
FAILURES_BEFORE_READY = 3
FRONT_STOP_SECONDS = 8.0
BACK_STOP_SECONDS = 12.0


class ServicesKeeper:
    """Holds the lease on the embedded servers, and gets another one when their supervisor is killed."""

    def __init__(self, acquire: Callable[[], Lease]) -> None:
        self._acquire = acquire
        self.lease = acquire()

    async def watch(self) -> None:
        """Return, with ServicesError, only when the servers cannot be had again."""
        while True:
            await _until_readable(self.lease)
            if self.lease.is_lost():
                self.lease.close()
                self.lease = await asyncio.to_thread(self._acquire)


async def _until_readable(lease: Lease) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    descriptor = lease.fileno()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)


class Runner:
    """All children of one `up`."""

    def __init__(
        self,
        *,
        console: Console,
        base: Path,
        logs: Path,
        environment: Mapping[str, str],
        is_verbose: bool = False,
    ) -> None:
        self.console = console
        self.base = base
        self.logs = logs
        self.environment = environment
        self.is_verbose = is_verbose
        self.children: list[Child] = []
        self.status = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._stop_asked = asyncio.Event()

    async def run(
        self,
        *,
        front: Sequence[Program],
        back: Sequence[Program],
        port: int,
        on_ready: Callable[[], None],
        services: ServicesKeeper | None,
    ) -> int:
        """Run until asked to stop; return the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        guard = asyncio.create_task(self._guard(services))
        try:
            self._start(front)
            if front:
                await self._unless_stopped(self._until_ready(port))
            if not self._stop_asked.is_set():
                self._start(back)
                on_ready()
                await self._stop_asked.wait()
        finally:
            guard.cancel()
            await self._stop()
        return self.status

    def _start(self, programs: Sequence[Program]) -> None:
        for program in programs:
            log = open_log(self.logs / f"{program.name}.log")
            child = Child(
                program,
                console=self.console,
                environment=self.environment,
                cwd=self.base,
                log=log,
                is_verbose=self.is_verbose,
            )
            self.children.append(child)
            self._tasks.append(asyncio.create_task(child.keep_running()))

    def _on_signal(self) -> None:
        if self._stop_asked.is_set():
            self.console.say("  stopping at once")
            for child in self.children:
                child.kill()
            return
        self.console.say("\n  stopping ... (Ctrl+C again: at once)")
        self._stop_asked.set()

    async def _guard(self, services: ServicesKeeper | None) -> None:
        try:
            if services is not None:
                await services.watch()
        except (ServicesError, OSError) as error:
            self._give_up(f"the servers are gone and do not come back: {error}")

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        tasks = [asyncio.create_task(work), asyncio.create_task(self._wait_for_stop())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait_for_stop(self) -> None:
        await self._stop_asked.wait()

    async def _until_ready(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + READY_SECONDS
        while not await answers(port, "/readyz"):
            if self.children[0].failures >= FAILURES_BEFORE_READY:
                self._give_up("the page does not start; its last words are above")
                return
            if loop.time() > deadline:
                self._give_up(
                    f"the page is not ready after {READY_SECONDS:.0f} s; see {self.logs / 'web.log'}"
                )
                return
            await asyncio.sleep(PROBE_SECONDS)

    def _give_up(self, why: str) -> None:
        self.console.say(f"error: {why}")
        self.status = 1
        self._stop_asked.set()

    async def _stop(self) -> None:
        """Stop what takes work in (the scheduler, the page, the sources), then what does it."""
        for turn in sorted({child.program.stop_turn for child in self.children}):
            ending = [child for child in self.children if child.program.stop_turn == turn]
            seconds = FRONT_STOP_SECONDS if turn == 0 else BACK_STOP_SECONDS
            await asyncio.gather(*(child.stop(seconds) for child in ending))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)  # each child reads its last words
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for child in self.children:
            child.log.close()


async def answers(port: int, path: str) -> bool:
    """Tell whether the page answers 200 at `path`."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        async with asyncio.timeout(10.0):
            await writer.drain()
            line = await reader.readline()
        return line.split()[1:2] == [b"200"]
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
