"""Bringing stored secrets under the newest key, batch by batch; `manage.py rotate_keys` calls it.

Nothing is remembered between runs: what a text begins with tells whether it is done. A run that was killed
left whole batches behind and is continued by the next one; several at once share the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import QuerySet

from common.audit import record_event
from common.commands import Progress
from common.secrets import (
    EncryptedColumn,
    SecretError,
    current_prefix,
    decrypt,
    encrypt,
    encrypted_columns,
)

logger = structlog.get_logger(__name__)
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class RotationReport:
    """What became of one column: how many rows there are, were brought over, and could not be read."""

    column: str
    total: int
    rotated: int
    unreadable: int


def rotate_column(
    column: EncryptedColumn, *, now: datetime, batch: int = BATCH, progress: Progress | None = None
) -> RotationReport:
    """Encrypt every row of a column that is not under the newest key anew, `batch` rows a transaction.

    Each row is locked, read, and written under the newest key; a row that cannot be read stays as it is and
    is counted. Each batch leaves one audit event with its count.

    Args:
        column: a declared column.
        now: time for the audit trail.
        batch: rows a transaction.
        progress: told of every row.
    """
    rotated = unreadable = 0
    last: object = None
    while True:
        with transaction.atomic():
            rows = _waiting(column, after=last).select_for_update()[:batch]
            found = [(row["pk"], row[column.column]) for row in rows.values("pk", column.column)]
            if not found:
                break
            done = sum(_rotate_row(column, row_id, text) for row_id, text in found)
            if done:
                record_event(
                    actor=None,
                    verb="secrets.rotated",
                    subject=f"table:{column.model._meta.db_table}",
                    data={"column": column.column, "count": done},
                    now=now,
                )
        last = found[-1][0]
        rotated += done
        unreadable += len(found) - done
        if progress is not None:
            progress(len(found))
    return RotationReport(column.name, column.model._default_manager.count(), rotated, unreadable)


def count_waiting() -> Sequence[RotationReport]:
    """Return, per column, how many rows a rotation would bring over (as `rotated`), and change nothing.

    Rows that could not be read are counted by trying.
    """
    reports = []
    for column in encrypted_columns():
        waiting = unreadable = 0
        for row in _waiting(column, after=None).values("pk", column.column).iterator(chunk_size=BATCH):
            is_readable = _is_readable(column, row["pk"], row[column.column])
            waiting += is_readable
            unreadable += not is_readable
        total = column.model._default_manager.count()
        reports.append(RotationReport(column.name, total, waiting, unreadable))
    return reports


def _waiting(column: EncryptedColumn, *, after: object) -> QuerySet[Any]:
    """Return the rows behind a key (None: all) that hold a secret under another key than the newest."""
    rows: QuerySet[Any] = column.model._default_manager.exclude(**{column.column: ""})
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.exclude(**{f"{column.column}__startswith": current_prefix()}).order_by("pk")


def _rotate_row(column: EncryptedColumn, row_id: object, text: str) -> bool:
    context = column.context(row_id)
    try:
        secret = decrypt(text, context=context)
    except SecretError as error:
        logger.warning("secret.unreadable", column=column.name, row=str(row_id), code=error.code)
        return False
    column.model._default_manager.filter(pk=row_id).update(
        **{column.column: encrypt(secret, context=context)}
    )
    return True


def _is_readable(column: EncryptedColumn, row_id: object, text: str) -> bool:
    try:
        decrypt(text, context=column.context(row_id))
    except SecretError:
        return False
    return True
