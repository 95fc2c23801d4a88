"""A worker killed in mid-cycle, twice: nothing is lost, and what was stored is not asked for again."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection

from common.clock import utc_now
from common.models import OutboxMessage
from common.outbox.relay import CeleryPublisher, reconcile_messages, relay_messages
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import begin_job, request_job
from pricing.models import PriceRecord
from scrapers.models import ProductFetch
from scrapers.services import sync_register
from tests.pricing.factories import make_product
from tests.scrapers.venue import API, FEED, Venue, running, small_source

PRODUCTS = 80
KILL_AT = (35, 65)
DEADLINE_SECONDS = 120
PROJECT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def venue() -> Iterator[Venue]:
    venue = Venue(delay=0.04)
    venue.prices = {str(number): "80" for number in range(1, PRODUCTS + 1)}
    venue.files = {"a": {"1": "79"}, "b": {"2": "79"}}
    sync_register(utc_now(), sources=(small_source(FEED, API),))
    for number in range(1, PRODUCTS + 1):
        make_product(f"Box {number}", sealed=True, ids={"mcm": str(number)})
    with running(venue):
        yield venue


@pytest.fixture(scope="module")
def worker_app() -> Iterator[Any]:
    """The worker's application on keys of this run alone, in the Redis the tests share."""
    from tests.scrapers.chaos.app import app

    prefix = f"chaos-{secrets.token_hex(4)}-"
    before = app.conf.broker_transport_options
    app.conf.broker_transport_options = {**before, "global_keyprefix": prefix}
    yield app
    app.pool.force_close_all()  # type: ignore[attr-defined]  # incomplete stubs
    app.conf.broker_transport_options = before


@pytest.fixture
def app(worker_app: Any) -> Iterator[Any]:
    yield worker_app
    prefix = worker_app.conf.broker_transport_options["global_keyprefix"]
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


def _environment(app: Any, venue: Venue, folder: Path) -> dict[str, str]:
    database = connection.settings_dict
    login = quote(database["USER"] or "")
    if database["PASSWORD"]:
        login += ":" + quote(database["PASSWORD"])
    host, port, name = database["HOST"] or "", database["PORT"] or "", database["NAME"]
    where = f"/{name}?host={quote(host)}" if host.startswith("/") else f"{host}:{port or 5432}/{name}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "DATABASE_URL": f"postgres://{login}@{where}",
        "REDIS_URL": settings.REDIS_URL,
        "CHAOS_PREFIX": app.conf.broker_transport_options["global_keyprefix"],
        "SMALL_VENUE_URL": venue.url,
        "FEED_FOLDER": str(folder),
    }


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "-A",
        "tests.scrapers.chaos.worker:app",
        "worker",
    ]
    process = subprocess.Popen(
        [*command, "-Q", "scraping", "-P", "solo", "-l", "ERROR", *quiet],
        cwd=PROJECT, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _wait(until: Callable[[], bool], process: subprocess.Popen[bytes], deadline: float) -> None:
    while not until():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.02)


def _asked(venue: Venue) -> int:
    return sum(name.startswith("api/") for name in venue.requests)


def _has_asked(venue: Venue, count: int) -> bool:
    return _asked(venue) >= count


def _publish(app: Any) -> None:
    """Send what nobody confirmed again, as the reconciler does once a killed run's lease is over."""
    OutboxMessage.objects.filter(done_at__isnull=True).update(leased_until=None)
    reconcile_messages(is_broker_emptied=True)
    relay_messages(publisher=CeleryPublisher(cast(Any, app)))


def _stored() -> set[str]:
    fetched = ProductFetch.objects.filter(outcome="ok")
    return {f"api/{name.removeprefix('Box ')}" for name in fetched.values_list("product__name", flat=True)}


def test_a_killed_cycle_goes_on_and_repeats_nothing_that_was_stored(app, venue, tmp_path):
    deadline = time.monotonic() + DEADLINE_SECONDS
    environment = _environment(app, venue, tmp_path)
    job = request_job(
        kind="chaos.cycle", label="Cycle", queue="scraping", parameters={}, actor=None, now=utc_now()
    )
    stored_at_kill: list[set[str]] = []

    for count in KILL_AT:
        _publish(app)
        with _worker(environment) as process:
            _wait(partial(_has_asked, venue, count), process, deadline)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
        stored_at_kill.append(_stored())
        before = {name: venue.requests[name] for name in stored_at_kill[-1]}
        assert 0 < len(before) < PRODUCTS - 2, "the kill did not hit the middle of the cycle"
    _publish(app)
    with _worker(environment) as process:
        _wait(lambda: not Job.objects.get(pk=job.pk).is_open, process, deadline)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.errors) == (JobState.SUCCEEDED, len(KILL_AT) + 1, [])
    assert set(PriceRecord.objects.values_list("product__name", flat=True)) == {
        f"Box {number}" for number in range(1, PRODUCTS + 1)
    }
    assert _prices() == PRODUCTS, "a price was stored twice"
    repeated = {name for name, count in venue.requests.items() if name.startswith("api/") and count > 1}
    assert len(repeated) <= 25 * len(KILL_AT)
    assert not repeated & stored_at_kill[0], "a product whose price was stored was asked about again"
    assert all(venue.requests[name] == count for name, count in before.items())
    assert venue.orders["token"] == len(KILL_AT) + 1, "a call that is no read was sent again"
    assert [venue.requests[f"files/{name}"] for name in "ab"] == [1, 1], "a stored file was fetched again"


def test_the_naive_way_loses_everything_and_never_comes_back(app, venue, tmp_path):
    """The negative control: without late acknowledgement, slices and small batches the same kill is fatal."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    environment = _environment(app, venue, tmp_path)
    job = begin_job(kind="chaos.naive", label="Naive", parameters={}, now=utc_now())
    app.send_task("chaos.naive", kwargs={"job_id": str(job.pk)}, queue="scraping")

    with _worker(environment) as process:
        _wait(lambda: _asked(venue) >= KILL_AT[0], process, deadline)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    asked = sum(venue.requests.values())
    app.send_task("chaos.cycle", kwargs={"job_id": str(_ended_job())}, queue="scraping")
    with _worker(environment) as process:
        _wait(lambda: _is_drained(app), process, deadline)

    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert _prices() == 0
    assert sum(venue.requests.values()) == asked


def _ended_job() -> Any:
    """Return a job with nothing to do: when its message is gone, the worker has seen all there was."""
    job = begin_job(kind="chaos.cycle", label="Marker", parameters={}, now=utc_now())
    Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED)
    return job.pk


def _is_drained(app: Any) -> bool:
    prefix = app.conf.broker_transport_options["global_keyprefix"]
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return bool(client.llen(f"{prefix}scraping") == 0)


def _prices() -> int:
    """Count this test's prices: partitions are not emptied between tests."""
    return PriceRecord.objects.filter(product__name__startswith="Box ").count()
