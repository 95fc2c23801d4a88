"""The settings without which killed workers lose work, read from the live application and its broker."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from arbsite.celery import app
from arbsite.schedule import DEFAULTS
from arbsite.settings.env import BASE_DIR

PINNED = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "worker_prefetch_multiplier": 1,
    "accept_content": ["json"],
    "task_serializer": "json",
    "result_serializer": "json",
    "broker_connection_retry_on_startup": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 20.0,
    "task_default_queue": "default",
    "task_create_missing_queues": False,
    "enable_utc": True,
}


@pytest.mark.parametrize(("name", "value"), PINNED.items())
def test_setting_is_pinned(name: str, value: object) -> None:
    assert getattr(app.conf, name) == value


def test_lost_messages_come_back_within_minutes() -> None:
    with app.connection_for_read() as connection:
        options: dict[str, Any] = connection.transport_options or {}
        channel: Any = connection.default_channel

        assert 300 <= options["visibility_timeout"] <= 900
        # What the broker really uses, not only what was asked for.
        assert channel.visibility_timeout == options["visibility_timeout"]
        assert channel.unacked_restore_limit is None or channel.unacked_restore_limit > 0
        assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10
        assert 0 < options["socket_timeout"] <= 30
        assert 0 < options["socket_connect_timeout"] <= 10


def test_no_task_outlives_half_the_visibility_timeout() -> None:
    half = app.conf.broker_transport_options["visibility_timeout"] / 2
    app.loader.import_default_modules()
    limits = {name: task.time_limit or app.conf.task_time_limit for name, task in app.tasks.items()}

    assert {name: limit for name, limit in limits.items() if limit >= half} == {}
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit


def test_broker_answers_through_celerys_own_address() -> None:
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=5)

        assert connection.connected


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("scrapers.update_all_prices", "scraping"),
        ("opportunities.analyze_all_products", "analysis"),
        ("pricing.ensure_partitions", "default"),
        ("common.relay_outbox", "default"),
    ],
)
def test_tasks_go_to_the_queue_of_their_app(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_unknown_queue_is_refused_rather_than_made() -> None:
    from celery.exceptions import QueueNotFound

    with pytest.raises(QueueNotFound):
        app.amqp.router.route({"queue": "nowhere"}, "common.relay_outbox")


def test_every_scheduled_task_exists_and_its_queue_has_a_worker() -> None:
    app.loader.import_default_modules()

    assert {entry.task for entry in DEFAULTS} - set(app.tasks) == set()
    assert {entry.queue for entry in DEFAULTS} <= set(app.amqp.queues)


@pytest.mark.parametrize("program", ["worker", "beat"])
def test_an_unsafe_production_start_is_refused_by_worker_and_scheduler(program: str, tmp_path: Path) -> None:
    environment = {
        **os.environ, "ARBSITE_ENV": "production", "ARBSITE_VAR": str(tmp_path), "DJANGO_ALLOWED_HOSTS": "*",
        "DJANGO_SECRET_KEY": "short",
    }  # fmt: skip

    run = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "arbsite", program],
        cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert run.returncode != 0
    assert "not safe for production" in run.stderr
