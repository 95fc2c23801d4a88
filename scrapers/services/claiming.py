"""One run at a time at one feed: two would download it twice and remove each other's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection

from scrapers.models import SourceRoute

logger = structlog.get_logger(__name__)

_LOCK: Final = "scrapers.feed"


@contextmanager
def claimed(row: SourceRoute) -> Iterator[bool]:
    """Hold a route's advisory lock, whatever job it is for; it goes with the connection of a killed process.

    Yields:
        Whether it was free; if not, another run is at the feed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s::integer)", [_LOCK, row.pk])
        is_free = bool(cursor.fetchone()[0])
    try:
        yield is_free
    finally:
        if is_free:
            _release(row)


def _release(row: SourceRoute) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s::integer)", [_LOCK, row.pk])
    except DatabaseFailure:  # the connection is gone or its transaction failed; the lock goes with it
        logger.info("feed.lock_gone", route=str(row))
