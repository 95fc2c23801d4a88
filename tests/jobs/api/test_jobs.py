from datetime import timedelta

import pytest
from django.test import Client

from common.models import AuditEvent, OutboxMessage
from jobs.api.serializers import job_eta_seconds
from jobs.choices import JobState
from jobs.models import Job
from tests.jobs.factories import NOW, make_job
from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db
JOBS = "/api/v1/jobs/"


def login(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice() -> User:
    return make_user("alice", Role.ANALYST)


@pytest.fixture
def bob() -> User:
    return make_user("bob", Role.OPERATOR)


def post(client: Client, job: Job, change: str, key: str = "first"):
    return client.post(
        f"{JOBS}{job.pk}/{change}/", content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_a_job_is_shown_with_everything_people_ask(alice):
    job = make_job(
        state=JobState.PARTLY, subject="source:tcgplayer", progress_done=3, progress_total=4, attempts=2,
        counts={"prices_stored": 12}, error_count=5, requested_by=alice, note="last group",
        errors=[{"code": "rate_limited", "detail": "Told to wait.", "subject": "tcgcsv.com", "count": 5}],
        started_at=NOW, heartbeat_at=NOW, finished_at=NOW + timedelta(seconds=9),
    )  # fmt: skip

    answer = login(alice).get(f"{JOBS}{job.pk}/").json()

    assert answer == {
        "id": str(job.pk), "kind": "scrapers.update_all_prices", "label": "Update all prices",
        "subject": "source:tcgplayer", "state": "partly", "progress_done": 3, "progress_total": 4,
        "note": "last group", "counts": {"prices_stored": 12},
        "errors": [{"code": "rate_limited", "detail": "Told to wait.", "subject": "tcgcsv.com", "count": 5}],
        "error_count": 5, "attempts": 2, "requested_by": "alice", "is_demo": False,
        "created_at": "2026-11-21T12:00:00Z", "started_at": "2026-11-21T12:00:00Z",
        "heartbeat_at": "2026-11-21T12:00:00Z", "finished_at": "2026-11-21T12:00:09Z", "eta_seconds": None,
    }  # fmt: skip


def test_the_list_is_newest_first_and_costs_the_same_for_many(alice, django_assert_num_queries):
    for number in range(6):
        make_job(created_at=NOW + timedelta(minutes=number), requested_by=alice, label=f"run {number}")
    client = login(alice)

    with django_assert_num_queries(4):  # session, user, count, page
        answer = client.get(JOBS).json()

    assert [job["label"] for job in answer["results"]] == [f"run {number}" for number in (5, 4, 3, 2, 1, 0)]
    assert answer["count"] == 6


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("is_open=true", {"queued", "running"}),
        ("is_open=false", {"failed"}),
        ("state=failed,running", {"failed", "running"}),
        ("kind=scrapers.sync_market_data", {"running"}),
        ("subject=product:1", {"failed"}),
    ],
)
def test_jobs_are_filtered(query, found, alice):
    make_job(state=JobState.QUEUED)
    make_job(state=JobState.RUNNING, kind="scrapers.sync_market_data")
    make_job(state=JobState.FAILED, subject="product:1")

    answer = login(alice).get(f"{JOBS}?{query}").json()

    assert {job["state"] for job in answer["results"]} == found


@pytest.mark.parametrize("query", ["state=done", "is_open=perhaps", "ordering=label", "nope=1", "page=0"])
def test_a_filter_that_cannot_be_meant_is_refused(query, alice):
    assert login(alice).get(f"{JOBS}?{query}").status_code in (400, 404)


def test_visitors_of_a_public_installation_see_no_names(alice, settings):
    settings.API_PUBLIC_READ = True
    make_job(requested_by=alice)

    assert Client().get(JOBS).json()["results"][0]["requested_by"] is None


def test_cancelling_a_waiting_job_ends_it(bob):
    job = make_job()

    answer = post(login(bob), job, "cancel")

    assert answer.status_code == 202
    assert answer["Location"] == f"{JOBS}{job.pk}/"
    assert answer.json()["job"]["state"] == "cancelled"
    assert AuditEvent.objects.filter(verb="job.cancelled", actor_id=bob.pk).count() == 1


def test_analysts_cancel_their_own_jobs_only(alice, bob):
    own, other = make_job(requested_by=alice), make_job(requested_by=bob)
    client = login(alice)

    assert post(client, own, "cancel", "a").status_code == 202
    assert post(client, other, "cancel", "b").status_code == 403
    assert Job.objects.get(pk=other.pk).state == JobState.QUEUED


def test_an_ended_job_cannot_be_cancelled(bob):
    answer = post(login(bob), make_job(state=JobState.SUCCEEDED), "cancel")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")


def test_retry_queues_a_failed_job_once_however_often_it_is_sent(bob):
    job = make_job(state=JobState.FAILED, finished_at=NOW)
    client = login(bob)

    first, again = post(client, job, "retry", "same"), post(client, job, "retry", "same")

    assert (first.status_code, again.status_code) == (202, 202)
    assert again["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    assert OutboxMessage.objects.filter(task=job.kind).count() == 1


def test_a_change_without_a_key_is_refused(bob):
    answer = login(bob).post(f"{JOBS}{make_job().pk}/cancel/", content_type="application/json")

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"progress_done": 25, "progress_total": 100}, 180),
        ({"progress_done": 100, "progress_total": 100}, 0),
        ({"progress_done": 0, "progress_total": 100}, None),
        ({"progress_done": 25, "progress_total": 0}, None),
        ({"progress_done": 25, "progress_total": 100, "started_at": None}, None),
        ({"progress_done": 25, "progress_total": 100, "state": JobState.SUCCEEDED}, None),
    ],
)
def test_the_rest_is_told_from_the_pace_so_far(values, left):
    job = Job(**{"state": JobState.RUNNING, "started_at": NOW - timedelta(seconds=60), **values})

    assert job_eta_seconds(job, now=NOW) == left
