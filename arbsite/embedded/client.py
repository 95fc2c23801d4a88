"""Getting a lease on the embedded servers, starting their supervisor when there is none."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from .errors import ServicesError
from .layout import Layout

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = ("postgres", "redis")
CONNECT_SECONDS = 60.0
READY_SECONDS = 330.0


class Lease:
    """A claim on running servers, held while the connection is open; the kernel drops it with the process."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def fileno(self) -> int:
        """Return the connection's descriptor: readable means that the supervisor is gone."""
        return self._connection.fileno()

    def is_lost(self) -> bool:
        """Tell whether the supervisor has gone."""
        try:
            return self._connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Give the lease back; the servers stay a few seconds for whoever comes next."""
        self._connection.close()

    def stop(self, *, seconds: float = 40.0) -> None:
        """Give the lease back and wait until the servers are stopped, unless somebody else holds a lease."""
        with suppress(OSError):
            self._connection.settimeout(seconds)
            self._connection.sendall(b'{"stop": true}\n')
            while self._connection.recv(4096):
                pass
        self._connection.close()


def acquire(
    var: Path,
    *,
    services: Sequence[str] = SERVICES,
    notice: Callable[[str], None] | None = None,
    linger: float = 5.0,
    durable: bool = True,
) -> Lease:
    """Return a lease on the running servers of the data folder `var`, starting what is missing.

    `linger` (seconds the servers outlive the last lease) and `durable` (False: no fsync, for tests) count
    only for the process that starts the supervisor. Raises ServicesError with the reason and the remedy.
    """
    layout = Layout(var)
    layout.make_folders()
    deadline = time.monotonic() + CONNECT_SECONDS
    while time.monotonic() < deadline:
        connection = _connect(layout)
        if connection is not None:
            lease = _negotiate(connection, services, notice)
            if lease is not None:
                return lease
        elif not _spawn(layout, linger=linger, durable=durable):
            time.sleep(0.02)  # another process is starting or stopping the supervisor right now
    raise ServicesError(
        f"The supervisor of {var} holds {layout.lock_file} but does not answer at "
        f"{layout.supervisor_socket}. End it (`ps ax | grep arbsite.embedded`) and try again."
    )


def _connect(layout: Layout) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(layout.supervisor_socket))
    except (FileNotFoundError, ConnectionRefusedError, ConnectionResetError):
        connection.close()
        return None
    except OSError as error:
        connection.close()
        raise ServicesError(
            f"cannot reach the supervisor at {layout.supervisor_socket}: {error.strerror}"
        ) from error
    return connection


def _negotiate(
    connection: socket.socket, services: Sequence[str], notice: Callable[[str], None] | None
) -> Lease | None:
    """Ask for the services and wait; None when the supervisor was just leaving."""
    connection.settimeout(READY_SECONDS)
    try:
        connection.sendall(json.dumps({"want": list(services)}).encode() + b"\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                if "error" in message:
                    raise ServicesError(str(message["error"]))
                if "ready" in message:
                    return Lease(connection)
                if notice is not None:
                    notice(str(message.get("notice", "")))
    except TimeoutError as error:
        connection.close()
        raise ServicesError(
            f"The embedded servers did not start within {READY_SECONDS:.0f} s; see var/logs."
        ) from error
    except ServicesError:
        connection.close()
        raise
    except OSError:
        pass
    connection.close()
    return None


def _spawn(layout: Layout, *, linger: float, durable: bool) -> bool:
    """Start the supervisor if nobody else is at it; the lock passes from us to it without a gap."""
    try:
        lock = os.open(layout.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServicesError(f"cannot open {layout.lock_file}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    command = [sys.executable, "-m", "arbsite.embedded", "--var", str(layout.var), "--lock", str(lock)]
    command += ["--linger", str(linger), *([] if durable else ["--no-durability"])]
    try:
        started = subprocess.run(
            command,
            cwd=PROJECT,
            pass_fds=[lock],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise ServicesError(f"The supervisor of the embedded servers does not start: {error}") from error
    finally:
        os.close(lock)
    if started.returncode:
        raise ServicesError(
            started.stderr.strip()[-1500:] or "The supervisor of the embedded servers did not start."
        )
    return True
