from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask
from pytest_django.live_server_helper import LiveServer

from arbsite.management.commands import healthcheck
from arbsite.schedule import sync_schedule
from common.clock import utc_now


def sent(ago: timedelta) -> None:
    PeriodicTask.objects.filter(task=healthcheck.BEAT_TASK).update(last_run_at=utc_now() - ago)


@pytest.mark.django_db(transaction=True)
def test_web_is_well_when_it_is_ready(live_server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("healthcheck", "web", "--port", live_server.url.rpartition(":")[2])

    assert capsys.readouterr().out == "well\n"


def test_web_that_does_not_answer_is_not_well() -> None:
    with pytest.raises(CommandError, match="does not answer"):
        call_command("healthcheck", "web", "--port", "1")


@pytest.mark.django_db
def test_beat_is_well_while_it_sends() -> None:
    sync_schedule()
    sent(timedelta(seconds=5))

    call_command("healthcheck", "beat")


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [timedelta(minutes=3), None])
def test_silent_beat_is_not_well(ago: timedelta | None) -> None:
    sync_schedule()
    if ago is not None:
        sent(ago)

    with pytest.raises(CommandError, match="relay_outbox was last sent"):
        call_command("healthcheck", "beat")


@pytest.mark.django_db
def test_beat_without_its_task_proves_nothing() -> None:
    call_command("healthcheck", "beat")


def test_missing_worker_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(healthcheck, "ANSWER_SECONDS", 0.4)

    with pytest.raises(CommandError, match=r"the worker analysis@\S+ does not answer"):
        call_command("healthcheck", "worker", "analysis")


@pytest.mark.parametrize("queue", [[], ["nowhere"]])
def test_worker_needs_a_known_queue(queue: list[str]) -> None:
    with pytest.raises(CommandError, match="scraping, analysis, default") as caught:
        call_command("healthcheck", "worker", *queue)

    assert caught.value.returncode == 2
