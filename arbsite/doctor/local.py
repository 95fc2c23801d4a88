"""Looks that need no server: this machine, its folders, its front end, its environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from arbsite import health
from arbsite.checks import check_production
from arbsite.up.programs import HOST, free_port
from arbsite.up.running import is_up

from .finding import Finding

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
MARKETS = "MKT_"
"""Begins the names that declare gift-card markets; `gift_card_markets` looks at those."""


def python() -> Finding:
    """Report the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python", sys.version_info >= OLDEST_PYTHON, version, "install Python 3.11, then: make setup"
    )


def env_file(base: Path) -> Finding:
    """Report names in `.env` that no setting reads: usually a typing mistake."""
    path = base / ".env"
    if not path.exists():
        return Finding(".env", ok=True, detail="none; defaults apply")
    known = set(_names(base / ".env.example"))
    unknown = [name for name in _names(path) if name not in known and not name.startswith(MARKETS)]
    detail = f"unknown: {', '.join(unknown)}" if unknown else "every name is known"
    return Finding(".env", ok=not unknown, detail=detail, remedy="compare with .env.example")


def _names(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    stripped = [line.strip().removeprefix("#").strip() for line in lines]
    names = [line.partition("=")[0] for line in stripped if "=" in line]
    return [name for name in names if name.isupper() and " " not in name]


def data_folder(var: Path) -> Finding:
    """Report whether data can be kept, and how much room there is."""
    if not var.exists():
        return Finding(
            "data folder",
            ok=False,
            detail=f"{var} is missing",
            remedy="set ARBSITE_VAR",
            fix=lambda: _make(var),
        )
    if not os.access(var, os.W_OK):
        return Finding("data folder", ok=False, detail=f"{var} is not writable", remedy="set ARBSITE_VAR")
    free = shutil.disk_usage(var).free // 2**20
    detail = f"{var}, {free} MB free"
    return Finding("data folder", free * 2**20 >= health.MIN_FREE_BYTES, detail, "free some disk space")


def port() -> Finding:
    """Report the port the next start listens on."""
    if is_up(settings.VAR_DIR):
        return Finding("port", ok=True, detail="Arbsite is up")
    wanted = int(os.environ.get("ARBSITE_PORT") or 8000)
    try:
        found = free_port(wanted)
    except OSError as error:
        return Finding("port", ok=False, detail=str(error), remedy="set ARBSITE_PORT")
    taken = "" if found == wanted else f"{wanted} is taken, the next start uses "
    return Finding("port", ok=True, detail=f"{taken}{HOST}:{found}")


def frontend(dist: Path) -> Finding:
    """Report whether the dashboard is built."""
    is_built = (dist / "manifest.json").exists()
    return Finding("front end", is_built, "built" if is_built else "not built", "make setup")


def node(dist: Path) -> Finding:
    """Report Node, which only building the front end needs."""
    is_built = (dist / "manifest.json").exists()
    program = shutil.which("node")
    if program is None:
        return Finding(
            "Node", is_built, "none; only building the front end needs it", "make setup installs it"
        )
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
        version = tuple(int(part) for part in answer.stdout.strip().removeprefix("v").split(".")[:2])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return Finding("Node", is_built, f"{program} does not work: {error}", "make setup installs its own")
    ok = is_built or version >= OLDEST_NODE
    return Finding("Node", ok, answer.stdout.strip(), f"Node {'.'.join(map(str, OLDEST_NODE))} or newer")


def production_settings() -> Finding:
    """Report what the settings of a production site lack."""
    errors = check_production()
    detail = "; ".join(str(error.msg) for error in errors) or f"{settings.ARBSITE_ENV}, nothing unsafe"
    return Finding("settings", not errors, detail, " ".join(str(error.hint) for error in errors))


def _make(var: Path) -> None:
    var.mkdir(parents=True)
    var.chmod(0o711)
