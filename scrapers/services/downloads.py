"""The memory of bulk downloads, as far as people change it, and what killed runs left of their files."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from common.audit import record_event
from scrapers.models import FeedDownload
from users.models import User

LEFT_OVER_AFTER: Final = timedelta(days=1)
"""No download takes so long: what is older was left by a process that was killed."""


def remove_leftovers(folder: Path, *, now: datetime) -> int:
    """Remove unfinished downloads that nobody works on any more.

    Args:
        folder: where feeds are downloaded to; it may be missing.
        now: the current time.

    Returns:
        How many files were removed.
    """
    oldest = (now - LEFT_OVER_AFTER).timestamp()
    removed = 0
    for path in folder.glob("*.part"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # another run was faster
            continue
    return removed


def forget_downloads(ids: Collection[int], *, actor: User | None, now: datetime) -> int:
    """Forget what is known of addresses: the next run fetches and stores their content again.

    Returns:
        How many there were.
    """
    with transaction.atomic():
        rows = list(
            FeedDownload.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .select_related("route")
            .order_by("pk")
        )
        for row in rows:
            record_event(
                actor=actor,
                verb="feed_download.forgotten",
                subject=f"source_route:{row.route_id}",
                data={"url": row.url, "source": row.route.source, "route": row.route.code},
                now=now,
            )
        FeedDownload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
