"""The real web server in a process of its own, and connections to its event stream, for measurements."""

import asyncio
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from arbsite.up.programs import free_port

HOST = "127.0.0.1"
SETTLE_SECONDS = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Run the web server; yield the pid of the process that serves and the port."""
    port = free_port(8_950)
    environment = os.environ | {
        "API_PUBLIC_READ": "true", "API_RATE_ANONYMOUS": "1000000/min", "STREAMS_PER_ADDRESS": "100000",
        "REDIS_URL": settings.REDIS_URL, "DJANGO_SETTINGS_MODULE": "arbsite.settings", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    argv = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--host", HOST, "--port", str(port),
        "--no-ws", "--workers", "1", "--workers-kill-timeout", "2", "--log-level", "error",
        "arbsite.asgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(
        argv, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_up(server, port)
        yield _children(server.pid)[0], port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_up(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    msg = "the web server did not come up"
    raise RuntimeError(msg)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def processor_seconds(pid: int) -> float:
    """Return the processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(pid: int) -> int:
    """Return the memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def evictions(port: int) -> int:
    """Return how many listeners the server has cut off."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    found = [line for line in lines if line.startswith("arbsite_stream_evictions_total ")]
    return int(float(found[0].split()[1])) if found else 0


async def settled(has_arrived: Callable[[], bool]) -> None:
    """Wait until everything has arrived that is still under way; what takes half a minute is lost."""
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while not has_arrived() and loop.time() < until:  # noqa: ASYNC110 # the readers' doing, a figure of theirs
        await asyncio.sleep(0.05)


async def connect(port: int, topic: str, *, buffer: int | None = None) -> socket.socket:
    """Ask for the stream.

    Args:
        port: of the server.
        topic: names of topics, by comma.
        buffer: bytes of the receive buffer, the system's choice when None.
    """
    loop = asyncio.get_running_loop()
    connection = socket.socket()
    connection.setblocking(False)
    if buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    await loop.sock_connect(connection, (HOST, port))
    request = f"GET /api/v1/stream?topics={topic} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
    await loop.sock_sendall(connection, request.encode())
    return connection
