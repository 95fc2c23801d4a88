"""The sending end: rows become Celery messages, and messages nobody confirmed are sent again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import redis
import structlog
from celery import Celery, current_app
from celery.exceptions import QueueNotFound
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from common.audit import NewEvent, record_events
from common.clock import utc_now
from common.metrics import OUTBOX_PARKED, OUTBOX_PUBLISHED, OUTBOX_RECONCILED

from .delivery import HEADER, MAX_ATTEMPTS

logger = structlog.get_logger(__name__)

BATCH: Final = 200
UNCONFIRMED_SECONDS: Final = 60
UNCONFIRMED_MAX_SECONDS: Final = 3_600
_MARKER: Final = "arbsite:outbox:broker-epoch"

_CLAIM: Final = """
SELECT id, task, kwargs::text, queue, request_id FROM outbox_messages
WHERE published_at IS NULL AND done_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp()
ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_PUBLISHED: Final = """
UPDATE outbox_messages SET published_at = clock_timestamp(), publish_count = publish_count + 1
WHERE id = ANY(%s)
"""
# The wait doubles with every publication: behind a long queue, copies of a message must not breed.
_RECLAIM: Final = """
UPDATE outbox_messages SET published_at = NULL, leased_until = NULL WHERE id IN (
    SELECT id FROM outbox_messages
    WHERE published_at IS NOT NULL AND done_at IS NULL AND parked_at IS NULL AND attempts < %(max_attempts)s
        AND coalesce(leased_until, '-infinity') <= clock_timestamp()
        AND (%(everything)s OR leased_until IS NOT NULL
            OR published_at <= clock_timestamp() - interval '1 second'
                * least(%(longest)s, %(seconds)s * power(2, least(publish_count, 12) - 1)))
    ORDER BY published_at LIMIT 1000 FOR UPDATE SKIP LOCKED
) RETURNING queue
"""
_PARK: Final = """
UPDATE outbox_messages SET parked_at = clock_timestamp() WHERE id IN (
    SELECT id FROM outbox_messages
    WHERE done_at IS NULL AND parked_at IS NULL AND attempts >= %s
        AND coalesce(leased_until, '-infinity') <= clock_timestamp()
    ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
) RETURNING id, task, queue, last_error
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox, ready to be published."""

    id: UUID
    task: str
    kwargs: dict[str, Any]
    queue: str
    request_id: str = ""


class Publisher(Protocol):
    """Anything that can hand a message to a broker."""

    def publish(self, message: Message) -> None:
        """Hand over one message.

        Raises:
            kombu.exceptions.OperationalError: the broker is unreachable or full; the message stays.
            celery.exceptions.QueueNotFound: nobody declared the queue; the message is parked.
        """
        ...


class CeleryPublisher:
    """Publishes tasks by name through a Celery application, the current one by default."""

    def __init__(self, app: Celery | None = None) -> None:
        self._app = app or current_app

    def publish(self, message: Message) -> None:
        """Send the task with the message's id as task id and header; no retry, the row is the retry."""
        # The task's log lines name the request that asked for it, not the one that woke this relay.
        with structlog.contextvars.bound_contextvars(request_id=message.request_id or None):
            self._app.send_task(
                message.task,
                kwargs=message.kwargs,
                queue=message.queue,
                task_id=str(message.id),
                headers={HEADER: str(message.id)},
                retry=False,
            )


@dataclass(frozen=True, slots=True)
class RelayReport:
    """What one pass did."""

    published: int = 0
    reclaimed: int = 0
    parked: int = 0
    is_broker_down: bool = False


def relay_messages(*, publisher: Publisher | None = None, limit: int = 5_000) -> RelayReport:
    """Publish every due message, in batches; any number of relays may run side by side.

    The rows stay locked while their batch is published: a crash after publishing and before the commit
    publishes them again, and never loses one.

    Args:
        publisher: where they go; the Celery application by default.
        limit: at most this many in one pass.

    Returns:
        How many were published, and whether the broker refused.
    """
    publisher = publisher or CeleryPublisher()
    published = 0
    while published < limit:
        count, is_down = _relay_batch(publisher, min(BATCH, limit - published))
        published += count
        if is_down or count == 0:
            return RelayReport(published=published, is_broker_down=is_down)
    return RelayReport(published=published)


