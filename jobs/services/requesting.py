"""What people and schedules do to jobs: ask for one, cancel it, try it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from common.audit import record_event
from common.logging import current_request_id
from common.outbox import enqueue
from jobs.choices import FINAL_STATES, JobState
from jobs.errors import JobEnded, JobNotRetryable
from jobs.models import Job
from jobs.selectors import open_job
from users.models import User

from .locking import lock_subject


def request_job(  # noqa: PLR0913 - all of it is stored in the row, and a value object would repeat the row
    *,
    kind: str,
    label: str,
    queue: str,
    parameters: Mapping[str, Any],
    actor: User | None,
    key: str | None = None,
    subject: str = "",
    is_demo: bool = False,
    now: datetime,
) -> Job:
    """Ask for work in the background: the job, its outbox message and the audit event in one transaction.

    Args:
        kind: name of the Celery task that does it; it is called with `job_id`.
        label: what it is, for people.
        queue: a declared Celery queue.
        parameters: JSON types; what the task needs to know.
        actor: who asks; None for the schedule.
        key: at most one job per key is ever made; asking again returns it, whatever became of it.
        subject: what it is about, such as `product:<id>`.
        is_demo: it works on demo data.
        now: the current time.

    Returns:
        The job, new or (same key) the earlier one.

    Raises:
        ValueError: if the queue is not declared.
    """
    with transaction.atomic():
        job, is_new = _open(
            kind=kind, label=label, queue=queue, parameters=dict(parameters), key=key, subject=subject,
            is_demo=is_demo, requested_by=actor, created_at=now,
        )  # fmt: skip
        if is_new:
            _send(job)
            _record(job, "job.requested", actor, now)
    return job


def begin_job(
    *, kind: str, label: str, parameters: Mapping[str, Any], is_demo: bool = False, now: datetime
) -> Job:
    """Make a job for work this process is about to do itself (a command): no message is sent.

    It ends with `job_slice` as any other; if the process dies, `close_stale_jobs` ends it.
    """
    with transaction.atomic():
        job, _ = _open(
            kind=kind, label=label, parameters=dict(parameters), key=None, is_demo=is_demo, created_at=now
        )
        _record(job, "job.requested", None, now)
    return job


def cancel_job(job: Job, *, actor: User | None, now: datetime) -> Job:
    """End a job that waits, or tell the worker of a running one to stop at its next check.

    What it has stored stays stored. Cancelling twice is the same as once.

    Raises:
        JobEnded: if it has already ended.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        if not job.is_open:
            raise JobEnded(None, f"The job has ended: {job.get_state_display().lower()}.")
        if job.state == JobState.CANCELLING:
            return job
        if job.state == JobState.QUEUED:
            job.state, job.finished_at = JobState.CANCELLED, now
        else:
            job.state = JobState.CANCELLING
        job.save(update_fields=["state", "finished_at"])
        _record(job, "job.cancelled", actor, now)
    return job


def retry_job(job: Job, *, actor: User | None, now: datetime) -> Job:
    """Queue a job that failed, was cancelled or ended with errors once more, from what is stored.

    Raises:
        JobNotRetryable: if it is still open, or succeeded, or another open job does the same.
    """
    with transaction.atomic():
        lock_subject(job.kind, job.subject)
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state not in FINAL_STATES or job.state == JobState.SUCCEEDED:
            raise JobNotRetryable(None, f"The job is {job.get_state_display().lower()}.")
        twin = open_job(job.kind, subject=job.subject)
        if twin is not None:
            raise JobNotRetryable(
                None,
                f"The same is already under way ({twin.get_state_display().lower()}).",
                {"job": str(twin.pk)},
            )
        job.state, job.finished_at, job.started_at, job.heartbeat_at = JobState.QUEUED, None, None, None
        job.progress_done, job.progress_total, job.note = 0, 0, ""
        job.counts, job.errors, job.error_count, job.checkpoint = {}, [], 0, {}
        job.request_id = current_request_id()
        job.save()
        _send(job)
        _record(job, "job.retried", actor, now)
    return job


def _open(*, key: str | None, **values: Any) -> tuple[Job, bool]:
    values["request_id"] = current_request_id()
    if key is None:
        return Job.objects.create(**values), True
    return Job.objects.get_or_create(key=key, defaults=values)


def _send(job: Job) -> None:
    # no key: the job's own state, locked by whoever asks, already makes this happen once
    enqueue(task=job.kind, kwargs={"job_id": job.pk}, queue=job.queue)


def _record(job: Job, verb: str, actor: User | None, now: datetime) -> None:
    data = {"kind": job.kind, "state": job.state, "subject": job.subject, "attempts": job.attempts}
    record_event(actor=actor, verb=verb, subject=f"job:{job.pk}", data=data, now=now)
