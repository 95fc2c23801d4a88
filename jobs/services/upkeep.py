"""Ending jobs whose worker is gone for good."""

import json
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from common.audit import NewEvent, record_events

STALE_AFTER: Final = timedelta(minutes=20)

# a message that waits, runs or will be sent again still brings the job to its end; a parked one does not
_CLOSE: Final = """
UPDATE jobs SET state = CASE state WHEN 'cancelling' THEN 'cancelled' ELSE 'failed' END,
    finished_at = %(now)s, error_count = error_count + 1, errors = errors || %(error)s::jsonb
WHERE id IN (
    SELECT j.id FROM jobs j
    WHERE j.state IN ('queued', 'running', 'cancelling')
        AND coalesce(j.heartbeat_at, j.created_at) < %(oldest)s
        AND NOT EXISTS (SELECT FROM outbox_messages m WHERE m.done_at IS NULL AND m.parked_at IS NULL
            AND m.kwargs->>'job_id' = j.id::text)
    FOR UPDATE SKIP LOCKED)
RETURNING id::text, kind, state
"""
_LOST: Final = json.dumps(
    [{"code": "worker_lost", "detail": "The worker was lost; nobody took over.", "subject": "", "count": 1}]
)


def close_stale_jobs(*, now: datetime) -> list[str]:
    """End open jobs that gave no sign for 20 minutes and that no outbox message will bring on.

    Returns:
        Their ids.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"now": now, "oldest": now - STALE_AFTER, "error": _LOST})
        closed = cursor.fetchall()
        record_events(
            [
                NewEvent(
                    "job.ended", f"job:{job_id}", {"kind": kind, "state": state, "reason": "worker_lost"}
                )
                for job_id, kind, state in closed
            ],
            actor=None,
            now=now,
        )
    return [job_id for job_id, _, _ in closed]
