from pathlib import Path

import pytest

from arbsite.up.main import _box, _logins, _shown


def test_box_says_where_to_go_and_how_to_stop(tmp_path: Path) -> None:
    (tmp_path / "credentials.txt").write_text("# Generated logins.\nadmin s3cret\nanalyst other\n")

    lines = _box("http://127.0.0.1:8000", tmp_path, {"market": "demo data on (5 products, 2 opportunities)"})

    text = "\n".join(lines)
    assert "http://127.0.0.1:8000/app/       analyst / other" in text
    assert "http://127.0.0.1:8000/admin/     admin / s3cret" in text
    assert "Mode PAPER, demo data on (5 products, 2 opportunities)" in text
    assert "Ctrl+C" in text


def test_deleted_credentials_show_no_login(tmp_path: Path) -> None:
    assert _logins(tmp_path / "credentials.txt") == {}


def test_paths_below_the_current_folder_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert _shown(tmp_path / "var") == "./var"
    assert _shown(Path("/srv/var")) == "/srv/var"
