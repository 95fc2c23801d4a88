"""What killed runs leave of their downloads."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapers.services.downloads import LEFT_OVER_AFTER, remove_leftovers

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def _file(path: Path, age: timedelta) -> Path:
    path.write_bytes(b"{")
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_only_old_unfinished_downloads_are_removed(tmp_path):
    second = timedelta(seconds=1)
    old = _file(tmp_path / "cards.x.part", LEFT_OVER_AFTER + second)
    kept = {
        _file(tmp_path / "cards.y.part", LEFT_OVER_AFTER - second),
        _file(tmp_path / "mtgjson-catalogue", 9 * LEFT_OVER_AFTER),
    }

    assert remove_leftovers(tmp_path, now=NOW) == 1

    assert not old.exists()
    assert set(tmp_path.iterdir()) == kept


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert remove_leftovers(tmp_path / "missing", now=NOW) == 0
