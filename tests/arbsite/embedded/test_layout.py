import os
import stat
from pathlib import Path

import pytest

from arbsite.embedded import Layout, ServicesError
from arbsite.embedded.layout import make_private

SOCKET_LIMIT = 107


def test_sockets_of_a_long_checkout_path_stay_within_the_limit() -> None:
    layout = Layout(Path("/home/someone") / ("a-rather-long-folder-name/" * 12) / "var")

    longest = max(
        (layout.supervisor_socket, layout.redis_socket, layout.postgres_socket_dir / ".s.PGSQL.5432.lock"),
        key=lambda path: len(str(path)),
    )

    assert len(os.fsencode(longest)) < SOCKET_LIMIT


def test_addresses_follow_from_the_data_folder_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Layout(Path("/srv/one")).runtime

    monkeypatch.setenv("TMPDIR", "/elsewhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")

    assert Layout(Path("/srv/one")).runtime == before
    assert Layout(Path("/srv/two")).runtime != before


def test_runtime_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "runtime"
    link.symlink_to(tmp_path)

    with pytest.raises(ServicesError, match="belongs to someone else"):
        make_private(link, mode=0o700)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_runtime_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir()
    os.chown(folder, 65534, 65534)

    with pytest.raises(ServicesError, match="belongs to someone else"):
        make_private(folder, mode=0o700)


def test_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o777)

    make_private(folder, mode=0o700)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_data_folder_that_cannot_be_made_is_named_with_the_remedy() -> None:
    with pytest.raises(
        ServicesError, match=r"cannot write in the data folder /proc/nowhere: .* Set ARBSITE_VAR"
    ):
        Layout(Path("/proc/nowhere")).make_folders()