def reconcile_messages(
    *, unconfirmed_seconds: int = UNCONFIRMED_SECONDS, is_broker_emptied: bool | None = None
) -> RelayReport:
    """Make every message that was published and not confirmed ready to be published again, or park it.

    A message is taken back when its run failed or its lease ended, when nobody started it within
    `unconfirmed_seconds` (doubling with each publication, at most an hour), or at once when the broker lost
    its data. After five started runs it is parked for a person to look at, with an audit event.

    Args:
        unconfirmed_seconds: how long a published message may wait for a worker before it is sent again.
        is_broker_emptied: whether the broker lost its data; None looks for the marker this keeps there.

    Returns:
        How many were taken back and parked.
    """
    everything = broker_lost_its_data() if is_broker_emptied is None else is_broker_emptied
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _RECLAIM,
            {
                "max_attempts": MAX_ATTEMPTS,
                "everything": everything,
                "seconds": unconfirmed_seconds,
                "longest": UNCONFIRMED_MAX_SECONDS,
            },
        )
        queues = [queue for (queue,) in cursor.fetchall()]
    for queue in queues:
        OUTBOX_RECONCILED.labels(queue=queue).inc()
    if queues:
        logger.warning("outbox.reclaimed", count=len(queues), is_broker_emptied=everything)
    return RelayReport(reclaimed=len(queues), parked=_park_exhausted())


def broker_lost_its_data() -> bool:
    """Return whether the broker's Redis forgot the marker of the last call: it was emptied or replaced."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.set(_MARKER, "1", nx=True))
    except redis.RedisError:
        return False
    finally:
        client.close()


def _relay_batch(publisher: Publisher, size: int) -> tuple[int, bool]:
    """Publish one batch; return how many left the queue of waiting rows, and whether the broker refused."""
    done: list[UUID] = []
    homeless: list[Message] = []
    is_down = False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [size])
        messages = [
            Message(key, task, json.loads(text), queue, request_id)
            for key, task, text, queue, request_id in cursor.fetchall()
        ]
        for message in messages:
            try:
                publisher.publish(message)
            except QueueNotFound:
                homeless.append(message)
            except (OperationalError, OSError) as error:
                logger.warning("outbox.broker_unavailable", error=type(error).__name__)
                OUTBOX_PUBLISHED.labels(queue=message.queue, outcome="refused").inc()
                is_down = True
                break
            else:
                done.append(message.id)
                OUTBOX_PUBLISHED.labels(queue=message.queue, outcome="published").inc()
        if done:
            cursor.execute(_PUBLISHED, [done])
        if homeless:
            cursor.execute(
                "UPDATE outbox_messages SET parked_at = clock_timestamp(), last_error = 'QueueNotFound' "
                "WHERE id = ANY(%s)",
                [[message.id for message in homeless]],
            )
            _record_parked(
                [(message.id, message.task, message.queue, "QueueNotFound") for message in homeless]
            )
    return len(done) + len(homeless), is_down


def _park_exhausted() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PARK, [MAX_ATTEMPTS])
        rows = cursor.fetchall()
        _record_parked(rows)
    return len(rows)


def _record_parked(rows: Sequence[tuple[UUID, str, str, str]]) -> None:
    events = []
    for message_id, task, queue, error in rows:
        OUTBOX_PARKED.labels(queue=queue).inc()
        logger.error("outbox.parked", message=str(message_id), task=task, error=error)
        events.append(
            NewEvent("outbox.parked", f"outbox_message:{message_id}", {"task": task, "error": error})
        )
    if events:
        record_events(events, actor=None, now=utc_now())
