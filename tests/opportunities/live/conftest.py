"""A Redis that belongs to one test, so that it may be stopped, killed and started again."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from arbsite.embedded.errors import ServicesError
from arbsite.embedded.redis import install_dir

PATIENCE = 30.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; the deadline is far away, for busy machines."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.01)


class OwnRedis:
    """A server on a unix socket in a folder, which keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "r.sock"
        self.url = f"unix://{self.socket}?db=3"
        self.client: Any = redis.Redis.from_url(self.url)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        arguments = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [str(install_dir() / "redis-server"), *arguments, "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self._answers, "Redis does not start")

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError, OSError):
            return bool(self.client.ping())
        return False

    def kill(self) -> None:
        if self._process is not None:
            self.resume()
            self._process.kill()
            self._process.wait()
            self._process = None
        self.client.connection_pool.disconnect()
        self.socket.unlink(missing_ok=True)

    def pause(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def own_redis(tmp_path: Path, settings: Any) -> Iterator[OwnRedis]:
    """Start a Redis that `settings.REDIS_URL` names."""
    try:
        install_dir()
    except ServicesError:
        pytest.skip("there is no redis-server on this machine")
    server = OwnRedis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    yield server
    server.kill()
    server.client.close()
