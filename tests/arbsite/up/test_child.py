import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from arbsite.embedded.processes import Process
from arbsite.up import child as child_module
from arbsite.up.child import Child
from arbsite.up.console import Console
from arbsite.up.programs import Program


@pytest.fixture
def quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    with (tmp_path / "log").open("wb") as log:

        def make(code: str, *, is_verbose: bool = False) -> Child:
            program = Program("it", [sys.executable, "-u", "-c", code])
            return Child(
                program,
                console=Console(),
                environment=os.environ,
                cwd=tmp_path,
                log=log,
                is_verbose=is_verbose,
            )

        yield make


async def until(condition: object) -> None:
    async with asyncio.timeout(60):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - another process' doing
            await asyncio.sleep(0.01)


async def test_program_that_ends_is_started_again(start, quick_pauses: None, capsys) -> None:
    child = start("print('hello'); raise SystemExit(3)")

    task = asyncio.create_task(child.keep_running())
    await until(lambda: child.failures >= 2)
    await child.stop(60)
    await task

    assert capsys.readouterr().out.count("it               | hello") >= 2


async def test_stop_ends_the_program_politely(start, capsys) -> None:
    child = start("import signal; signal.signal(15, lambda *_: exit(0)); print('up'); signal.pause()")
    task = asyncio.create_task(child.keep_running())
    await until(lambda: "up" in capsys.readouterr().out)

    await child.stop(60)
    await task

    assert child.process.returncode == 0


async def test_program_deaf_to_the_polite_signal_is_killed_with_all_it_started(
    start, tmp_path: Path, capsys
) -> None:
    child = start(
        "import signal, subprocess, sys, time\n"
        "signal.signal(15, signal.SIG_IGN)\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('pid', 'w').write(str(inner.pid)); print('up'); time.sleep(60)"
    )
    task = asyncio.create_task(child.keep_running())
    await until(lambda: "up" in capsys.readouterr().out)
    inner = Process.of(int((tmp_path / "pid").read_text()))
    assert inner is not None

    await child.stop(0.2)
    await task

    assert inner.wait(30)
    assert "did not stop within 0 s; killing it" in capsys.readouterr().out


async def test_killed_program_is_started_again_although_its_own_child_lives_on(
    start, tmp_path: Path, quick_pauses: None, capsys
) -> None:
    child = start(
        "import subprocess, sys, time\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('pid', 'w').write(str(inner.pid)); print('up'); time.sleep(60)"
    )
    task = asyncio.create_task(child.keep_running())
    await until(lambda: "up" in capsys.readouterr().out)
    inner = Process.of(int((tmp_path / "pid").read_text()))
    assert inner is not None

    child.process.kill()
    await until(lambda: child.failures == 1)

    assert inner.wait(30)
    await until(lambda: "up" in capsys.readouterr().out)
    child.kill()
    await task


async def test_routine_lines_go_to_the_log_only(start, tmp_path: Path, quick_pauses: None, capsys) -> None:
    line = "2026-11-21T05:56:34.167663Z [info     ] request_finished"
    child = start(f"print({line!r}); print('2026-11-21T05:56:34Z [error    ] bad'); print('plain')")

    task = asyncio.create_task(child.keep_running())
    await until(lambda: child.failures >= 1)
    await child.stop(60)
    await task

    shown = capsys.readouterr().out
    assert "request_finished" not in shown
    assert "[error    ] bad" in shown
    assert "plain" in shown
    assert "request_finished" in (tmp_path / "log").read_text()


async def test_endless_line_does_not_stop_the_reading(start, quick_pauses: None, capsys) -> None:
    child = start("print('x' * 3_000_000); print('after')")

    task = asyncio.create_task(child.keep_running())
    await until(lambda: child.failures >= 1)
    await child.stop(60)
    await task

    assert "| after" in capsys.readouterr().out
