import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from arbsite.embedded.processes import Process, works_in

STEPS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as it:
        yield it
        it.kill()


def test_process_is_known_by_its_start_too(child: subprocess.Popen[bytes]) -> None:
    found = Process.of(child.pid)

    assert found is not None
    assert found.is_running()
    assert not Process(child.pid, "another moment").is_running()


def test_ended_process_counts_as_gone_before_anybody_waits_for_it(child: subprocess.Popen[bytes]) -> None:
    found = Process.of(child.pid)
    assert found is not None

    child.communicate(b"\n")

    assert found.wait(30.0)
    assert Process.of(child.pid) is None


def test_stop_ends_the_process(child: subprocess.Popen[bytes]) -> None:
    found = Process.of(child.pid)
    assert found is not None

    assert found.stop(STEPS)
    assert child.wait() == -signal.SIGTERM


def test_stop_never_touches_a_stranger_with_the_same_number(child: subprocess.Popen[bytes]) -> None:
    assert Process(child.pid, "another moment").stop(STEPS)

    assert child.poll() is None


def test_stop_kills_what_ignores_the_polite_signal() -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as deaf:
        assert deaf.stdout is not None
        deaf.stdout.readline()
        found = Process.of(deaf.pid)
        assert found is not None

        assert found.stop(((signal.SIGTERM, 0.1), (signal.SIGKILL, 5.0)))

    assert deaf.returncode == -signal.SIGKILL


def test_working_folder_is_recognised_under_any_name(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(Path.cwd())

    assert works_in(os.getpid(), link)
    assert not works_in(os.getpid(), tmp_path)
    assert not works_in(2**22 + 1, tmp_path)
