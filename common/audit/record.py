"""Adding events to the audit trail."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from common.ids import uuid7
from common.logging import current_request_id
from common.metrics import AUDIT_EVENTS
from common.models import AuditEvent

JSON: TypeAlias = Any
MAX_DATA_BYTES: Final = 32_768
_VERB: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SUBJECT: Final = re.compile(r"[a-z][a-z0-9_]*:\S+")

_INSERT: Final = """
INSERT INTO audit_events (id, stream, seq, verb, subject, actor_id, data, request_id, recorded_at,
previous_hash, hash) VALUES (%s, '', 0, %s, %s, %s, %s::jsonb, %s, %s, '', '') RETURNING stream, seq,
previous_hash, hash
"""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; the arguments of `record_event` as a value."""

    verb: str
    subject: str
    data: Mapping[str, JSON] = field(default_factory=dict)


def record_event(
    *, actor: AbstractBaseUser | None, verb: str, subject: str, data: Mapping[str, JSON], now: datetime
) -> AuditEvent:
    """Record one state change in the caller's transaction.

    Args:
        actor: who did it; `None` for the system itself.
        verb: dotted past-tense name, such as `price.released`.
        subject: `type:id` of what changed, such as `quarantined_price:12`.
        data: facts about the change; JSON types, Decimal, datetime and UUID. Ids only, no personal data, no
            secrets.
        now: when it happened, aware.

    Returns:
        The sealed event.

    Raises:
        ValueError: on a malformed verb or subject, a naive time, or data over 32 KiB.
        django.db.transaction.TransactionManagementError: outside a transaction, where the event could be
            recorded without its effect.
    """
    return record_events([NewEvent(verb, subject, data)], actor=actor, now=now)[0]


def record_events(
    events: Iterable[NewEvent], *, actor: AbstractBaseUser | None, now: datetime
) -> list[AuditEvent]:
    """Record several state changes at once, locking their streams in one global order (no deadlocks).

    Args, errors: as `record_event`.

    Returns:
        The sealed events, in the order given.
    """
    if not connection.in_atomic_block:
        msg = "Audit events are recorded inside the transaction of the change they describe"
        raise transaction.TransactionManagementError(msg)
    if now.tzinfo is None:
        msg = "An audit event needs an aware time"
        raise ValueError(msg)
    actor_id: UUID | None = None if actor is None else actor.pk
    request_id = current_request_id()
    prepared = [(index, event, _encode(event)) for index, event in enumerate(events)]
    sealed: dict[int, AuditEvent] = {}
    with connection.cursor() as cursor:
        for index, event, text in sorted(prepared, key=lambda item: _stream_key(item[1].subject)):
            row = AuditEvent(
                id=uuid7(), verb=event.verb, subject=event.subject, actor_id=actor_id, data=json.loads(text),
                request_id=request_id, recorded_at=now,
            )  # fmt: skip
            cursor.execute(_INSERT, [row.id, row.verb, row.subject, actor_id, text, request_id, now])
            row.stream, row.seq, row.previous_hash, row.hash = cursor.fetchone()
            row._state.adding = False
            sealed[index] = row
            AUDIT_EVENTS.labels(verb=event.verb).inc()
    return [sealed[index] for index in range(len(sealed))]


def _stream_key(subject: str) -> tuple[str, str]:
    digest = hashlib.md5(subject.encode(), usedforsecurity=False).hexdigest()
    return subject.partition(":")[0], digest[0]


def _encode(event: NewEvent) -> str:
    if not _VERB.fullmatch(event.verb) or len(event.verb) > 64:
        msg = f"Audit verb must be dotted lower snake, at most 64 characters: {event.verb!r}"
        raise ValueError(msg)
    if not _SUBJECT.fullmatch(event.subject) or len(event.subject) > 120:
        msg = f"Audit subject must read 'type:id', at most 120 characters: {event.subject!r}"
        raise ValueError(msg)
    text = json.dumps(dict(event.data), cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    if len(text.encode()) > MAX_DATA_BYTES:
        msg = f"Audit data of {event.verb} exceeds {MAX_DATA_BYTES} bytes"
        raise ValueError(msg)
    return text
