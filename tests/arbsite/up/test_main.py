from pathlib import Path

import pytest

from arbsite.up.console import Console
from arbsite.up.main import DemoInTheWay, _box, _live_desk, _logins, _refuse_mixing, _shown, _simulated_venues
from arbsite.up.options import parse


def test_box_says_where_to_go_and_how_to_stop(tmp_path: Path) -> None:
    (tmp_path / "credentials.txt").write_text("# Generated logins.\nadmin s3cret\nanalyst other\n")

    lines = _box("http://127.0.0.1:8000", tmp_path, {"market": "demo data on (5 products, 2 opportunities)"})

    text = "\n".join(lines)
    assert "http://127.0.0.1:8000/app/       analyst / other" in text
    assert "http://127.0.0.1:8000/admin/     admin / s3cret" in text
    assert "Mode PAPER, demo data on (5 products, 2 opportunities)" in text
    assert "Ctrl+C" in text


@pytest.mark.parametrize(("programs", "is_shown"), [(["ingest"], True), ([], False)])
def test_box_mentions_the_live_desk_when_it_runs(tmp_path: Path, programs: list[str], is_shown: bool) -> None:
    lines = _box("http://127.0.0.1:8000", tmp_path, {"live": programs})

    assert ("http://127.0.0.1:8000/app/live" in "\n".join(lines)) == is_shown


def test_without_its_part_there_is_no_live_desk() -> None:
    environment: dict[str, str] = {}

    assert _live_desk(parse(["--only", "web,worker,beat"]), {"has_demo": True}, environment) == []
    assert environment == {}


def test_deleted_credentials_show_no_login(tmp_path: Path) -> None:
    assert _logins(tmp_path / "credentials.txt") == {}


def test_paths_below_the_current_folder_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert _shown(tmp_path / "var") == "./var"
    assert _shown(Path("/srv/var")) == "/srv/var"


def test_live_mode_does_not_start_on_the_demo_market() -> None:
    with pytest.raises(DemoInTheWay, match="demo --reset"):
        _refuse_mixing(parse(["--no-demo"]), {"has_demo": True})

    _refuse_mixing(parse(["--no-demo"]), {"has_demo": False})
    _refuse_mixing(parse([]), {"has_demo": True})


def test_a_demo_market_brings_its_venues_and_says_where(settings) -> None:
    settings.VENUE_SIMULATOR_URL = ""
    environment: dict[str, str] = {}

    programs = _simulated_venues({"has_demo": True}, environment, Console())

    assert [program.name for program in programs] == ["venues"]
    assert environment["VENUE_SIMULATOR_URL"].startswith("http://127.0.0.1:")
    assert _simulated_venues({"has_demo": False}, environment, Console()) == []


def test_venues_of_somebody_else_are_used_as_they_are(settings) -> None:
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:9999"

    assert _simulated_venues({"has_demo": True}, {}, Console()) == []
