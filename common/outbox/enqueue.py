"""Asking for background work inside a transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from celery import current_app
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from common.ids import uuid7
from common.logging import current_request_id

logger = structlog.get_logger(__name__)
RELAY_TASK: Final = "common.relay_outbox"
MAX_KWARGS_BYTES: Final = 65_536

_INSERT: Final = """
INSERT INTO outbox_messages
    (id, task, kwargs, queue, key, due_at, request_id, publish_count, attempts, last_error)
VALUES (%s, %s, %s::jsonb, %s, %s, coalesce(%s, now()), %s, 0, 0, '') ON CONFLICT (key) DO NOTHING
"""


def enqueue(
    *,
    task: str,
    kwargs: Mapping[str, Any],
    queue: str,
    key: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Ask for a Celery task to run after the caller's transaction commits.

    Args:
        task: registered task name, such as `opportunities.send_alert`.
        kwargs: keyword arguments of JSON types (ids, not objects); Decimal, date and UUID become strings.
        queue: a declared Celery queue.
        key: at most one message per key is ever accepted; a second one is silently the same message.
        due_at: not before this time; `None` means at once.

    Raises:
        ValueError: if the queue is not declared, or the arguments exceed 64 KiB or hold NaN.
        django.db.transaction.TransactionManagementError: outside a transaction, where the work could be
            asked for without its cause.
    """
    declared: tuple[str, ...] = settings.QUEUES
    if queue not in declared:
        msg = f"Queue {queue!r} is not declared; declared are {', '.join(declared)}"
        raise ValueError(msg)
    if not connection.in_atomic_block:
        msg = "Outbox messages are written inside the transaction that makes the work necessary"
        raise transaction.TransactionManagementError(msg)
    text = json.dumps(dict(kwargs), cls=DjangoJSONEncoder, allow_nan=False)
    if len(text) > MAX_KWARGS_BYTES:
        msg = f"Arguments of {task} exceed {MAX_KWARGS_BYTES} bytes; pass ids instead"
        raise ValueError(msg)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [uuid7(), task, text, queue, key, due_at, current_request_id()])
    if due_at is None and all(entry[1] is not _nudge_relay for entry in connection.run_on_commit):
        transaction.on_commit(_nudge_relay, robust=True)


def _nudge_relay() -> None:
    """Wake the relay now instead of at its next turn. Only a courtesy: losing it loses nothing."""
    try:
        current_app.send_task(RELAY_TASK, expires=60, retry=False)
    except (OperationalError, OSError):
        logger.info("outbox.nudge_failed")
