"""A Redis that belongs to one test, so that it may be stopped and started again."""

import contextlib
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from arbsite.embedded.errors import ServicesError
from arbsite.embedded.redis import install_dir

PATIENCE = 30.0


def _program() -> str:
    with contextlib.suppress(ServicesError):
        if (install_dir() / "redis-server").exists():
            return str(install_dir() / "redis-server")
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("there is no redis-server on this machine")
    return found


class OwnRedis:
    """A Redis on a Unix socket in a folder, without anything on disk."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        argv = [
            _program(),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = subprocess.Popen(
            [*argv, "--dir", str(self._folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.socket))
                return
            time.sleep(0.01)
        raise TimeoutError(f"no Redis at {self.socket}")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)
