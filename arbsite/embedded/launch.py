"""Starting a server as the right operating system user, able to reach its files, and dying with its parent.

PostgreSQL refuses to run as root. As root a server therefore runs as an unprivileged user; when that user may
not pass through the folders above the data or the programs (a clone below /root, say), the server gets a
private mount namespace in which just those folders appear at a path it can reach. Permissions of other
people's folders are never changed.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .errors import ServicesError

ACCOUNT = "arbsite"
STATE_ROOT = Path("/var/lib/arbsite")
_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE, _PR_SET_PDEATHSIG = 0x20000, 4096, 16384, 1 << 18, 1
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(slots=True)
class Launcher:
    """Starts programs as one user (None: as ourselves), with some folders made visible under another path."""

    account: pwd.struct_passwd | None = None
    mounts: dict[Path, Path] = field(default_factory=dict)

    def visible(self, path: Path) -> Path:
        """Return the path under which a started program sees `path`."""
        for source, target in self.mounts.items():
            if path.is_relative_to(source):
                return target / path.relative_to(source)
        return path

    def own(self, folder: Path) -> None:
        """Make `folder` with mode 700 for the servers' user, or check that an existing one is theirs."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        elif folder.stat().st_uid != os.getuid():
            raise ServicesError(
                f"{folder} belongs to another user (uid {folder.stat().st_uid}). "
                "Run as that user, or set ARBSITE_VAR."
            )
        folder.chmod(0o700)

    def start(
        self,
        argv: Sequence[str | Path],
        *,
        output: IO[bytes] | int,
        last_signal: signal.Signals,
        stdin: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own; it gets `last_signal` when this process dies (Linux)."""
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_ENVIRONMENT,
            cwd="/",
            umask=0o077,
            start_new_session=True,
            preexec_fn=self._preparation(last_signal),  # noqa: PLW1509 - the supervisor has one thread
        )

    def run(self, argv: Sequence[str | Path], *, text: str = "") -> str:
        """Run a program with `text` as its input; return its last words, or raise ServicesError with them."""
        child = self.start(argv, output=subprocess.PIPE, last_signal=signal.SIGTERM, stdin=subprocess.PIPE)
        said, _ = child.communicate(text.encode())
        words = said.decode(errors="replace").strip()[-1500:]
        if child.returncode:
            raise ServicesError(f"{Path(argv[0]).name} failed with exit code {child.returncode}:\n{words}")
        return words

    def _preparation(self, last_signal: signal.Signals) -> Callable[[], None]:
        libc = ctypes.CDLL(None, use_errno=True)
        parent = os.getpid()

        def prepare() -> None:
            if self.mounts:
                _must(libc.unshare(_CLONE_NEWNS))
                _must(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
                for source, target in self.mounts.items():
                    _must(libc.mount(os.fsencode(source), os.fsencode(target), None, _MS_BIND, None))
            if self.account is not None:
                os.setgroups([self.account.pw_gid])
                os.setgid(self.account.pw_gid)
                os.setuid(self.account.pw_uid)
            if sys.platform == "linux":
                libc.prctl(_PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
                if os.getppid() != parent:
                    os._exit(1)

        return prepare


def _must(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def launcher_for(
    folders: Sequence[Path], programs: Sequence[Path], *, mount_root: Path, mounting: bool = True
) -> Launcher:
    """Return a launcher under which `folders` (to own and write) and `programs` (to run) can be reached.

    Paths must exist and be resolved. `mounting` False acts as on a machine that refuses mount namespaces (a
    container).
    """
    if os.getuid() != 0:
        return Launcher()
    account = _service_account(folders)
    hidden = [path for path in (*folders, *programs) if not _reaches(account, path)]
    if not hidden:
        return Launcher(account)
    mounts = {path: mount_root / f"{number}-{path.name}" for number, path in enumerate(hidden)}
    for target in (mount_root, *mounts.values()):
        target.mkdir(mode=0o711, exist_ok=True)
        target.chmod(0o711)
    launcher = Launcher(account, mounts)
    if mounting and _works(launcher):
        return launcher
    raise ServicesError(
        f"The database server may not run as root, and user {account.pw_name!r} cannot reach {hidden[0]}. "
        "Move the checkout to a folder that other users may enter, or run as a normal user."
    )


def _works(launcher: Launcher) -> bool:
    try:
        return (
            launcher.start(["/bin/true"], output=subprocess.DEVNULL, last_signal=signal.SIGKILL).wait() == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def _reaches(account: pwd.struct_passwd, path: Path) -> bool:
    """Ask the kernel, as that user, whether the path can be reached at all."""
    probe = f"{path}/." if path.is_dir() else str(path)
    answer = subprocess.run(
        ["/usr/bin/test", "-e", probe],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return answer.returncode == 0


def _service_account(folders: Sequence[Path]) -> pwd.struct_passwd:
    """Return who the servers run as under root: the owner of existing data, else `arbsite`, else nobody."""
    for owner in {path.stat().st_uid for path in folders} - {0}:
        try:
            return pwd.getpwuid(owner)
        except KeyError as error:
            raise ServicesError(
                f"The data belongs to user id {owner}, which this machine does not know."
            ) from error
    for name in (ACCOUNT, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
            if name == ACCOUNT and tool:
                shell = "/usr/sbin/nologin"
                added = subprocess.run(
                    [
                        tool, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                        "--shell", shell, name,
                    ],
                    capture_output=True, check=False,
                )  # fmt: skip
                if added.returncode == 0:
                    return pwd.getpwnam(name)
    raise ServicesError(
        "The database server may not run as root, and this machine has no unprivileged user to run it."
    )
