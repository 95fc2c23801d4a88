"""Reads of the jobs app."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from jobs.choices import JobState
from jobs.errors import JobNotFound
from jobs.models import Job, JobQuerySet

__all__ = ["eta_seconds", "job_by_id", "job_list", "open_job"]


def job_list() -> JobQuerySet:
    """Return all jobs with who asked for them, newest first."""
    jobs: JobQuerySet = Job.objects.select_related("requested_by").order_by("-created_at", "id")
    return jobs


def job_by_id(job_id: UUID | str) -> Job:
    """Return a job.

    Raises:
        JobNotFound: if there is none of that id.
    """
    try:
        return job_list().get(pk=job_id)
    except (Job.DoesNotExist, ValidationError, ValueError):
        raise JobNotFound(None, f"No job {job_id}.") from None


def open_job(kind: str, *, subject: str | None = None) -> Job | None:
    """Return the oldest job of a kind (and about a subject) that has not ended."""
    jobs = Job.objects.open().filter(kind=kind)
    if subject is not None:
        jobs = jobs.filter(subject=subject)
    return jobs.order_by("created_at").first()


def eta_seconds(job: Job, *, now: datetime) -> int | None:
    """Return in how many seconds a running job should be done, from its pace so far; None if unknown."""
    if job.state != JobState.RUNNING or job.started_at is None:
        return None
    if not 0 < job.progress_done <= job.progress_total:
        return None
    elapsed = (now - job.started_at).total_seconds()
    return max(0, round(elapsed * (job.progress_total - job.progress_done) / job.progress_done))
