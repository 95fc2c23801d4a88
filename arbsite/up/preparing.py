"""Bringing the database up to date before anything runs on it, skipped when nothing has changed."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .console import Console

PREPARED = Path("run") / "prepared.json"
DEMO_SECONDS = 20 * 3600.0  # prices older than PRICE_MAX_AGE_HOURS raise no opportunity


class PreparationFailed(Exception):
    """`manage.py prepare` did not succeed; it has said why."""


def prepare(
    *, base: Path, var: Path, demo: bool, is_embedded: bool, environment: Mapping[str, str], console: Console
) -> dict[str, Any]:
    """Run `manage.py prepare` unless its last result still stands; return what it reported.

    A database of somebody else's may change behind our back, so it is always prepared.
    """
    stamp = fingerprint(base, var, demo=demo)
    found = _last(var)
    if is_embedded and found.get("stamp") == stamp and not _is_old_demo(found):
        return found
    report = var / PREPARED
    report.unlink(missing_ok=True)
    command = [sys.executable, str(base / "manage.py"), "prepare", "--report", str(report)]
    with console.step("bringing the database up to date"):
        run = subprocess.Popen(
            [*command, *([] if demo else ["--no-demo"])],
            cwd=base,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
        )
        try:
            code = run.wait()
        except BaseException:
            run.terminate()
            run.wait()
            raise
    if code:
        raise PreparationFailed
    found = _last(var)
    report.write_text(json.dumps({**found, "stamp": stamp, "at": time.time()}), encoding="utf-8")
    return found


def fingerprint(base: Path, var: Path, *, demo: bool) -> str:
    """Return a digest of all that decides what a prepared database looks like."""
    digest = hashlib.sha256(f"demo={demo}".encode())
    inputs = sorted(base.glob("*/migrations/*.py"))
    inputs += [base / "requirements" / "base.txt", base / "arbsite" / "schedule.py"]
    for path in inputs:
        digest.update(str(path.relative_to(base)).encode() + b"\0" + path.read_bytes() + b"\0")
    cluster = (var / "postgres" / "data" / "PG_VERSION").stat()  # another cluster is another database
    digest.update(f"{cluster.st_ino} {cluster.st_ctime_ns}".encode())
    return digest.hexdigest()


def _is_old_demo(found: Mapping[str, Any]) -> bool:
    """Tell whether the demo market's prices need to be brought up to today."""
    return bool(found.get("has_demo")) and not 0 <= time.time() - float(found.get("at", 0)) < DEMO_SECONDS


def _last(var: Path) -> dict[str, Any]:
    try:
        found = json.loads((var / PREPARED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
