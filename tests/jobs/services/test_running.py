"""Slices: how they end, what they write, and that one worker at a time does them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from common.clock import utc_now
from common.errors import DomainError
from common.models import AuditEvent, OutboxMessage
from jobs.choices import JobState
from jobs.errors import JobBusy, JobEnded, JobNotFound
from jobs.models import Job
from jobs.services import cancel_job, job_slice, request_job

NOW = utc_now()


class Watch:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def job(db: None) -> Job:
    return request_job(kind="test.work", label="Work", queue="default", parameters={}, actor=None, now=NOW)


def _stored(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_clean_slice_succeeds_with_its_counts(job):
    with job_slice(job.pk, now=NOW) as run:
        run.count("stored", 2)
        run.count("stored")
        run.count("nothing", 0)
        run.progress(5, 5, "done")

    job = _stored(job)
    assert (job.state, job.counts, job.progress_done, job.note) == (
        JobState.SUCCEEDED,
        {"stored": 3},
        5,
        "done",
    )
    assert (job.attempts, job.started_at, job.finished_at is not None) == (1, NOW, True)
    assert AuditEvent.objects.filter(subject=f"job:{job.pk}", verb="job.ended").count() == 1


def test_noted_errors_make_it_partly_and_remarks_do_not(job):
    with job_slice(job.pk, now=NOW) as run:
        run.remark("credentials_missing", "Not set up.", "ebay/browse")
    assert _stored(job).state == JobState.SUCCEEDED
    assert _stored(job).errors[0]["code"] == "credentials_missing"

    other = request_job(kind="test.work", label="W", queue="default", parameters={}, actor=None, now=NOW)
    with job_slice(other.pk, now=NOW) as run:
        run.error("blocked", "Turned away.", "small/page")
    assert (_stored(other).state, _stored(other).error_count) == (JobState.PARTLY, 1)


def _refuse() -> None:
    raise DomainError("demo_market_present", "The demo market is there.")


def test_an_expected_refusal_ends_it_failed_without_leaving_the_slice(job):
    with job_slice(job.pk, now=NOW):
        _refuse()

    assert _stored(job).state == JobState.FAILED
    assert _stored(job).errors == [
        {"code": "demo_market_present", "detail": "The demo market is there.", "subject": "", "count": 1}
    ]


def test_an_unexpected_error_is_raised_and_its_text_is_kept_out(job):
    with pytest.raises(RuntimeError), job_slice(job.pk, now=NOW):
        raise RuntimeError("password=hunter2")

    assert _stored(job).state == JobState.FAILED  # no message would bring it back
    assert "hunter2" not in str(_stored(job).errors)


def test_progress_is_written_once_a_second_with_a_heartbeat(job):
    clock = Watch()
    with job_slice(job.pk, now=NOW, monotonic=clock) as run:
        run.progress(1, 10)
        assert _stored(job).progress_done == 0
        clock.seconds = 0.9
        run.progress(2)
        assert _stored(job).progress_done == 0
        clock.seconds = 1.5
        run.progress(3, note="third")
        shown = _stored(job)
        assert (shown.progress_done, shown.progress_total, shown.note) == (3, 10, "third")
        assert shown.heartbeat_at == NOW + timedelta(seconds=1.5)


def test_nothing_is_written_inside_a_transaction_of_the_work(job):
    clock = Watch()
    with job_slice(job.pk, now=NOW, monotonic=clock) as run:
        clock.seconds = 5
        with transaction.atomic():
            run.progress(4)
            assert _stored(job).progress_done == 0
        run.progress(4)
        assert _stored(job).progress_done == 4


def test_cancelling_a_running_job_stops_it_at_its_next_check(job):
    clock = Watch()
    done = []
    with job_slice(job.pk, now=NOW, monotonic=clock) as run:
        for step in range(5):
            run.check()
            done.append(step)
            if step == 1:
                cancel_job(job, actor=None, now=NOW)
                clock.seconds += 1

    assert done == [0, 1]
    assert _stored(job).state == JobState.CANCELLED


def test_long_work_in_one_transaction_notices_it_too_and_is_undone(job):
    clock = Watch()
    with job_slice(job.pk, now=NOW, monotonic=clock) as run:
        cancel_job(job, actor=None, now=NOW)
        with transaction.atomic():
            request_job(kind="test.other", label="W", queue="default", parameters={}, actor=None, now=NOW)
            clock.seconds += 2
            run.check()

    assert _stored(job).state == JobState.CANCELLED
    assert not Job.objects.filter(kind="test.other").exists()


def test_a_continued_slice_asks_for_the_next_and_keeps_its_checkpoint(job):
    later = NOW + timedelta(minutes=5)
    with job_slice(job.pk, now=NOW) as run:
        run.checkpoint["at"] = 7
        run.continue_later(later)

    assert _stored(job).state == JobState.RUNNING
    message = OutboxMessage.objects.order_by("-id").first()
    assert message is not None
    assert (message.kwargs, message.due_at) == ({"job_id": str(job.pk)}, later)
    with job_slice(job.pk, now=later) as run:
        assert run.checkpoint == {"at": 7}
    assert (_stored(job).state, _stored(job).attempts, _stored(job).started_at) == (
        JobState.SUCCEEDED,
        2,
        NOW,
    )


def test_cancelling_between_slices_ends_it_before_the_next(job):
    with job_slice(job.pk, now=NOW) as run:
        run.continue_later()
    cancel_job(job, actor=None, now=NOW)

    with pytest.raises(JobEnded), job_slice(job.pk, now=NOW):
        pytest.fail("cancelled")
    assert _stored(job).state == JobState.CANCELLED


def test_cancelling_while_it_asks_to_go_on_is_the_end(job):
    with job_slice(job.pk, now=NOW) as run:
        cancel_job(job, actor=None, now=NOW)
        run.continue_later()

    assert _stored(job).state == JobState.CANCELLED
    assert OutboxMessage.objects.filter(task="test.work").count() == 1


def test_time_left_counts_down_from_the_slices_seconds(job):
    clock = Watch()
    with job_slice(job.pk, now=NOW, seconds=240, monotonic=clock) as run:
        clock.seconds = 100
        assert (run.seconds_left, run.now) == (140, NOW + timedelta(seconds=100))


def test_an_unknown_job_is_not_found(db):
    from common.ids import uuid7

    with pytest.raises(JobNotFound), job_slice(uuid7(), now=NOW):
        pytest.fail("there is none")


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_is_turned_away_while_the_first_is_at_it():
    job = request_job(kind="test.work", label="W", queue="default", parameters={}, actor=None, now=NOW)
    refused: list[Exception] = []

    def second() -> None:
        try:
            with job_slice(job.pk, now=NOW):
                refused.append(AssertionError("two at once"))
        except JobBusy as error:
            refused.append(error)
        finally:
            connection.close()

    with job_slice(job.pk, now=NOW):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(10)

    assert [type(error) for error in refused] == [JobBusy]
    assert (_stored(job).state, _stored(job).attempts) == (JobState.SUCCEEDED, 1)
