"""What staff do about the outbox: send a parked message again; and what time does: forget finished ones."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from common.audit import NewEvent, record_events
from common.models import IdempotencyKey, OutboxMessage

KEEP_DONE: Final = timedelta(days=7)
KEEP_KEYED: Final = timedelta(days=90)
KEEP_IDEMPOTENCY: Final = timedelta(days=30)


def release_parked(ids: Collection[UUID], *, actor: AbstractBaseUser | None, now: datetime) -> int:
    """Give parked messages a fresh set of attempts, with an audit event each.

    Returns:
        How many were parked and now wait for the relay.
    """
    with transaction.atomic():
        rows = list(
            OutboxMessage.objects.select_for_update().filter(
                id__in=ids, parked_at__isnull=False, done_at__isnull=True
            )
        )
        OutboxMessage.objects.filter(id__in=[row.id for row in rows]).update(
            parked_at=None, published_at=None, leased_until=None, attempts=0, publish_count=0, last_error=""
        )
        record_events(
            [NewEvent("outbox.released", f"outbox_message:{row.id}", {"task": row.task}) for row in rows],
            actor=actor,
            now=now,
        )
    return len(rows)


def purge_finished(*, now: datetime) -> dict[str, int]:
    """Delete finished messages and answers that are past keeping.

    A keyed message is kept for 90 days, because its row is what makes the key unique; others for a week;
    idempotency answers for 30 days.

    Returns:
        Rows deleted, by table.
    """
    messages, _ = OutboxMessage.objects.filter(key__isnull=True, done_at__lt=now - KEEP_DONE).delete()
    keyed, _ = OutboxMessage.objects.filter(key__isnull=False, done_at__lt=now - KEEP_KEYED).delete()
    answers, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEEP_IDEMPOTENCY).delete()
    return {"outbox_messages": messages + keyed, "idempotency_keys": answers}
