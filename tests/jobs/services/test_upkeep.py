"""Jobs whose worker is gone for good are ended; all others are left alone."""

from datetime import timedelta

import pytest

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import begin_job, close_stale_jobs, request_job
from jobs.tasks import close_stale

pytestmark = pytest.mark.django_db
NOW = utc_now()
LONG_AGO = NOW - timedelta(minutes=21)


def _running(*, beat_at=LONG_AGO, state: str = JobState.RUNNING) -> Job:
    job = begin_job(kind="test.work", label="Work", parameters={}, now=LONG_AGO)
    Job.objects.filter(pk=job.pk).update(state=state, heartbeat_at=beat_at)
    return job


def test_a_job_without_a_sign_and_without_a_message_has_failed():
    job = _running()

    assert close_stale_jobs(now=NOW) == [str(job.pk)]

    job.refresh_from_db()
    assert (job.state, job.finished_at, job.error_count) == (JobState.FAILED, NOW, 1)
    assert job.errors[0]["code"] == "worker_lost"
    assert AuditEvent.objects.filter(subject=f"job:{job.pk}", verb="job.ended").exists()
    assert close_stale_jobs(now=NOW) == []


def test_one_that_was_to_be_cancelled_is_cancelled():
    job = _running(state=JobState.CANCELLING)
    close_stale(job_id="ignored")

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_sign_of_life_or_an_open_message_keeps_it():
    _running(beat_at=NOW - timedelta(minutes=19))
    waiting = request_job(
        kind="test.work", label="Work", queue="default", parameters={}, actor=None, now=LONG_AGO
    )

    assert close_stale_jobs(now=NOW) == []
    OutboxMessage.objects.update(parked_at=NOW)
    assert close_stale_jobs(now=NOW) == [str(waiting.pk)]
