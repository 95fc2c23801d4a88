import socket
from pathlib import Path

import pytest

from arbsite.settings.celery import QUEUES
from arbsite.up.options import parse
from arbsite.up.programs import HOST, background, free_port, web


def test_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port(port) > port


def test_last_port_of_all_is_not_exceeded() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 65535))
        taken.listen()

        with pytest.raises(OSError, match="no free port from 65535 on; choose another with ARBSITE_PORT"):
            free_port(65535)


def test_web_listens_on_the_loopback_address_only() -> None:
    argv = list(web(8123, dev=False).argv)

    assert argv[argv.index("--host") + 1] == "127.0.0.1"
    assert argv[argv.index("--port") + 1] == "8123"


def test_web_gives_no_statement_more_than_a_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_STATEMENT_TIMEOUT_MS", raising=False)
    assert web(8123, dev=False).environment["DATABASE_STATEMENT_TIMEOUT_MS"] == "5000"

    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT_MS", "0")
    assert web(8123, dev=False).environment["DATABASE_STATEMENT_TIMEOUT_MS"] == "0"


def test_every_queue_has_a_worker_and_there_is_one_scheduler() -> None:
    names = [program.name for program in background(parse([]), queues=QUEUES, frontend=Path("frontend"))]

    assert names == ["worker-scraping", "worker-analysis", "worker-default", "beat"]


def test_chosen_parts_leave_the_others_out() -> None:
    programs = background(parse(["--only", "web,beat"]), queues=QUEUES, frontend=Path("frontend"))

    assert [program.name for program in programs] == ["beat"]


def test_development_adds_vite_and_debugging() -> None:
    programs = background(parse(["--dev"]), queues=QUEUES, frontend=Path("frontend"))

    assert programs[-1].name == "vite"
    assert web(8000, dev=True).environment["ARBSITE_VITE_DEV"] == "true"
