"""Starting a server as the right operating system user, able to reach its files, and dying with its parent.

PostgreSQL refuses to run as root. As root a server therefore runs as an unprivileged user; when that user may
not pass through the folders above the data or the programs (a clone below /root, say), the server gets a
private mount namespace in which just those folders appear at a path it can reach. Permissions of other
people's folders are never changed.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
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
    """Starts programs as one user (None: as ourselves), who sees some folders under other paths.

    `is_mounting` makes those folders appear there in a private mount namespace; otherwise they are there.
    """

    account: pwd.struct_passwd | None = None
    paths: dict[Path, Path] = field(default_factory=dict)
    is_mounting: bool = False

    def visible(self, path: Path) -> Path:
        """Return the path under which a started program sees `path`."""
        for source, target in self.paths.items():
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
            if self.is_mounting:
                _must(libc.unshare(_CLONE_NEWNS))
                _must(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
                for source, target in self.paths.items():
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


def launcher_for(home: Path, program: Path, *, mount_root: Path, mounting: bool = True) -> Launcher:
    """Return a launcher under which a server can write in `home` and run the program folder `program`.

    Both must exist. `mounting` False acts as on a machine that refuses mount namespaces (most containers).
    """
    if os.getuid() != 0:
        return Launcher()
    account = _service_account(home)
    hidden: dict[Path, Path] = {}
    if not _reaches(account, home):
        hidden[home] = mount_root / home.name
    if not _reaches(account, program):
        # The wheel's programs find their libraries beside their package, so all packages move together.
        hidden[program.parents[1]] = mount_root / f"{home.name}-programs"
    if not hidden:
        return Launcher(account)
    for target in (mount_root, *hidden.values()):
        target.mkdir(mode=0o711, exist_ok=True)
        target.chmod(0o711)
    launcher = Launcher(account, hidden, is_mounting=True)
    if mounting and _works(launcher):
        return launcher
    return _relocated(account, home, program)


def _works(launcher: Launcher) -> bool:
    try:
        return (
            launcher.start(["/bin/true"], output=subprocess.DEVNULL, last_signal=signal.SIGKILL).wait() == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def _relocated(account: pwd.struct_passwd, home: Path, program: Path) -> Launcher:
    """Keep data and programs below `STATE_ROOT`, where the servers' user can go; `home` becomes a link."""
    paths = {}
    try:
        STATE_ROOT.mkdir(mode=0o755, exist_ok=True)
        if not _reaches(account, home):
            digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
            target = STATE_ROOT / f"{home.name}-{digest}"
            target.mkdir(mode=0o700, exist_ok=True)
            home.rmdir()  # refuses when it holds data
            home.symlink_to(target)
            paths[home] = target
        if not _reaches(account, program):
            paths[program.parents[1]] = _copied_programs(program)
    except OSError as error:
        raise ServicesError(
            f"The database server may not run as root, and user {account.pw_name!r} cannot reach {home} "
            f"({error.strerror}). Move the checkout to a folder that others may enter, or do not run as root."
        ) from error
    return Launcher(account, paths)


def _copied_programs(program: Path) -> Path:
    """Copy a wheel's programs and libraries once; return the folder that stands for all packages."""
    package = program.parent
    packages = package.parent
    stamp = f"{package}{package.stat().st_mtime_ns}".encode()
    target = STATE_ROOT / f"programs-{package.name}-{hashlib.sha256(stamp).hexdigest()[:12]}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=STATE_ROOT))
        draft.chmod(0o755)
        shutil.copytree(program, draft / package.name / program.name, symlinks=True)
        for libraries in packages.glob(f"{package.name}*.libs"):
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        (draft / package.name).chmod(0o755)
        draft.rename(target)
    return target


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


def _service_account(home: Path) -> pwd.struct_passwd:
    """Return who the servers run as under root: the owner of existing data, else `arbsite`, else nobody."""
    owner = home.stat().st_uid
    if owner != 0:
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
