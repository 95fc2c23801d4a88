"""One worker at a time at one job, and one open job about one thing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection

from jobs.errors import JobBusy

logger = structlog.get_logger(__name__)

_LOCK: Final = "jobs.slice"
_ASKING: Final = "jobs.asking"
_BUSY_WAIT_SECONDS: Final = 1.0


@contextmanager
def alone(job_id: str) -> Iterator[None]:
    """Hold the job's advisory lock; it goes with the connection when the process is killed.

    Raises:
        JobBusy: if another worker holds it, and still does a second later.
    """
    with connection.cursor() as cursor:
        give_up_at = time.monotonic() + _BUSY_WAIT_SECONDS
        while not _try_lock(cursor, job_id):
            if time.monotonic() >= give_up_at:
                raise JobBusy(None, f"Another worker is at job {job_id}.")
            time.sleep(0.1)
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", [_LOCK, job_id])
        except DatabaseFailure:  # the connection is gone or its transaction failed; the lock goes with it
            logger.info("job.lock_gone", job=job_id)


def lock_subject(kind: str, subject: str) -> None:
    """Hold the lock of a kind of work about one thing until the end of the transaction.

    Whoever looks whether such a job is open before opening one takes it, or two at once would both find none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [_ASKING, f"{kind} {subject}"]
        )


def _try_lock(cursor: Any, job_id: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), hashtext(%s))", [_LOCK, job_id])
    return bool(cursor.fetchone()[0])
