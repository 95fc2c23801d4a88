"""Doing a job: one slice at a time, by one worker at a time, watched by its heartbeat.

A slice that is killed leaves its advisory lock to the next one and its outbox message open, so the message
comes again and the next slice goes on from what is stored.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection, transaction

from common.audit import record_event
from common.errors import DomainError
from common.outbox import MAX_ATTEMPTS, current_message_id, enqueue, handled
from jobs.choices import JobState
from jobs.errors import JobCancelled, JobEnded, JobNotFound
from jobs.models import Job

from .errors import note_error, note_remark
from .locking import alone

logger = structlog.get_logger(__name__)

SLICE_SECONDS: Final = 240.0
"""How long one slice may work. Its task has more time, for what cannot be divided: a whole catalogue."""
WRITE_EVERY_SECONDS: Final = 1.0
_UNEXPECTED: Final = "internal_error"

_SHOW: Final = """
UPDATE jobs SET progress_done = %s, progress_total = %s, note = %s, counts = %s::jsonb, errors = %s::jsonb,
    error_count = %s, checkpoint = %s::jsonb, heartbeat_at = %s
WHERE id = %s RETURNING state
"""
_SHOWN: Final = (
    "progress_done", "progress_total", "note", "counts", "errors", "error_count", "checkpoint",
    "heartbeat_at",
)  # fmt: skip


class JobRun:
    """The handle of the work on one slice. Counts, progress and errors are kept here and written as it goes.

    Nothing is written inside a transaction of the work: the row would stay locked, and nobody would see it.
    """

    def __init__(self, job: Job, *, now: datetime, seconds: float, monotonic: Callable[[], float]) -> None:
        self.job = job
        self.is_continued = False
        self._resume_at: datetime | None = None
        self._started_at = now
        self._monotonic = monotonic
        self._began = self._written = monotonic()
        self._seconds = seconds
        self._depth = _transaction_depth()
        self._is_cancelled = False

    @property
    def parameters(self) -> dict[str, Any]:
        """What the job was asked to do."""
        return dict(self.job.parameters)

    @property
    def checkpoint(self) -> dict[str, Any]:
        """What earlier slices left for later ones; change it, then call `save`."""
        checkpoint: dict[str, Any] = self.job.checkpoint
        return checkpoint

    @property
    def now(self) -> datetime:
        """The slice's time: its start and what has passed since."""
        return self._started_at + timedelta(seconds=self._monotonic() - self._began)

    @property
    def seconds_left(self) -> float:
        """How long the slice may still work."""
        return self._seconds - (self._monotonic() - self._began)

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is; written at most once a second."""
        self.job.progress_done = done
        if total is not None:
            self.job.progress_total = total
        if note:
            self.job.note = note[:200]
        self._show()

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the job's counts."""
        if number:
            self.job.counts[name] = self.job.counts.get(name, 0) + number

    def error(self, code: str, detail: str, subject: str = "") -> None:
        """Keep an error the work goes on after. Repeated ones are counted, many different ones folded."""
        note_error(self.job, code, detail, subject)
        self._show()

    def remark(self, code: str, detail: str, subject: str = "") -> None:
        """List something people should know that is no failure of this job: it can still succeed."""
        note_remark(self.job, code, detail, subject)

    def check(self) -> None:
        """Stop here if somebody asked for an end.

        Raises:
            JobCancelled: to be left to `job_slice`.
        """
        if _transaction_depth() == self._depth:
            self._show()
        else:
            self._look()
        if self._is_cancelled:
            raise JobCancelled(detail="Cancelled.")

    def save(self) -> None:
        """Write everything now, such as a checkpoint, instead of with the next second."""
        self._show(is_due=True)

    def continue_later(self, at: datetime | None = None) -> None:
        """End only this slice: the next one follows at once, or at a time."""
        self.is_continued = True
        self._resume_at = at

    def _show(self, *, is_due: bool = False) -> None:
        moment = self._monotonic()
        is_due = is_due or moment - self._written >= WRITE_EVERY_SECONDS
        if not is_due or _transaction_depth() != self._depth:
            return
        self._written = moment
        job = self.job
        job.heartbeat_at = self.now
        with connection.cursor() as cursor:
            values = [_encoded(job, name) for name in _SHOWN]
            cursor.execute(_SHOW, [*values, job.pk])
            row = cursor.fetchone()
        self._is_cancelled = row is None or row[0] != JobState.RUNNING

    def _look(self) -> None:
        """See whether somebody asked for an end, without writing: inside a transaction of the work."""
        moment = self._monotonic()
        if moment - self._written < WRITE_EVERY_SECONDS:
            return
        self._written = moment
        state = Job.objects.filter(pk=self.job.pk).values_list("state", flat=True).first()
        self._is_cancelled = state != JobState.RUNNING

    def close(self, state: JobState) -> None:
        """Write the end of the slice, confirm its message and ask for the next one, in one transaction."""
        job = self.job
        moment = self.now
        with handled() as is_open:
            stored = Job.objects.select_for_update().filter(pk=job.pk).values_list("state", flat=True).first()
            if state == JobState.RUNNING and stored == JobState.CANCELLING:
                state = JobState.CANCELLED
            job.state, job.heartbeat_at = state, moment
            if state == JobState.RUNNING:
                if is_open:
                    enqueue(task=job.kind, kwargs={"job_id": job.pk}, queue=job.queue, due_at=self._resume_at)
            else:
                job.finished_at = moment
                data = {"kind": job.kind, "state": state, "counts": job.counts, "errors": job.error_count}
                record_event(actor=None, verb="job.ended", subject=f"job:{job.pk}", data=data, now=moment)
            job.save(update_fields=[*_SHOWN, "state", "finished_at"])


