"""What the figures were measured on: processor, memory, load, versions and the database's settings."""

import os
import platform
from importlib import metadata
from pathlib import Path

from django.db import connection

PACKAGES = ("Django", "psycopg", "numpy", "msgspec")
DATABASE_SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "shared_buffers",
    "work_mem",
    "max_wal_size",
)


def describe_machine() -> dict[str, object]:
    """Return the facts, plain values only. Needs a database connection."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_1m": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "postgresql": _database_settings(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _database_settings() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [list(DATABASE_SETTINGS)],
        )
        return dict(cursor.fetchall())
