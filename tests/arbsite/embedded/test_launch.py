"""Who the servers run as, and from where: as root below a closed folder, in a container, as a normal user."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import arbsite.embedded
from arbsite.embedded import Layout, launch, postgres, redis
from arbsite.embedded.supervisor import Supervisor

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="root's way of starting the servers needs root")
SYSTEM_PYTHON = Path("/usr/bin/python3")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that only root may enter, as `mktemp -d` makes it."""
    folder = Path(tempfile.mkdtemp(prefix="arbsite-closed-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arbsite-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def answer_of(supervisor: Supervisor) -> str:
    try:
        supervisor.ensure(["postgres", "redis"])
        host = str(supervisor.layout.postgres_socket_dir)
        with psycopg.connect(host=host, user="postgres", dbname="arbsite") as connection:
            return str(connection.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
    finally:
        supervisor.stop_all()
        shutil.rmtree(supervisor.layout.runtime)


@needs_root
def test_root_below_a_closed_folder_gets_servers_without_touching_its_permissions(closed: Path) -> None:
    layout = Layout(closed / "var")
    layout.make_folders()

    answer_of(Supervisor(layout, durable=False))

    assert closed.stat().st_mode & 0o777 == 0o700
    owner = pwd.getpwuid((layout.postgres_home / "data").stat().st_uid).pw_name
    assert owner != "root"
    assert not layout.postgres_home.is_symlink()


@needs_root
def test_root_without_mount_namespaces_keeps_the_data_where_the_servers_can_go(
    closed: Path, open_to_all: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "STATE_ROOT", open_to_all)
    layout = Layout(closed / "var")
    layout.make_folders()

    first = answer_of(Supervisor(layout, durable=False, mounting=False))
    layout.make_folders()
    second = answer_of(Supervisor(layout, durable=False, mounting=False))

    assert first == second == str((layout.postgres_home / "data").resolve())
    assert Path(first).is_relative_to(open_to_all)


@needs_root
@pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="needs a Python that every user may run")
def test_normal_user_runs_the_servers_as_himself(open_to_all: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    lib = open_to_all / "lib"
    lib.mkdir()
    copy_package(Path(arbsite.embedded.__file__).parents[1], lib, only="embedded")
    for program in (postgres.install_dir(), redis.install_dir()):
        copy_package(program.parent, lib, only=program.name)
    var = open_to_all / "var"
    var.mkdir()
    os.chown(var, nobody.pw_uid, nobody.pw_gid)
    code = (
        "import sys, os; from pathlib import Path; from arbsite.embedded import acquire\n"
        "lease = acquire(Path(sys.argv[1]), durable=False)\n"
        "print((Path(sys.argv[1]) / 'postgres' / 'data').stat().st_uid == os.getuid()); lease.stop()"
    )

    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", code, str(var)],
        user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True,
        env={"PYTHONPATH": str(lib)}, check=False,
    )  # fmt: skip

    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr


def copy_package(package: Path, target: Path, *, only: str) -> None:
    """Copy one sub-folder of an installed package, and the libraries that its wheel put beside it."""
    (target / package.name).mkdir()
    shutil.copy(package / "__init__.py", target / package.name)
    if package.name != "arbsite":
        (target / package.name / "__init__.py").write_text("")
    shutil.copytree(package / only, target / package.name / only)
    for libraries in package.parent.glob(f"{package.name}*.libs"):
        shutil.copytree(libraries, target / libraries.name)


def test_folder_of_another_user_is_refused_with_the_remedy(tmp_path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may use any folder")
    launcher = launch.Launcher()

    with pytest.raises(arbsite.embedded.ServicesError, match="belongs to another user"):
        launcher.own(Path("/usr"))


def test_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(arbsite.embedded.ServicesError, match=r"(?s)python.* failed with exit code 3:\nhello"):
        launch.Launcher().run([sys.executable, "-c", "print('hello'); raise SystemExit(3)"])
