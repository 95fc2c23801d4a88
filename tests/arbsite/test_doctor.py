import json
import socket
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from arbsite import doctor, health
from arbsite.embedded import ServicesError
from arbsite.up.programs import HOST
from arbsite.up.running import is_up, only_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(settings: Settings, tmp_path: Path) -> None:
    """An installation with a built front end, whatever this checkout has."""
    (tmp_path / "manifest.json").write_text("{}")
    settings.FRONTEND_DIST = tmp_path


def look() -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in doctor.findings()}


def test_healthy_installation_is_well(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert all(line.startswith("ok ") for line in lines), lines


def test_missing_build_is_named_with_its_remedy_and_exit_code(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FRONTEND_DIST = tmp_path

    with pytest.raises(SystemExit) as caught:
        call_command("doctor")

    assert caught.value.code == 1
    assert "FAIL  front end    not built  ->  make setup" in capsys.readouterr().out


def test_report_for_machines_has_every_finding(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor", "--json")

    report = json.loads(capsys.readouterr().out)
    assert report["ok"]
    assert {"Python", "database", "Redis", "migrations"} <= {
        finding["subject"] for finding in report["findings"]
    }


def test_mistyped_setting_is_found(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("# DATABASE_URL=x\n# Words about A=B\n")
    (tmp_path / ".env").write_text("DATABASE_URL=y\nDATABASE_ULR=z\n")

    finding = doctor._env_file(tmp_path)

    assert not finding.ok
    assert finding.detail == "unknown: DATABASE_ULR"


def test_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**62)

    assert not look()["data folder"].ok


def test_unwritable_data_folder_names_the_variable() -> None:
    assert doctor._data_folder(Path("/proc/nowhere")).remedy == "set ARBSITE_VAR"


def test_taken_port_says_which_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("ARBSITE_PORT", str(port))

        finding = look()["port"]

    assert finding.ok
    assert finding.detail.startswith(f"{port} is taken, the next start uses {HOST}:")


def test_servers_that_do_not_start_end_the_examination(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ServicesError("the disk is full")

    monkeypatch.setattr(doctor, "services_for_command", refuse)

    found = look()

    assert (found["servers"].ok, found["servers"].detail) == (False, "the disk is full")
    assert "database" not in found


def test_unreachable_redis_has_a_remedy(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    finding = look()["Redis"]

    assert not finding.ok
    assert "REDIS_URL" in finding.remedy


def test_one_up_holds_a_data_folder(tmp_path: Path) -> None:
    assert not is_up(tmp_path)
    with only_one(tmp_path):
        assert is_up(tmp_path)
        with pytest.raises(ServicesError, match="Arbsite is already up on"), only_one(tmp_path):
            pass
    assert not is_up(tmp_path)
