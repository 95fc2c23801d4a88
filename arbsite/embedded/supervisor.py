"""The process that owns the embedded servers: starts, restarts and stops them, and hands out leases.

Protocol (one JSON object a line over `supervisor.sock`): a client says `{"want": [...]}` and reads
`{"notice": text}` lines until `{"ready": true}` or `{"error": text}`. Its open connection is its lease.
`{"stop": true}` gives the lease back at once: when it was the last, the servers are stopped without
lingering, and the connection closes when that is done.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from .errors import ServicesError
from .launch import launcher_for
from .layout import Layout
from .postgres import PostgresServer
from .postgres import install_dir as postgres_install
from .processes import Process
from .redis import RedisServer
from .redis import install_dir as redis_install
from .server import Server, wait_until_ready

KINDS: dict[str, tuple[Callable[..., Server], Callable[[], Path]]] = {
    PostgresServer.name: (PostgresServer, postgres_install),
    RedisServer.name: (RedisServer, redis_install),
}
START_SECONDS = 300.0  # crash recovery of a large database takes its time
CRASHES_ALLOWED = 5
CRASH_WINDOW_SECONDS = 60.0


class Supervisor:
    """Both servers, and who needs them."""

    def __init__(
        self, layout: Layout, *, linger: float = 5.0, durable: bool = True, mounting: bool = True
    ) -> None:
        self.layout = layout
        self.linger = linger
        self.durable = durable
        self.mounting = mounting
        self.servers: dict[str, Server] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.crashes: list[float] = []
        self.leases: dict[socket.socket, bytes] = {}
        self.selector = selectors.DefaultSelector()
        self.is_stopping = False

    # -- servers
    # ------------------------------------------------------------------------------------------------

    def ensure(self, wanted: list[str], client: socket.socket | None = None) -> None:
        """Start what is wanted and not running; raise ServicesError when that fails."""
        for name in wanted:
            if name in self.running:
                continue
            server = self._server(name)
            server.prepare(lambda text: _tell(client, {"notice": text}))
            self._clear(server)
            self._start(server)

    def _server(self, name: str) -> Server:
        if name not in self.servers:
            if name not in KINDS:
                raise ServicesError(f"there is no embedded service named {name!r}")
            make, install_dir = KINDS[name]
            home = self.layout.var / name
            if not home.is_dir():
                home.mkdir(mode=0o700)
            launcher = launcher_for(
                home.resolve(), install_dir(), mount_root=self.layout.mounts, mounting=self.mounting
            )
            self.servers[name] = make(self.layout, launcher, durable=self.durable)
        return self.servers[name]

    def _clear(self, server: Server) -> None:
        """Stop what a killed supervisor left running on the same data, and nothing else."""
        recorded = self._recorded().get(server.name)
        stale = server.clear(lambda process: process == recorded)
        if recorded is not None and recorded.is_running() and recorded not in stale:
            stale.append(recorded)
        for process in stale:
            _log(f"replacing a {server.name} left over from an earlier run (pid {process.pid})")
            if not process.stop(server.stop_steps):
                raise ServicesError(
                    f"An old {server.name} (pid {process.pid}) does not stop; end it and try again."
                )

    def _start(self, server: Server) -> None:
        log = self.layout.logs / f"{server.name}.log"
        since = log.stat().st_size if log.exists() else 0
        process = server.start()
        self.running[server.name] = process
        self._record()
        try:
            wait_until_ready(server, process, log=log, since=since, seconds=START_SECONDS)
        except ServicesError:
            self._stop_one(server.name)
            raise
        _log(f"{server.name} is ready (pid {process.pid})")

    def _stop_one(self, name: str, *, signalled: bool = False) -> None:
        process = self.running.pop(name)
        for number, seconds in self.servers[name].stop_steps:
            if process.poll() is None:
                if not signalled:
                    process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(seconds)
            signalled = False
        self._record()
        _log(f"{name} stopped (exit code {process.returncode})")

    def stop_all(self) -> None:
        """Stop both servers, at the same time."""
        for name, process in self.running.items():
            if process.poll() is None:
                process.send_signal(self.servers[name].stop_steps[0][0])
        for name in list(self.running):
            self._stop_one(name, signalled=True)

    def revive(self) -> None:
        """Start again what ended by itself; raise ServicesError when it keeps ending."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            _log(f"{name} ended unexpectedly (exit code {process.returncode})")
            now = time.monotonic()
            self.crashes = [at for at in self.crashes if now - at < CRASH_WINDOW_SECONDS] + [now]
            if len(self.crashes) > CRASHES_ALLOWED:
                raise ServicesError(f"{name} keeps ending by itself; see {self.layout.logs / name}.log")
            del self.running[name]
            time.sleep(0.2 * len(self.crashes))  # orphaned backends need a moment to leave shared memory
            self.ensure([name])

    def _recorded(self) -> dict[str, Process]:
        try:
            saved = json.loads(self.layout.servers_file.read_text(encoding="utf-8"))
            return {name: Process(int(entry["pid"]), str(entry["started"])) for name, entry in saved.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _record(self) -> None:
        known = {name: Process.of(process.pid) for name, process in self.running.items()}
        entries = {
            name: {"pid": it.pid, "started": it.started} for name, it in known.items() if it is not None
        }
        draft = self.layout.servers_file.with_suffix(".new")
        draft.write_text(json.dumps(entries), encoding="utf-8")
        draft.replace(self.layout.servers_file)

    # -- leases
    # -------------------------------------------------------------------------------------------------

    def serve(self, listener: socket.socket) -> None:
        """Hand out leases until the last one has been gone for `linger` seconds or a signal says stop."""
        wakeup, written = socket.socketpair()
        for end in (wakeup, written, listener):
            end.setblocking(False)
        signal.set_wakeup_fd(written.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        self.selector.register(listener, selectors.EVENT_READ)
        self.selector.register(wakeup, selectors.EVENT_READ)
        try:
            self._loop(listener, wakeup)
        finally:
            signal.set_wakeup_fd(-1)

    def _loop(self, listener: socket.socket, wakeup: socket.socket) -> None:
        idle_since = time.monotonic()
        while not self.is_stopping:
            events = self.selector.select(
                1.0 if self.leases else max(0.0, idle_since + self.linger - time.monotonic())
            )
            for key, _ in events:
                self._handle(key.fileobj, listener, wakeup)
            self.revive()
            if self.leases:
                idle_since = time.monotonic()
            elif not events and time.monotonic() - idle_since >= self.linger:
                break

    def _handle(self, ready: object, listener: socket.socket, wakeup: socket.socket) -> None:
        if ready is listener:
            with suppress(BlockingIOError):
                client, _ = listener.accept()
                client.settimeout(5.0)
                self.leases[client] = b""
                self.selector.register(client, selectors.EVENT_READ)
        elif ready is wakeup:
            wakeup.recv(4096)
        elif isinstance(ready, socket.socket) and ready in self.leases:
            self._read(ready)

    def _read(self, client: socket.socket) -> None:
        try:
            received = client.recv(4096)
        except OSError:
            received = b""
        if not received:
            self._drop(client)
            return
        *lines, self.leases[client] = (self.leases[client] + received).split(b"\n")
        for line in lines:
            self._obey(client, line)

    def _obey(self, client: socket.socket, line: bytes) -> None:
        try:
            request = json.loads(line)
            if request.get("stop"):
                if len(self.leases) == 1:
                    self.is_stopping = True  # the connection closes with us, when the servers are gone
                else:
                    self._drop(client)
                return
            self.ensure([str(name) for name in request["want"]], client)
            _tell(client, {"ready": True, "pid": os.getpid()})
        except (ValueError, KeyError, TypeError, AttributeError):
            _tell(client, {"error": "the supervisor did not understand the request"})
            self._drop(client)
        except (ServicesError, OSError) as error:
            _log(f"refused: {error}")
            _tell(client, {"error": str(error)})
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        if client in self.leases:
            del self.leases[client]
            self.selector.unregister(client)
            client.close()

    def _on_stop(self, *_: object) -> None:
        self.is_stopping = True


def _tell(client: socket.socket | None, message: dict[str, object]) -> None:
    """Send one line; a client that is gone or never reads is not waited for."""
    if client is not None:
        with suppress(OSError):
            client.sendall(json.dumps(message).encode() + b"\n")


def _log(text: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")
    sys.stderr.flush()
