"""What `manage.py` adds to Django's command line: servers on demand, one line for a wrong environment."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from .embedded import Lease, ServicesError, acquire

HELD = "ARBSITE_SERVICES_HELD"
"""Names the data folder in the environment of child processes whose parent holds the lease for them."""

WITHOUT_SERVICES = frozenset(
    {
        "check", "collectstatic", "compilemessages", "diffsettings", "doctor", "findstatic", "help",
        "makemessages", "run_ingest", "schema", "spectacular", "startapp", "startproject", "up", "version",
    }
)  # fmt: skip
"""Commands that need no server, or (`up`, `doctor`) see to it themselves.

`run_ingest` speaks ZeroMQ, and does without the Redis that hears its heartbeat; it becomes another program,
which would drop a lease.
"""

EXIT_FAILURE = 1


def needs_services(argv: Sequence[str]) -> bool:
    """Tell whether a command line needs PostgreSQL and Redis."""
    if len(argv) < 2 or argv[1].startswith("-") or {"-h", "--help", "--version"} & set(argv[1:]):
        return False
    if argv[1] == "check":
        return any(part.startswith("--database") for part in argv)
    return argv[1] not in WITHOUT_SERVICES


def services_for_command() -> Lease | None:
    """Return a lease on the embedded servers, None when all are external or our parent holds one already."""
    if not settings.EMBEDDED_SERVICES or os.environ.get(HELD) == str(settings.VAR_DIR):
        return None
    return acquire(settings.VAR_DIR, services=settings.EMBEDDED_SERVICES, notice=_say)


@contextmanager
def explained() -> Iterator[None]:
    """Turn a wrong environment into one line and exit code 1; `--traceback` shows the whole error."""
    if "--traceback" in sys.argv:
        yield
        return
    try:
        yield
    except (ImproperlyConfigured, ServicesError) as error:
        _say(f"error: {error}")
        sys.exit(EXIT_FAILURE)
    except OperationalError as error:
        if "connection" not in str(error).lower():
            raise
        _say(f"error: cannot use the database{_whose_database()}: {' '.join(str(error).split())}")
        sys.exit(EXIT_FAILURE)


def _whose_database() -> str:
    return "" if "postgres" in settings.EMBEDDED_SERVICES else " named by DATABASE_URL"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
