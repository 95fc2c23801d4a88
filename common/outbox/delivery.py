"""The receiving end: a message's task runs, at most five times, and its effect happens once.

Only SQL here and no models: Celery may import this before Django's applications are ready.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast
from uuid import UUID

import structlog
from celery import Task, _state
from celery.exceptions import Ignore, Reject, Retry
from django.db import connection, transaction

from common.errors import DomainError

MAX_ATTEMPTS: Final = 5
HEADER: Final = "outbox_id"
_LEASE_MARGIN_SECONDS: Final = 60
_DEFAULT_LEASE_SECONDS: Final = 600
_BACKOFF_SECONDS: Final = 15

logger = structlog.get_logger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_BEGIN: Final = """
UPDATE outbox_messages
SET attempts = attempts + 1, leased_until = clock_timestamp() + %s * interval '1 second'
WHERE id = %s AND done_at IS NULL AND parked_at IS NULL AND attempts < %s RETURNING attempts
"""
_CONFIRM: Final = """
UPDATE outbox_messages SET done_at = clock_timestamp(), leased_until = NULL, last_error = ''
WHERE id = %s AND done_at IS NULL
"""
_FAIL: Final = """
UPDATE outbox_messages SET last_error = %s,
    leased_until = clock_timestamp() + attempts * attempts * %s * interval '1 second'
WHERE id = %s AND done_at IS NULL
"""
_EXTEND: Final = """
UPDATE outbox_messages SET last_error = %s, leased_until = clock_timestamp() + %s * interval '1 second'
WHERE id = %s AND done_at IS NULL
"""
_LOCK: Final = "SELECT done_at IS NULL AND parked_at IS NULL FROM outbox_messages WHERE id = %s FOR UPDATE"


def current_message_id() -> str | None:
    """Return the id of the outbox message the current task was published for; None outside such a task."""
    task = cast("Task[..., Any] | None", _state.get_current_task())
    return None if task is None else _message_id(task)


@contextmanager
def handled(message_id: UUID | str | None = None) -> Iterator[bool]:
    """Open the transaction of a message's effect, and mark the message done as part of it.

    A duplicate delivery waits for the first one's transaction and is then told not to act. If the body
    raises, everything rolls back and the message stays to be tried again.

    Args:
        message_id: the outbox message; `None` takes the current task's. Without any, the body simply runs
            in a
            transaction: a task called directly has no message to confirm.

    Yields:
        Whether to act: False if the message is done, parked or gone.
    """
    message_id = message_id or current_message_id()
    with transaction.atomic():
        if message_id is None:
            yield True
            return
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [message_id])
            row = cursor.fetchone()
        is_open = bool(row and row[0])
        yield is_open
        if is_open:
            with connection.cursor() as cursor:
                cursor.execute(_CONFIRM, [message_id])


def effect_once(function: Callable[P, R]) -> Callable[P, R | None]:
    """Decorate a task's function so that its whole body runs inside `handled()`; a duplicate returns None."""

    @wraps(function)
    def once(*args: P.args, **kwargs: P.kwargs) -> R | None:
        with handled() as is_open:
            return function(*args, **kwargs) if is_open else None

    return once


class OutboxTask(Task):  # type: ignore[type-arg]  # generic only in the stubs
    """The base of every Celery task of the product; tasks without an outbox message run as plain ones."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task, counting the start and confirming the end of its outbox message."""
        message_id = _message_id(self)
        if message_id is None:
            return (
                super().__call__(*args, **kwargs)
                if self.request.called_directly
                else self.run(*args, **kwargs)
            )
        if not self._begin(message_id):
            logger.info("outbox.skipped", message=message_id, task=self.name)
            return None
        try:
            result = self.run(*args, **kwargs)
        except (Ignore, Reject, Retry) as signal:
            _execute(
                _EXTEND, [type(signal).__name__, self._lease_seconds() + _delay_seconds(signal), message_id]
            )
            raise
        except Exception as error:
            _execute(_FAIL, [error_label(error), _BACKOFF_SECONDS, message_id])
            raise
        _execute(_CONFIRM, [message_id])
        return result

    def _begin(self, message_id: str) -> bool:
        """Count the start in PostgreSQL, so that even a run that kills its worker is counted."""
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [self._lease_seconds(), message_id, MAX_ATTEMPTS])
            return cursor.fetchone() is not None

    def _lease_seconds(self) -> int:
        limit = self.time_limit or self.app.conf.task_time_limit or _DEFAULT_LEASE_SECONDS
        return int(limit) + _LEASE_MARGIN_SECONDS


def error_label(error: BaseException) -> str:
    """Name an error by class and stable code; its message could carry secrets."""
    name = type(error).__name__
    return f"{name}:{error.code}" if isinstance(error, DomainError) else name


def _message_id(task: Any) -> str | None:
    if task.request.called_directly:
        return None
    value = (task.request.headers or {}).get(HEADER)
    return None if value is None else str(value)


def _delay_seconds(signal: Exception) -> float:
    when = getattr(signal, "when", None)
    return 0.0 if when is None or isinstance(when, datetime) else float(when)


def _execute(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
