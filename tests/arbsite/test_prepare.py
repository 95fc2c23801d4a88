import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django_celery_beat.models import PeriodicTask
from pytest_django.fixtures import Settings

from arbsite.management.commands import prepare
from arbsite.schedule import DEFAULTS
from catalog.models import Product
from tests.catalog.factories import SingleFactory
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_empty_database_gets_schedule_and_users(var: Path) -> None:
    call_command("prepare", "--no-demo", "--report", str(var / "report.json"))

    report = json.loads((var / "report.json").read_text())
    assert report["market"] == "no products yet (import some)"
    assert not report["has_demo"]
    assert PeriodicTask.objects.count() == len(DEFAULTS)
    assert set(User.objects.values_list("username", flat=True)) == {"admin", "analyst"}
    assert stat.S_IMODE((var / "credentials.txt").stat().st_mode) == 0o600


def test_preparing_again_changes_nothing(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare", "--no-demo")
    before = (var / "credentials.txt").read_bytes(), list(User.objects.values_list("password", flat=True))
    capsys.readouterr()

    call_command("prepare", "--no-demo", "--json")

    assert json.loads(capsys.readouterr().out)["schedule"] == {
        "created": 0,
        "updated": 0,
        "removed": 0,
        "kept": 0,
    }
    after = (var / "credentials.txt").read_bytes(), list(User.objects.values_list("password", flat=True))
    assert after == before


def test_real_products_keep_the_demo_away(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    SingleFactory()

    call_command("prepare")

    assert "your data (1 products, 0 opportunities)" in capsys.readouterr().out
    assert Product.objects.count() == 1


def test_demo_that_cannot_be_refreshed_is_no_reason_not_to_start(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SingleFactory(is_demo=True)
    SingleFactory()

    call_command("prepare")

    captured = capsys.readouterr()
    assert "demo market left as it is: " in captured.err
    assert "demo data on (2 products" in captured.out


def test_demo_is_refreshed_with_the_size_it_was_made_with(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    assert prepare._demo_arguments(manifest) == []

    day = datetime(2026, 11, 21, tzinfo=UTC).date().isoformat()
    manifest.write_text(json.dumps({"size": "small", "seed": 3, "last_day": day}))

    assert prepare._demo_arguments(manifest) == ["--size", "small", "--seed", "3"]
