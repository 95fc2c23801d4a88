from dataclasses import replace
from datetime import timedelta

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from arbsite.celery import app
from arbsite.schedule import DEFAULTS, DEMO, Entry, SyncReport, sync_schedule

pytestmark = pytest.mark.django_db

HOURLY = Entry("Do it", "common.do_it", timedelta(hours=1), "default")


def row(name: str = "Do it") -> PeriodicTask:
    return PeriodicTask.objects.get(name=name)


def test_defaults_become_rows_with_their_interval_and_queue() -> None:
    assert sync_schedule() == SyncReport(created=len(DEFAULTS))

    task = row("Update all prices")
    assert task.interval is not None
    assert task.interval.schedule.run_every == timedelta(hours=4)
    assert (task.task, task.queue, task.enabled) == ("scrapers.update_all_prices", "scraping", True)


def test_requirements_intervals_hold() -> None:
    every = {entry.task: entry.every for entry in DEFAULTS}

    assert every["scrapers.update_all_prices"] == timedelta(hours=4)
    assert every["opportunities.analyze_all_products"] == timedelta(hours=6)
    assert every["opportunities.cleanup_expired_opportunities"] == timedelta(minutes=15)


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()

    assert [entry.task for entry in (*DEFAULTS, *DEMO) if entry.task not in app.tasks] == []


def test_second_run_changes_nothing() -> None:
    sync_schedule()
    before = list(PeriodicTask.objects.values("name", "date_changed"))

    assert sync_schedule() == SyncReport()
    assert list(PeriodicTask.objects.values("name", "date_changed")) == before


def test_changed_default_follows_in_a_row_nobody_edited() -> None:
    sync_schedule((HOURLY,))

    report = sync_schedule((replace(HOURLY, every=timedelta(hours=2), queue="analysis"),))

    assert report == SyncReport(updated=1)
    task = row()
    assert task.interval is not None
    assert (task.interval.every, task.queue, task.expire_seconds) == (7200, "analysis", 7200)


@pytest.mark.parametrize(
    "edit", [{"enabled": False}, {"queue": "scraping"}, {"kwargs": '{"a": 1}'}, {"one_off": True}]
)
def test_rows_that_staff_edited_are_left_alone(edit: dict[str, object]) -> None:
    sync_schedule((HOURLY,))
    PeriodicTask.objects.filter(name="Do it").update(**edit)

    report = sync_schedule((replace(HOURLY, every=timedelta(hours=9)),))

    assert report == SyncReport(kept=1)
    assert all(getattr(row(), name) == value for name, value in edit.items())


def test_interval_that_staff_chose_is_left_alone() -> None:
    sync_schedule((HOURLY,))
    chosen = IntervalSchedule.objects.create(every=10, period=IntervalSchedule.MINUTES)
    PeriodicTask.objects.filter(name="Do it").update(interval=chosen)

    sync_schedule((replace(HOURLY, every=timedelta(hours=9)),))

    assert row().interval == chosen


def test_vanished_default_goes_unless_staff_edited_it() -> None:
    other = replace(HOURLY, name="Do that")
    sync_schedule((HOURLY, other))
    PeriodicTask.objects.filter(name="Do that").update(enabled=False)

    assert sync_schedule(()) == SyncReport(removed=1)
    assert list(PeriodicTask.objects.values_list("name", flat=True)) == ["Do that"]


def test_rows_of_staff_are_never_removed() -> None:
    every = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.DAYS)
    PeriodicTask.objects.create(name="Mine", task="common.relay_outbox", interval=every, description="my own")

    sync_schedule()

    assert row("Mine").enabled


def test_runs_that_nobody_took_expire_when_the_next_is_due() -> None:
    sync_schedule()

    assert all(
        task.expire_seconds >= task.interval.every for task in PeriodicTask.objects.select_related("interval")
    )
