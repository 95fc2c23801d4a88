import json
import socket
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask
from pytest_django.fixtures import Settings

from arbsite import commandline, doctor, health
from arbsite.doctor import local
from arbsite.embedded import ServicesError
from arbsite.schedule import DEFAULTS, sync_schedule
from arbsite.up.programs import HOST
from arbsite.up.running import is_up, only_one
from common.clock import utc_now
from common.commands import EXIT_PARTLY_DONE, EXIT_USAGE
from common.live import PROCESSES_KEY
from common.redis import shared_redis
from pricing.services import maintain_partitions
from users.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(settings: Settings, tmp_path: Path) -> None:
    """An installation with a built front end and its schedule, whatever this checkout has."""
    sync_schedule()
    maintain_partitions(now=utc_now())
    shared_redis().delete(PROCESSES_KEY)
    (tmp_path / "manifest.json").write_text("{}")
    settings.FRONTEND_DIST = tmp_path


def look() -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in doctor.findings()}


def test_healthy_installation_is_well(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 18
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

    finding = local.env_file(tmp_path)

    assert not finding.ok
    assert finding.detail == "unknown: DATABASE_ULR"


def test_gift_card_markets_are_known_names(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MKT_ALPHA_URL=https://alpha.example\n")

    assert local.env_file(tmp_path).ok


def test_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**62)

    assert not look()["data folder"].ok


def test_unwritable_data_folder_names_the_variable() -> None:
    assert local.data_folder(Path("/proc/nowhere")).remedy == "set ARBSITE_VAR"


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

    monkeypatch.setattr(commandline, "services_for_command", refuse)

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


def test_what_is_safe_is_fixed(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    PeriodicTask.objects.all().delete()
    Group.objects.all().delete()

    call_command("doctor", "--fix")

    text = capsys.readouterr().out
    assert "FIXED schedule" in text
    assert "FIXED groups" in text
    assert PeriodicTask.objects.count() == len(DEFAULTS)
    assert Group.objects.count() == len(Role)


def test_a_rehearsal_fixes_nothing(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    PeriodicTask.objects.all().delete()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--fix", "--dry-run")

    assert ended.value.code == 1
    assert "would be fixed" in capsys.readouterr().out
    assert not PeriodicTask.objects.exists()


def test_what_cannot_be_fixed_here_leaves_it_partly_done(
    healthy: None, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    PeriodicTask.objects.all().delete()
    (tmp_path / "manifest.json").unlink()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--fix", "--json")

    report = {entry["subject"]: entry for entry in json.loads(capsys.readouterr().out)["findings"]}
    assert ended.value.code == EXIT_PARTLY_DONE
    assert report["schedule"]["is_fixed"] is True
    assert (report["front end"]["ok"], report["front end"]["can_fix"]) == (False, False)


def test_a_rehearsal_of_nothing_is_a_usage_error() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("doctor", "--dry-run")

    assert refused.value.returncode == EXIT_USAGE


def test_a_missing_data_folder_is_made(tmp_path: Path) -> None:
    missing = tmp_path / "there" / "var"
    found = local.data_folder(missing)
    assert not found.ok
    assert found.fix is not None

    found.fix()

    assert local.data_folder(missing).ok


def test_a_clock_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arbsite.doctor.servers.MAX_CLOCK_SECONDS", -1.0)

    assert "NTP" in look()["clock"].remedy


def test_missing_node_matters_only_without_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not local.node(tmp_path).ok

    (tmp_path / "manifest.json").write_text("{}")

    assert local.node(tmp_path).ok


def test_unsafe_production_settings_are_named(settings: Settings) -> None:
    settings.ARBSITE_ENV, settings.IS_PRODUCTION = "production", True
    settings.DEBUG = True

    finding = look()["settings"]

    assert not finding.ok
    assert "DEBUG" in finding.detail
