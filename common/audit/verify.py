"""Checking the audit chains against the rows that are stored now."""

import hashlib
import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from common.errors import InvalidInput
from common.metrics import AUDIT_VERIFY_SECONDS
from common.models import AuditEvent, AuditVerification

MAX_BREAKS: Final = 1_000
# Written out here and not called from the database: a tampered sealing function must not verify its own work.
_EXPECTED_HASH: Final = """sha256(previous_hash || convert_to(jsonb_build_object(
    'id', id, 'stream', stream, 'seq', seq, 'verb', verb, 'subject', subject, 'actor_id', actor_id, 'data',
    data, 'request_id', request_id, 'recorded_at', to_char(recorded_at AT TIME ZONE 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS.US')
)::text, 'UTF8'))"""
_GENESIS: Final = "sha256(convert_to(stream, 'UTF8'))"

_BROKEN_ROWS: Final = f"""
SELECT stream, seq, CASE
    WHEN hash <> expected THEN 'edited'
    WHEN seq <> previous_seq + 1 THEN 'missing_before'
    ELSE 'relinked' END
FROM (
    SELECT stream, seq, hash, previous_hash, {_EXPECTED_HASH} AS expected,
        coalesce(lag(seq) OVER chain, 0) AS previous_seq,
        coalesce(lag(hash) OVER chain, {_GENESIS}) AS linked
    FROM audit_events WINDOW chain AS (PARTITION BY stream ORDER BY seq)
) AS link
WHERE hash <> expected OR previous_hash <> linked OR seq <> previous_seq + 1
ORDER BY stream, seq LIMIT {MAX_BREAKS}
"""  # noqa: S608 - constants above, no input

_BROKEN_HEADS: Final = f"""
SELECT coalesce(head.stream, tail.stream), coalesce(head.seq, 0), CASE
    WHEN head.stream IS NULL THEN 'head_missing'
    WHEN coalesce(tail.seq, 0) < head.seq THEN 'tail_cut'
    WHEN tail.seq > head.seq THEN 'head_behind'
    ELSE 'head_altered' END
FROM audit_heads AS head
FULL JOIN (
    SELECT DISTINCT ON (stream) stream, seq, hash FROM audit_events ORDER BY stream, seq DESC
) AS tail ON tail.stream = head.stream
WHERE head.stream IS NULL OR tail.stream IS NULL OR head.seq <> tail.seq OR head.hash <> tail.hash
ORDER BY 1 LIMIT {MAX_BREAKS}
"""  # noqa: S608 - constants above, no input

_ANCHORED: Final = """
SELECT anchor.stream, anchor.seq FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS anchor (stream, seq,
hash) LEFT JOIN audit_events AS event ON event.stream = anchor.stream AND event.seq = anchor.seq WHERE
event.hash IS NULL OR encode(event.hash, 'hex') <> anchor.hash ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Every stream's head at one moment, to be kept where the database's owner cannot reach it.

    `links` maps a stream to its last sequence number and that event's hash in hex.
    """

    links: Mapping[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """One SHA-256 over all heads, short enough for a log line."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_json(self) -> dict[str, list[Any]]:
        """Return the JSON form, `{stream: [seq, hash]}`."""
        return {stream: [seq, digest] for stream, (seq, digest) in self.links.items()}

    @classmethod
    def from_json(cls, data: Any) -> "Anchor":
        """Read the JSON form.

        Raises:
            InvalidInput: with code `invalid_anchor`, when it is anything else.
        """
        try:
            return cls({str(stream): (int(seq), str(digest)) for stream, (seq, digest) in data.items()})
        except (AttributeError, TypeError, ValueError) as error:
            raise InvalidInput("invalid_anchor", "An anchor reads {stream: [seq, hash]}.") from error


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """One place where a chain does not hold.

    `reason` is one of edited, missing_before, relinked, head_missing, tail_cut, head_behind, head_altered,
    anchor.
    """

    stream: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The result of one verification; at most 1,000 breaks of each kind are listed."""

    events: int
    streams: int
    breaks: tuple[ChainBreak, ...]
    seconds: float

    @property
    def is_intact(self) -> bool:
        """Whether every chain holds."""
        return not self.breaks


def events_hold(ids: Collection[UUID]) -> bool:
    """Return whether each of some events is stored and has the hash of what is stored.

    This finds edited events, not removed ones: only `verify_chains` looks at what comes between.
    """
    wanted = list(dict.fromkeys(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM audit_events WHERE id = ANY(%s) AND hash = {_EXPECTED_HASH}",  # noqa: S608 - constant
            [wanted],
        )
        return bool(cursor.fetchone()[0] == len(wanted))


def verify_chains(*, now: datetime, anchor: Anchor | None = None) -> ChainReport:
    """Recompute every hash and link, compare with the heads and, when given, with an outside anchor.

    One consistent snapshot (repeatable read when not already inside a transaction), linear in the number of
    events, inside the database. Keeps the result for the metrics and the admin.

    Args:
        now: the time of the verification, for the record.
        anchor: an earlier `current_anchor()`; each of its links must still be there.

    Returns:
        Counts and every break found.
    """
    started = time.monotonic()
    with _snapshot() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT stream) FROM audit_events")
        events, streams = cursor.fetchone()
        cursor.execute(_BROKEN_ROWS)
        breaks = [ChainBreak(*row) for row in cursor.fetchall()]
        cursor.execute(_BROKEN_HEADS)
        breaks += [ChainBreak(*row) for row in cursor.fetchall()]
        if anchor is not None and anchor.links:
            links = [(stream, seq, digest) for stream, (seq, digest) in anchor.links.items()]
            cursor.execute(_ANCHORED, [list(column) for column in zip(*links, strict=True)])
            breaks += [ChainBreak(stream, seq, "anchor") for stream, seq in cursor.fetchall()]
    report = ChainReport(
        events=events, streams=streams, breaks=tuple(breaks), seconds=time.monotonic() - started
    )
    AUDIT_VERIFY_SECONDS.observe(report.seconds)
    AuditVerification.objects.create(
        verified_at=now,
        event_count=report.events,
        stream_count=report.streams,
        break_count=len(report.breaks),
        duration_ms=round(report.seconds * 1_000),
        anchor_digest=current_anchor().digest,
    )
    return report


def current_anchor() -> Anchor:
    """Return every stream's head as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, seq, encode(hash, 'hex') FROM audit_heads WHERE seq > 0 ORDER BY stream"
        )
        return Anchor({stream: (seq, digest) for stream, seq, digest in cursor.fetchall()})


@contextmanager
def _snapshot() -> Iterator[CursorWrapper]:
    """Give a cursor whose statements all see one state of the database."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def export_events(*, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    """Yield events recorded in [since, until) as JSON-compatible rows with their hashes, oldest first."""
    events = AuditEvent.objects.order_by("recorded_at", "stream", "seq")
    if since is not None:
        events = events.filter(recorded_at__gte=since)
    if until is not None:
        events = events.filter(recorded_at__lt=until)
    for event in events.iterator(chunk_size=2_000):
        yield event_as_json(event)


def event_as_json(event: AuditEvent) -> dict[str, Any]:
    """Return one event with its hashes as JSON-compatible data."""
    return {
        "id": str(event.id),
        "stream": event.stream,
        "seq": event.seq,
        "verb": event.verb,
        "subject": event.subject,
        "actor_id": None if event.actor_id is None else str(event.actor_id),
        "data": event.data,
        "request_id": event.request_id,
        "recorded_at": event.recorded_at.isoformat(),
        "previous_hash": bytes(event.previous_hash).hex(),
        "hash": bytes(event.hash).hex(),
    }
