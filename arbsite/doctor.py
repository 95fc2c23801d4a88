"""What may be wrong with an installation, one finding per look, each with its remedy."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError

from arbsite import health
from arbsite.commandline import services_for_command
from arbsite.embedded import ServicesError
from arbsite.up.programs import HOST, free_port
from arbsite.up.running import is_up

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One looked-at thing."""

    subject: str
    ok: bool
    detail: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """Look at everything, in the order in which things depend on each other."""
    yield _python()
    yield _env_file(settings.BASE_DIR)
    yield _data_folder(settings.VAR_DIR)
    yield _port()
    yield _frontend(settings.FRONTEND_DIST)
    try:
        lease = services_for_command()
    except ServicesError as error:
        yield Finding("servers", ok=False, detail=str(error), remedy="see the reason; logs are in var/logs")
        return
    try:
        yield from _servers()
    finally:
        if lease is not None:
            lease.close()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python", sys.version_info >= OLDEST_PYTHON, version, "install Python 3.11, then: make setup"
    )


def _env_file(base: Path) -> Finding:
    """Report names in `.env` that no setting reads: usually a typing mistake."""
    path = base / ".env"
    if not path.exists():
        return Finding(".env", ok=True, detail="none; defaults apply")
    known = set(_names(base / ".env.example"))
    unknown = [name for name in _names(path) if name not in known]
    detail = f"unknown: {', '.join(unknown)}" if unknown else "every name is known"
    return Finding(".env", ok=not unknown, detail=detail, remedy="compare with .env.example")


def _names(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    stripped = [line.strip().removeprefix("#").strip() for line in lines]
    names = [line.partition("=")[0] for line in stripped if "=" in line]
    return [name for name in names if name.isupper() and " " not in name]


def _data_folder(var: Path) -> Finding:
    if not os.access(var, os.W_OK):
        return Finding("data folder", ok=False, detail=f"{var} is not writable", remedy="set ARBSITE_VAR")
    free = shutil.disk_usage(var).free // 2**20
    detail = f"{var}, {free} MB free"
    return Finding("data folder", free * 2**20 >= health.MIN_FREE_BYTES, detail, "free some disk space")


def _port() -> Finding:
    if is_up(settings.VAR_DIR):
        return Finding("port", ok=True, detail="Arbsite is up")
    wanted = int(os.environ.get("ARBSITE_PORT") or 8000)
    try:
        found = free_port(wanted)
    except OSError as error:
        return Finding("port", ok=False, detail=str(error), remedy="set ARBSITE_PORT")
    taken = "" if found == wanted else f"{wanted} is taken, the next start uses "
    return Finding("port", ok=True, detail=f"{taken}{HOST}:{found}")


def _frontend(dist: Path) -> Finding:
    is_built = (dist / "manifest.json").exists()
    return Finding("front end", is_built, "built" if is_built else "not built", "make setup")


def _servers() -> Iterator[Finding]:
    looks: tuple[tuple[str, Callable[[], health.Component], str], ...] = (
        ("database", health.database, "check DATABASE_URL, or var/logs/postgres.log"),
        ("Redis", health.broker, "check REDIS_URL, or var/logs/redis.log"),
        ("migrations", health.Migrations(), "manage.py prepare"),
        ("outbox", health.outbox, "are the workers running? manage.py up"),
    )
    for subject, look, remedy in looks:
        try:
            found = dict(look())
        except (DatabaseError, redis.RedisError, OSError) as error:
            yield Finding(subject, ok=False, detail=" ".join(str(error).split()), remedy=remedy)
            continue
        ok = bool(found.pop("ok"))
        found.pop("required", None)
        yield Finding(subject, ok, ", ".join(f"{name} {value}" for name, value in found.items()), remedy)