@contextmanager
def job_slice(
    job_id: UUID | str,
    *,
    now: datetime,
    seconds: float = SLICE_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[JobRun]:
    """Work on a job for one slice, alone.

    The job ends SUCCEEDED, or PARTLY if errors were noted; an expected refusal (`DomainError`) of the body
    ends it FAILED, `JobCancelled` ends it CANCELLED, and neither leaves this block. Any other exception is
    noted and raised again: the outbox message brings the job back, and after its last attempt it is FAILED.
    After `continue_later` the job stays RUNNING and its next message is sent with this one's confirmation.

    Args:
        job_id: the job.
        now: the current time.
        seconds: what `seconds_left` counts down from.
        monotonic: seconds that only go forward.

    Raises:
        JobNotFound: if there is no such job.
        JobEnded: if nothing is left to do.
        JobBusy: if another worker is at it.
    """
    with alone(str(job_id)):
        run = JobRun(_begin(str(job_id), now), now=now, seconds=seconds, monotonic=monotonic)
        try:
            yield run
        except JobCancelled:
            run.close(JobState.CANCELLED)
        except DomainError as error:
            note_error(run.job, error.code, error.detail, "")
            run.close(JobState.FAILED)
        except Exception as error:
            _give_back(run, error)
            raise
        except KeyboardInterrupt:
            if current_message_id() is None:
                run.close(JobState.CANCELLED)
            raise
        else:
            run.close(_end_of(run))


def _end_of(run: JobRun) -> JobState:
    if run.is_continued:
        return JobState.RUNNING
    return JobState.PARTLY if run.job.error_count else JobState.SUCCEEDED


def _begin(job_id: str, now: datetime) -> Job:
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None:
            raise JobNotFound(None, f"No job {job_id}.")
        if job.state == JobState.CANCELLING:
            _cancel_waiting(job, now)
        elif job.is_open:
            job.state = JobState.RUNNING
            job.attempts += 1
            job.worker = f"{socket.gethostname()}:{os.getpid()}"[:100]
            job.started_at = job.started_at or now
            job.heartbeat_at = now
            job.save(update_fields=["state", "attempts", "worker", "started_at", "heartbeat_at"])
    if not job.is_open:
        raise JobEnded(None, f"The job has ended: {job.get_state_display().lower()}.")
    return job


def _cancel_waiting(job: Job, now: datetime) -> None:
    job.state, job.finished_at = JobState.CANCELLED, now
    job.save(update_fields=["state", "finished_at"])
    data = {"kind": job.kind, "state": job.state, "counts": job.counts, "errors": job.error_count}
    record_event(actor=None, verb="job.ended", subject=f"job:{job.pk}", data=data, now=now)


def _give_back(run: JobRun, error: Exception) -> None:
    """Note an unexpected failure; without a message that will come again it is the job's end."""
    logger.warning("job.interrupted", job=str(run.job.pk), error=type(error).__name__)
    # the class only: a message could carry secrets, and the log has it
    note_error(run.job, _UNEXPECTED, f"Unexpected {type(error).__name__}; the log says more.", "")
    try:
        if _has_more_attempts():
            run.save()
        else:
            run.close(JobState.FAILED)
    except DatabaseFailure:
        logger.warning("job.not_written", job=str(run.job.pk))


def _has_more_attempts() -> bool:
    message_id = current_message_id()
    if message_id is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT attempts FROM outbox_messages WHERE id = %s", [message_id])
        row = cursor.fetchone()
    return row is not None and row[0] < MAX_ATTEMPTS


def _transaction_depth() -> tuple[bool, int]:
    return connection.in_atomic_block, len(connection.savepoint_ids)


def _encoded(job: Job, name: str) -> Any:
    field: Any = Job._meta.get_field(name)
    return field.get_db_prep_save(getattr(job, name), connection)
