from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import utc_now
from jobs.choices import JobState
from jobs.models import Job
from tests.jobs.factories import make_job
from tests.pricing.factories import make_user
from users.choices import Role

pytestmark = pytest.mark.django_db
LIST = "admin:jobs_job_changelist"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user("bob", Role.OPERATOR, is_staff=True))
    return client


def act(client: Client, action: str, *jobs: Job) -> str:
    data = {"action": action, "_selected_action": [str(job.pk) for job in jobs], "confirmed": "yes"}
    return client.post(reverse(LIST), data, follow=True).content.decode()


def test_the_list_and_a_page_show_progress_counts_and_errors(operator):
    job = make_job(
        state=JobState.PARTLY, progress_done=30, progress_total=120, counts={"prices_stored": 1204},
        error_count=2, parameters={"sources": ["tcgplayer"]},
        errors=[{"code": "blocked", "detail": "<b>Challenge</b>", "subject": "ebay.com", "count": 2}],
    )  # fmt: skip

    listed = operator.get(reverse(LIST)).content.decode()
    page = operator.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()

    assert "30 of 120 (25 %)" in listed
    assert "Done with errors" in listed
    for shown in ("1,204", "blocked", "ebay.com", "&lt;b&gt;Challenge", "tcgplayer", "schedule"):
        assert shown in page, shown
    assert 'name="_save"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "open=yes",
        "open=no",
        "ended=badly",
        "ended=well",
        "heartbeat=stale",
        "queue__exact=default",
        "state__exact=failed",
        "q=prices",
        "is_demo__exact=0",
    ],
)
def test_filters_open(query, operator):
    make_job()

    assert operator.get(f"{reverse(LIST)}?{query}").status_code == 200


def test_a_long_list_needs_few_queries(operator, django_assert_max_num_queries):
    user = make_user("alice")
    for _ in range(30):
        make_job(requested_by=user)

    with django_assert_max_num_queries(10):
        assert operator.get(reverse(LIST)).status_code == 200


def test_jobs_are_cancelled_and_run_again(operator):
    waiting, failed, done = make_job(), make_job(state=JobState.FAILED), make_job(state=JobState.SUCCEEDED)

    assert "1 jobs cancelled" in act(operator, "cancel_selected", waiting)
    text = act(operator, "retry_selected", failed, done)

    assert "1 jobs queued again" in text
    assert "The job is succeeded" in text
    states = dict(Job.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "cancelled", failed.pk: "queued", done.pk: "succeeded"}


def test_who_may_only_look_is_offered_no_action(client):
    client.force_login(make_user("vera", Role.TRADER, is_staff=True))
    job = make_job()

    page = client.get(reverse(LIST))
    act(client, "cancel_selected", job)

    assert page.status_code == 200
    assert "cancel_selected" not in page.content.decode()
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED


def test_nothing_is_added_changed_or_deleted(operator):
    job = make_job()

    assert operator.get(reverse("admin:jobs_job_add")).status_code == 403
    assert operator.post(reverse("admin:jobs_job_change", args=[job.pk]), {}).status_code == 403
    assert operator.post(reverse("admin:jobs_job_delete", args=[job.pk]), {"post": "yes"}).status_code == 403


def test_nothing_changes_before_the_confirmation(operator):
    job = make_job(label="Refresh prices: Box")

    data = {"action": "cancel_selected", "_selected_action": [str(job.pk)]}
    asked = operator.post(reverse(LIST), data).content.decode()

    assert "Refresh prices: Box" in asked
    assert f'name="_selected_action" value="{job.pk}"' in asked
    assert Job.objects.get().state == JobState.QUEUED


def test_one_job_is_cancelled_from_its_page(operator, client):
    job = make_job()
    page = reverse("admin:jobs_job_cancel_one", args=[job.pk])

    assert operator.get(page).status_code == 200
    assert Job.objects.get().state == JobState.QUEUED
    operator.post(page, {"confirmed": "yes"})

    assert Job.objects.get().state == JobState.CANCELLED


def test_silent_jobs_are_found(operator):
    silent = make_job(label="Silent one", state=JobState.RUNNING, heartbeat_at=utc_now() - timedelta(hours=1))
    make_job(label="Lively one", state=JobState.RUNNING, heartbeat_at=utc_now())

    listed = operator.get(f"{reverse(LIST)}?heartbeat=stale").content.decode()

    assert silent.label in listed
    assert "Lively one" not in listed
