"""The memory of bulk downloads, as far as people change it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from common.audit import record_event
from scrapers.models import FeedDownload
from users.models import User


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
