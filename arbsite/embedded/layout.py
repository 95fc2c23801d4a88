"""Where the embedded servers keep their data and their sockets, derived from the data folder alone.

Settings read addresses from here without starting anything, so the same data folder must always give the same
paths: no environment variable other than the folder itself has a say. Sockets live in a short folder under
`/tmp`, because a unix socket's path may not exceed about 107 bytes and a checkout's may.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from .errors import ServicesError

RUNTIME_ROOT = Path("/tmp")  # noqa: S108 - deterministic on purpose; ownership and mode are verified
DATABASE_USER = "arbsite"
DATABASE_NAME = "arbsite"


@dataclass(frozen=True, slots=True)
class Layout:
    """Every path of one installation's embedded servers."""

    var: Path

    @property
    def runtime(self) -> Path:
        """Folder of the sockets: short, ours alone, gone after a reboot."""
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return RUNTIME_ROOT / f"arbsite-{os.getuid()}-{digest}"

    @property
    def supervisor_socket(self) -> Path:
        """Where leases are handed out."""
        return self.runtime / "supervisor.sock"

    @property
    def postgres_socket_dir(self) -> Path:
        """PostgreSQL's `host`."""
        return self.runtime / "pg"

    @property
    def redis_socket(self) -> Path:
        """Redis' only address."""
        return self.runtime / "redis" / "redis.sock"

    @property
    def mounts(self) -> Path:
        """Where an unprivileged server sees folders that it cannot reach by their own path."""
        return self.runtime / "mnt"

    @property
    def postgres_home(self) -> Path:
        """Holds the database cluster (`data`)."""
        return self.var / "postgres"

    @property
    def redis_home(self) -> Path:
        """Holds Redis' append-only file."""
        return self.var / "redis"

    @property
    def logs(self) -> Path:
        """Logs of the supervisor and both servers."""
        return self.var / "logs"

    @property
    def lock_file(self) -> Path:
        """Locked by whoever starts or is the supervisor, from the first moment to the last."""
        return self.var / "run" / "supervisor.lock"

    @property
    def servers_file(self) -> Path:
        """Process ids and start times of running servers."""
        return self.var / "run" / "servers.json"

    def make_folders(self) -> None:
        """Make the folders that supervisor and clients share; raise ServicesError when that is refused."""
        try:
            if not self.var.is_dir():
                self.var.mkdir(parents=True, exist_ok=True)
                self.var.chmod(0o711)
            for folder in (self.logs, self.lock_file.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServicesError(
                f"cannot write in the data folder {self.var}: {error.strerror}. "
                "Set ARBSITE_VAR to a folder of yours."
            ) from error
        make_private(self.runtime, mode=0o711 if os.getuid() == 0 else 0o700)


def make_private(folder: Path, *, mode: int) -> None:
    """Make `folder` or accept it as it is when it is ours; raise ServicesError when somebody else made it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise ServicesError(f"{folder} exists and belongs to someone else; remove it and try again")
        folder.chmod(mode)
    except OSError as error:
        raise ServicesError(f"cannot make {folder}: {error.strerror}") from error
