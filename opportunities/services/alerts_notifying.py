"""Lines behind the bell: made once, read when their user says so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.events import Topic, publish_event
from common.ids import uuid7
from opportunities.models import Notification


@dataclass(frozen=True, slots=True)
class NewNotification:
    """A line to write.

    Args:
        user_id: whose bell.
        kind: what it is about.
        title: at most 200 characters.
        body: at most 500 characters.
        link: path in the dashboard, below /app.
        dedupe_key: a second line of the same key is not written.
        tags: short words to filter by.
    """

    user_id: UUID
    kind: str
    title: str
    dedupe_key: str
    body: str = ""
    link: str = ""
    tags: Sequence[str] = ()


def notify_users(lines: Sequence[NewNotification], *, now: datetime) -> int:
    """Write lines in the caller's transaction, each once, and tell their users' open dashboards.

    Args:
        lines: what to write.
        now: time of the lines.

    Returns:
        How many were new.
    """
    if not lines:
        return 0
    rows = {
        line.dedupe_key: Notification(
            id=uuid7(),
            user_id=line.user_id,
            kind=line.kind,
            title=line.title,
            body=line.body,
            link=line.link,
            dedupe_key=line.dedupe_key,
            tags=list(line.tags),
            created_at=now,
        )
        for line in lines
    }
    with transaction.atomic():
        Notification.objects.bulk_create(rows.values(), ignore_conflicts=True)
        written = set(
            Notification.objects.filter(pk__in=[row.pk for row in rows.values()]).values_list("pk", flat=True)
        )
        for row in rows.values():
            if row.pk in written:
                publish_event(
                    topic=Topic.NOTIFICATION,
                    name="created",
                    data={"id": row.pk, "title": row.title, "kind": row.kind, "link": row.link},
                    user_id=row.user_id,
                )
    return len(written)


def mark_read(*, user_id: UUID, ids: Collection[UUID] | None, now: datetime) -> int:
    """Mark a user's unread lines as read: the given ones, or all. Unknown and foreign ids are ignored.

    Returns:
        How many were unread.
    """
    rows = Notification.objects.filter(user_id=user_id, read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.update(read_at=now)
