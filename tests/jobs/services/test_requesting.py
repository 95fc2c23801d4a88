"""Asking for jobs, cancelling them, trying them again."""

import pytest
from django.db import transaction

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from jobs.choices import JobState
from jobs.errors import JobEnded, JobNotRetryable
from jobs.models import Job
from jobs.services import begin_job, cancel_job, job_slice, request_job, retry_job
from tests.pricing.factories import make_user

pytestmark = pytest.mark.django_db
NOW = utc_now()


def _request(**values) -> Job:
    defaults = {
        "kind": "test.work",
        "label": "Work",
        "queue": "default",
        "parameters": {"a": 1},
        "actor": None,
    }
    return request_job(**{**defaults, **values}, now=NOW)


def _messages(job: Job) -> int:
    return OutboxMessage.objects.filter(task=job.kind, kwargs={"job_id": str(job.pk)}).count()


def _verbs(job: Job) -> list[str]:
    return list(
        AuditEvent.objects.filter(subject=f"job:{job.pk}").order_by("seq").values_list("verb", flat=True)
    )


def test_a_request_is_a_row_a_message_and_an_event():
    alice = make_user("alice")

    job = _request(actor=alice, subject="product:1")

    assert (job.state, job.requested_by, job.parameters) == (JobState.QUEUED, alice, {"a": 1})
    assert (_messages(job), _verbs(job)) == (1, ["job.requested"])


def test_a_request_that_is_rolled_back_leaves_nothing():
    with transaction.atomic():
        _request()
        transaction.set_rollback(True)

    assert (Job.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_the_same_key_is_the_same_job_even_after_its_end():
    first = _request(key="k")
    cancel_job(first, actor=None, now=NOW)

    second = _request(key="k")

    assert second.pk == first.pk
    assert (Job.objects.count(), _messages(first)) == (1, 1)


def test_an_undeclared_queue_is_refused_and_leaves_nothing():
    with pytest.raises(ValueError, match="not declared"):
        _request(queue="nowhere")
    assert not Job.objects.exists()


def test_work_of_this_process_needs_no_message():
    job = begin_job(kind="test.work", label="Work", parameters={}, now=NOW)

    assert (_messages(job), _verbs(job)) == (0, ["job.requested"])


def test_a_waiting_job_is_cancelled_at_once_and_its_message_finds_nothing_to_do():
    job = cancel_job(_request(), actor=None, now=NOW)

    assert (job.state, job.finished_at) == (JobState.CANCELLED, NOW)
    with pytest.raises(JobEnded), job_slice(job.pk, now=NOW):
        pytest.fail("there is nothing to do")


def test_an_ended_job_cannot_be_cancelled_and_cancelling_twice_is_once():
    job = _request()
    with job_slice(job.pk, now=NOW):
        cancel_job(job, actor=None, now=NOW)
        cancel_job(job, actor=None, now=NOW)

    assert _verbs(job).count("job.cancelled") == 1
    with pytest.raises(JobEnded):
        cancel_job(job, actor=None, now=NOW)


def test_a_failed_job_can_be_tried_again_from_the_start_of_its_counts():
    job = _request()
    with job_slice(job.pk, now=NOW) as run:
        run.count("seen", 3)
        run.error("bad", "Bad.")

    job = retry_job(job, actor=None, now=NOW)

    assert (job.state, job.counts, job.error_count, job.attempts) == (JobState.QUEUED, {}, 0, 1)
    assert _messages(job) == 2
    with job_slice(job.pk, now=NOW):
        pass
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)


def _failed(**values) -> Job:
    job = _request(**values)
    with job_slice(job.pk, now=NOW) as run:
        run.error("bad", "Bad.")
    return job


def test_a_job_is_not_tried_again_beside_an_open_one_that_does_the_same():
    failed = _failed(subject="source:all")
    other_subject, other_kind = _failed(subject="source:mtgjson"), _failed(kind="test.other")
    running = _request(subject="source:all")

    with pytest.raises(JobNotRetryable) as refused:
        retry_job(failed, actor=None, now=NOW)

    assert refused.value.details == {"job": str(running.pk)}
    failed.refresh_from_db()
    assert (failed.state, _messages(failed)) == (JobState.PARTLY, 1)
    assert retry_job(other_subject, actor=None, now=NOW).is_open
    assert retry_job(other_kind, actor=None, now=NOW).is_open
    cancel_job(running, actor=None, now=NOW)
    assert retry_job(failed, actor=None, now=NOW).is_open


def test_open_and_successful_jobs_are_not_tried_again():
    job = _request()
    with pytest.raises(JobNotRetryable):
        retry_job(job, actor=None, now=NOW)
    with job_slice(job.pk, now=NOW):
        pass
    with pytest.raises(JobNotRetryable):
        retry_job(job, actor=None, now=NOW)
