import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from arbsite.commandline import HELD, needs_services, services_for_command

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "help",
        "--help",
        "--version",
        "migrate --help",
        "migrate -h",
        "check",
        "collectstatic --noinput",
        "up",
        "doctor",
        "run_ingest --replay x.jsonl --dry-run",
    ],
)
def test_command_without_a_database_starts_no_server(line: str) -> None:
    assert not needs_services(["manage.py", *line.split()])


@pytest.mark.parametrize(
    "line", ["migrate", "import_prices csv x.csv", "check --database default", "shell", "dbshell"]
)
def test_command_with_a_database_starts_the_servers(line: str) -> None:
    assert needs_services(["manage.py", *line.split()])


def test_external_servers_need_no_lease(settings: Settings) -> None:
    settings.EMBEDDED_SERVICES = ()

    assert services_for_command() is None


def test_child_of_a_holder_needs_no_lease(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMBEDDED_SERVICES = ("postgres",)
    settings.VAR_DIR = Path("/somewhere")
    monkeypatch.setenv(HELD, "/somewhere")

    assert services_for_command() is None


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "arbsite.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a@b/c"),
        ("REDIS_URL", "nowhere"),
        ("CACHE_REDIS_URL", "http://x"),
        ("DATABASE_POOL_SIZE", "many"),
        ("PRICE_MAX_AGE_HOURS", "-1"),
    ],
)
def test_wrong_environment_is_one_line_that_names_the_variable(name: str, value: str, tmp_path: Path) -> None:
    done = manage("migrate", **{"ARBSITE_VAR": str(tmp_path), name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {name}: ")
    assert len(done.stderr.splitlines()) == 1


def test_unreachable_database_is_one_line_that_names_the_variable(tmp_path: Path) -> None:
    done = manage(
        "showmigrations",
        ARBSITE_VAR=str(tmp_path), DATABASE_URL="postgres://a:secret@127.0.0.1:1/x", REDIS_URL="redis://127.0.0.1:1/0",
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: cannot use the database named by DATABASE_URL: ")
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_command_starts_servers_on_demand_and_they_leave_after_it(tmp_path: Path) -> None:
    environment = {"ARBSITE_VAR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": "", HELD: ""}

    done = manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from django.db import connection as c; c.ensure_connection(); print(1)",
        **environment,
    )

    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    servers = tmp_path / "var" / "run" / "servers.json"
    deadline = time.monotonic() + 30
    while servers.read_text() != "{}" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert servers.read_text() == "{}"
