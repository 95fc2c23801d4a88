"""Reads of jobs."""

from datetime import timedelta

import pytest

from common.clock import utc_now
from jobs.choices import JobState
from jobs.errors import JobNotFound
from jobs.models import Job
from jobs.selectors import eta_seconds, job_by_id, job_list, open_job
from jobs.services import request_job

NOW = utc_now()


@pytest.mark.parametrize(
    ("done", "total", "expected"), [(25, 100, 300), (100, 100, 0), (0, 100, None), (5, 0, None), (9, 8, None)]
)
def test_the_rest_is_told_from_the_pace_so_far(done, total, expected):
    job = Job(
        state=JobState.RUNNING,
        started_at=NOW - timedelta(seconds=100),
        progress_done=done,
        progress_total=total,
    )

    assert eta_seconds(job, now=NOW) == expected


def test_only_a_running_job_has_a_rest():
    assert eta_seconds(Job(state=JobState.QUEUED, progress_done=1, progress_total=2), now=NOW) is None


@pytest.mark.django_db
def test_jobs_are_listed_newest_first_and_found_by_id():
    older, newer = (
        request_job(
            kind="test.work", label=label, queue="default", parameters={}, actor=None, subject=label, now=at
        )
        for label, at in (("older", NOW - timedelta(hours=1)), ("newer", NOW))
    )

    assert list(job_list()) == [newer, older]
    assert job_by_id(str(older.pk)) == older
    assert open_job("test.work") == older
    assert open_job("test.work", subject="newer") == newer
    assert open_job("test.other") is None


@pytest.mark.django_db
@pytest.mark.parametrize("job_id", ["nonsense", "0198c0de-0000-7000-8000-000000000000"])
def test_a_job_that_is_not_there_is_not_found(job_id):
    with pytest.raises(JobNotFound):
        job_by_id(job_id)
