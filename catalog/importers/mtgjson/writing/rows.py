"""Small database moves the writers share."""

import hashlib
import json
from typing import Any

from django.db.backends.utils import CursorWrapper


def reserve_ids(cursor: CursorWrapper, table: str, count: int) -> list[int]:
    """Take `count` primary keys of `table` from its sequence, in rising order."""
    if not count:
        return []
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [row[0] for row in cursor.fetchall()]


def fingerprint(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `data`: sorted keys, no blanks, UTF-8."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
