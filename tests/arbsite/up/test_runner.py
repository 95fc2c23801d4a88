import asyncio
import http.server
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from arbsite.embedded import Lease, ServicesError
from arbsite.embedded.processes import Process
from arbsite.up.console import Console
from arbsite.up.programs import Program
from arbsite.up.runner import Runner, ServicesKeeper, answers

FOREVER = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(console=Console(), base=tmp_path, logs=tmp_path, environment=os.environ)


def program(code: str, name: str = "worker-default") -> Program:
    return Program(name, [sys.executable, "-c", code])


async def started(folder: Path) -> Process:
    """Wait for the program to say who it is."""
    path = folder / "pid"
    async with asyncio.timeout(60):
        while not path.exists() or not path.read_text():  # noqa: ASYNC110 - another process' doing
            await asyncio.sleep(0.01)
    found = Process.of(int(path.read_text()))
    assert found is not None
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_signal_ends_everything(runner: Runner, tmp_path: Path, number: signal.Signals) -> None:
    ready = asyncio.Event()

    task = asyncio.create_task(
        runner.run(front=[], back=[program(FOREVER)], port=0, on_ready=ready.set, services=None)
    )
    await ready.wait()
    child = await started(tmp_path)
    os.kill(os.getpid(), number)

    assert await task == 0
    assert not child.is_running()


async def test_page_that_never_starts_is_given_up(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    never = pytest.fail

    code = await runner.run(
        front=[program("raise SystemExit('broken')", "web")],
        back=[program(FOREVER)],
        port=1,
        on_ready=lambda: never("it was never ready"),
        services=None,
    )

    assert code == 1
    shown = capsys.readouterr().out
    assert "web              | broken" in shown
    assert "error: the page does not start" in shown


class Servers:
    """Stands for the supervisor: gives leases, takes them away, and may refuse the next one."""

    def __init__(self) -> None:
        self.ends: list[socket.socket] = []
        self.leases: list[Lease] = []
        self.refusal: Exception | None = None

    def acquire(self) -> Lease:
        if self.refusal is not None:
            raise self.refusal
        ours, theirs = socket.socketpair()
        self.ends.append(theirs)
        self.leases.append(Lease(ours))
        return self.leases[-1]

    def vanish(self) -> None:
        self.ends[-1].close()


@pytest.fixture
def servers() -> Iterator[Servers]:
    it = Servers()
    yield it
    for lease in it.leases:
        lease.close()
    for end in it.ends:
        end.close()


@pytest.mark.parametrize("refusal", [ServicesError("no disk"), FileNotFoundError("the folder is gone")])
async def test_servers_that_do_not_come_back_end_everything(
    runner: Runner, servers: Servers, tmp_path: Path, refusal: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper, ready = ServicesKeeper(servers.acquire), asyncio.Event()
    task = asyncio.create_task(
        runner.run(front=[], back=[program(FOREVER)], port=0, on_ready=ready.set, services=keeper)
    )
    await ready.wait()
    child = await started(tmp_path)

    servers.refusal = refusal
    servers.vanish()

    assert await task == 1
    assert not child.is_running()
    assert f"the servers are gone and do not come back: {refusal}" in capsys.readouterr().out


async def test_servers_that_come_back_disturb_nothing(
    runner: Runner, servers: Servers, tmp_path: Path
) -> None:
    keeper, ready = ServicesKeeper(servers.acquire), asyncio.Event()
    task = asyncio.create_task(
        runner.run(front=[], back=[program(FOREVER)], port=0, on_ready=ready.set, services=keeper)
    )
    await ready.wait()
    child = await started(tmp_path)
    before = keeper.lease

    servers.vanish()
    async with asyncio.timeout(60):
        while keeper.lease is before:  # noqa: ASYNC110 - a thread's doing
            await asyncio.sleep(0.01)

    assert child.is_running()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await task == 0


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 503)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


async def test_only_a_200_counts_as_an_answer() -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.server_address[1]

        assert await answers(port, "/readyz")
        assert not await answers(port, "/other")
        server.shutdown()
        thread.join()
    assert not await answers(port, "/readyz")
