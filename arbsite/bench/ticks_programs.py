"""Programs of a measurement: a Redis of its own, children pinned to a core, and a listener of signals."""

import contextlib
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final, Self

import hiredis
from django.conf import settings

from arbsite.embedded.errors import ServicesError
from arbsite.embedded.redis import install_dir
from arbsite.up.programs import free_port

HOST: Final = "127.0.0.1"
ANSWER_SECONDS: Final = 120.0
CHANNEL: Final = "arbitrage:signals"


def own_port(first: int) -> int:
    """Return a free port at or after `first`; two measurements at a time begin at different ones.

    Raises:
        OSError: if none is free nearby.
    """
    return free_port(first + os.getpid() % 1_000)


def cores() -> tuple[int, int]:
    """Return the core of everything else and the core of what is measured; the same if there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def scratch_redis(core: int) -> Iterator[str]:
    """Run an empty Redis for the measurement, so that nobody else sees its signals; yield its URL.

    Raises:
        ServicesError: if there is no Redis program on this machine.
    """
    port = own_port(16_390)
    with tempfile.TemporaryDirectory(prefix="arbsite-bench-") as folder:
        argv = [_redis_program(), "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"]
        argv += ["--dir", folder]
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                os.sched_setaffinity(server.pid, {core})
                _wait_for_port(port)
                yield f"redis://{HOST}:{port}/0"
            finally:
                server.terminate()


def _redis_program() -> str:
    with contextlib.suppress(ServicesError):
        return str(install_dir() / "redis-server")
    found = shutil.which("redis-server")
    if found is None:
        msg = "The measurement needs a Redis of its own, and there is no redis-server here. Run `make setup`."
        raise ServicesError(msg)
    return found


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.02)
    msg = f"nothing answers at port {port}"
    raise RuntimeError(msg)


class Child:
    """A Python program of ours that answers in JSON lines, pinned to one core.

    Args:
        module: what to run.
        arguments: of its command line.
        core: the one it may use.
        environment: variables on top of ours.
        is_server: it ends by a signal, not with its standard input.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        core: int,
        environment: Mapping[str, str] | None = None,
        is_server: bool = False,
    ) -> None:
        quiet = {"DJANGO_SETTINGS_MODULE": "arbsite.settings", "LOG_LEVEL": "ERROR"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | quiet | dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._module = module
        self._is_server = is_server
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.pid = self._process.pid
        os.sched_setaffinity(self.pid, {core})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        with contextlib.suppress(OSError):
            _opened(process.stdin).close()
        if self._is_server:
            process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join()
        _opened(process.stdout).close()
        _opened(process.stderr).close()

    def _read(self) -> None:
        """Queue its lines; an empty one means that it has ended."""
        lines = _opened(self._process.stdout)
        while line := lines.readline():
            self._lines.put(line)
        self._lines.put(b"")

    def tell(self, line: str) -> None:
        """Write one line to its standard input."""
        pipe = _opened(self._process.stdin)
        pipe.write(line.encode() + b"\n")
        pipe.flush()

    def answer(self) -> dict[str, Any]:
        """Return its next line.

        Raises:
            RuntimeError: if it ends or says nothing for two minutes.
        """
        try:
            line = self._lines.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            line = b""
        if not line:
            self._process.kill()
            trouble = _opened(self._process.stderr).read().decode(errors="replace").strip().splitlines()
            msg = f"{self._module} said nothing: {trouble[-1] if trouble else 'no error'}"
            raise RuntimeError(msg)
        answer: dict[str, Any] = json.loads(line)
        return answer


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe that was asked for and so is there."""
    if pipe is None:
        msg = "the program has no such pipe"
        raise RuntimeError(msg)
    return pipe


class Listener:
    """Subscribes to signals and notes when each arrives, by the monotonic clock.

    Args:
        redis_url: of a scratch server.
    """

    def __init__(self, redis_url: str) -> None:
        self.heard: list[tuple[int, bytes]] = []
        host, _, port = redis_url.removeprefix("redis://").removesuffix("/0").partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=5)
        self._socket.sendall(f"SUBSCRIBE {CHANNEL}\r\n".encode())
        self._socket.recv(200)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def wait_for(self, count: int, *, seconds: float = 10.0) -> None:
        """Wait until so many signals were heard, or that long."""
        until = time.monotonic() + seconds
        while len(self.heard) < count and time.monotonic() < until:
            time.sleep(0.02)

    def _listen(self) -> None:
        reader = hiredis.Reader()
        while data := self._socket.recv(65_536):
            at = time.perf_counter_ns()
            reader.feed(data)
            while (message := reader.gets()) is not False:
                self.heard.append((at, message[2]))
