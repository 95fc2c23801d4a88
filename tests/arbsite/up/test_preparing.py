import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arbsite.up.console import Console
from arbsite.up.preparing import PREPARED, PreparationFailed, fingerprint, prepare

# Stands for manage.py: says what `manage.py prepare` says, and counts how often it is asked.
STANDING_IN = """
import json, pathlib, sys
here = pathlib.Path(__file__).parent
if (here / "broken").exists():
    sys.exit("it does not work")
with (here / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
report = sys.argv[sys.argv.index("--report") + 1]
pathlib.Path(report).write_text(json.dumps({"market": "demo", "has_demo": "--no-demo" not in sys.argv}))
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in ("users/migrations", "requirements", "arbsite", "var/run", "var/postgres/data"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "manage.py").write_text(STANDING_IN)
    (tmp_path / "users/migrations/0001_initial.py").write_text("first")
    (tmp_path / "requirements/base.txt").write_text("django")
    (tmp_path / "arbsite/schedule.py").write_text("often")
    (tmp_path / "var/postgres/data/PG_VERSION").write_text("18")
    return tmp_path


Prepare = Callable[..., dict[str, Any]]


@pytest.fixture
def prepared(base: Path) -> Prepare:
    def run(*, demo: bool = True, is_embedded: bool = True) -> dict[str, Any]:
        return prepare(
            base=base,
            var=base / "var",
            demo=demo,
            is_embedded=is_embedded,
            environment=os.environ,
            console=Console(),
        )

    return run


def calls(base: Path) -> int:
    return len((base / "calls").read_text().splitlines())


def test_unchanged_database_is_prepared_once(base: Path, prepared: Prepare) -> None:
    assert prepared()["market"] == "demo"
    assert prepared()["market"] == "demo"
    assert calls(base) == 1


def test_external_database_is_prepared_every_time(base: Path, prepared: Prepare) -> None:
    prepared(is_embedded=False)
    prepared(is_embedded=False)

    assert calls(base) == 2


@pytest.mark.parametrize(
    "changed",
    [
        "users/migrations/0002_more.py",
        "requirements/base.txt",
        "arbsite/schedule.py",
        "var/postgres/data/PG_VERSION",
    ],
)
def test_change_of_what_it_is_made_from_prepares_again(base: Path, prepared: Prepare, changed: str) -> None:
    prepared()
    path = base / changed
    path.unlink(missing_ok=True)
    path.write_text("changed")

    prepared()

    assert calls(base) == 2


def test_demo_prices_of_yesterday_are_brought_up_to_date(
    base: Path, prepared: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared()
    tomorrow = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: tomorrow)

    prepared()

    assert calls(base) == 2


def test_database_without_demo_does_not_age(
    base: Path, prepared: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(demo=False)
    monkeypatch.setattr(time, "time", lambda: 4e9)

    prepared(demo=False)

    assert calls(base) == 1
    assert (base / "calls").read_text().endswith("--no-demo\n")


def test_failure_is_reported_and_leaves_no_stamp(base: Path, prepared: Prepare) -> None:
    (base / "broken").touch()

    with pytest.raises(PreparationFailed):
        prepared()

    assert not (base / "var" / PREPARED).exists()


def test_damaged_stamp_counts_as_none(base: Path, prepared: Prepare) -> None:
    prepared()
    (base / "var" / PREPARED).write_text("[not json")

    prepared()

    assert calls(base) == 2


def test_fingerprint_depends_on_the_wish_for_a_demo(base: Path) -> None:
    assert fingerprint(base, base / "var", demo=True) != fingerprint(base, base / "var", demo=False)
