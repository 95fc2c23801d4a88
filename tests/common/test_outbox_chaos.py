"""A real worker, killed again and again in the middle of its work: nothing lost, nothing done twice."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from common.models import OutboxMessage
from common.outbox import enqueue
from common.outbox.relay import CeleryPublisher, reconcile_messages, relay_messages

from .outbox_effects import app, effects

JOBS = 24
KILLS = 3
DEADLINE_SECONDS = 150
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def prefix() -> Iterator[str]:
    """Keys of this run alone, in the Redis the tests share."""
    prefix = f"chaos-{secrets.token_hex(4)}-"
    before = app.conf.broker_transport_options
    app.conf.broker_transport_options = {**before, "global_keyprefix": prefix}
    yield prefix
    app.pool.force_close_all()  # type: ignore[attr-defined]  # incomplete stubs
    app.conf.broker_transport_options = before
    _empty_broker(prefix)


def _empty_broker(prefix: str) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


def _environment(prefix: str) -> dict[str, str]:
    database = connection.settings_dict
    login = quote(database["USER"] or "")
    if database["PASSWORD"]:
        login += ":" + quote(database["PASSWORD"])
    host, port = database["HOST"] or "", database["PORT"] or ""
    name = database["NAME"]
    where = f"{host}:{port or 5432}/{name}"
    if host.startswith("/"):
        where = f"/{name}?host={quote(host)}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgres://{login}@{where}",
        "REDIS_URL": settings.REDIS_URL,
        "CHAOS_PREFIX": prefix,
    }


@contextmanager
def _worker(prefix: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    options = ["-Q", "default", "-c", "2", "-l", "ERROR", *quiet]
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "tests.common.chaos_worker:app"]
    process = subprocess.Popen(
        [*celery, "worker", *options], cwd=PROJECT, env=_environment(prefix), start_new_session=True
    )
    try:
        yield process
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the worker and its pool children: its own session, started above."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def _wait_until(condition, process: subprocess.Popen[bytes], deadline: float) -> None:
    while not condition():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker did not get there in time"
        reconcile_messages(unconfirmed_seconds=3, is_broker_emptied=False)
        relay_messages(publisher=CeleryPublisher(cast(Any, app)))
        time.sleep(0.1)


def _done() -> int:
    return OutboxMessage.objects.filter(done_at__isnull=False).count()


def _running() -> bool:
    return OutboxMessage.objects.filter(done_at__isnull=True, leased_until__isnull=False).exists()


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_an_emptied_broker_lose_nothing_and_double_nothing(prefix):
    deadline = time.monotonic() + DEADLINE_SECONDS
    with transaction.atomic():
        for number in range(JOBS):
            enqueue(task="test.slow_effect", kwargs={"number": number}, queue="default")

    for kill in range(KILLS):
        with _worker(prefix) as process:
            done = _done()
            _wait_until(lambda done=done: _done() > done and _running(), process, deadline)
            _kill(process)
        if kill == KILLS - 1:
            _empty_broker(prefix)
            OutboxMessage.objects.filter(done_at__isnull=True).update(leased_until=None)
            reconcile_messages(is_broker_emptied=True)
    with _worker(prefix) as process:
        _wait_until(lambda: _done() == JOBS, process, deadline)

    runs = sum(OutboxMessage.objects.values_list("attempts", flat=True))
    assert runs > JOBS, "no kill hit a running task: this proved nothing"
    assert effects() == {f"effect:{number}": 1 for number in range(JOBS)}
