import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from common.live import SPREADS_STREAM
from opportunities.live.sink import CONSUMER, GROUP, MAX_DELIVERIES, PARKED_STREAM, Sink
from opportunities.live.sink_process import SinkCollector, sink_facts
from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from tests.opportunities.sighting_factory import START, sighting_bytes

from .conftest import PATIENCE, OwnRedis, wait_for

STORY = [("open", 0.0), ("seen", 1.0), ("closed", 2.0)]


def make_sink(server: OwnRedis, clock: Callable[[], datetime] = lambda: START) -> Sink:
    sink = Sink(redis.Redis.from_url(server.url, socket_timeout=PATIENCE), clock=clock)
    sink.step(block_ms=1)  # makes the group
    return sink


def drain(sink: Sink) -> int:
    count = 0
    while taken := sink.step(block_ms=1):
        count += taken
    return count


def add(server: OwnRedis, *events: tuple[str, float], **more: Any) -> None:
    for event, at in events:
        server.client.xadd(SPREADS_STREAM, {"data": sighting_bytes(event, seconds=at, **more)})


def pending(server: OwnRedis) -> int:
    return int(server.client.xpending(SPREADS_STREAM, GROUP)["pending"])


def parked(server: OwnRedis) -> list[str]:
    return [fields[b"reason"].decode() for _, fields in server.client.xrange(PARKED_STREAM)]


def rows() -> tuple[list[Any], list[Any]]:
    return (
        list(CrossVenueOpportunity.objects.order_by("id").values()),
        list(SpreadEpisode.objects.order_by("id").values()),
    )


@pytest.mark.django_db
def test_sightings_are_stored_and_confirmed(own_redis: OwnRedis) -> None:
    sink = make_sink(own_redis)
    add(own_redis, *STORY)

    assert drain(sink) == 3
    assert CrossVenueOpportunity.objects.get().sightings == 2
    assert pending(own_redis) == 0
    assert (sink.counts.applied, sink.counts.opened, sink.counts.closed) == (3, 1, 1)


@pytest.mark.django_db
def test_what_was_written_before_the_first_sink_is_read(own_redis: OwnRedis) -> None:
    add(own_redis, *STORY)

    assert drain(make_sink(own_redis)) == 3


@pytest.mark.django_db
def test_redis_that_lost_everything_is_read_again(own_redis: OwnRedis) -> None:
    sink = make_sink(own_redis)
    own_redis.client.flushall()
    assert sink.step(block_ms=1) == 0
    add(own_redis, *STORY)

    assert drain(sink) == 3


@pytest.mark.django_db
def test_poison_is_parked_and_stops_nothing(own_redis: OwnRedis) -> None:
    sink = make_sink(own_redis)
    for data in (b"rubbish", sighting_bytes(symbol="crypto:NOTHING"), sighting_bytes(inputs={"a": "\u0000"})):
        own_redis.client.xadd(SPREADS_STREAM, {"data": data})
    own_redis.client.xadd(SPREADS_STREAM, {"other": "field"})
    add(own_redis, *STORY)

    assert drain(sink) == 7
    assert CrossVenueOpportunity.objects.get().sightings == 2
    assert len(parked(own_redis)) == sink.counts.parked == 4
    assert pending(own_redis) == 0


@pytest.mark.django_db
def test_entry_that_nobody_ever_confirms_is_parked(own_redis: OwnRedis) -> None:
    make_sink(own_redis)
    add(own_redis, ("open", 0.0))
    own_redis.client.xreadgroup(GROUP, CONSUMER, {SPREADS_STREAM: ">"})
    for _ in range(MAX_DELIVERIES):
        own_redis.client.xreadgroup(GROUP, CONSUMER, {SPREADS_STREAM: "0"})

    drain(make_sink(own_redis))

    assert parked(own_redis) == ["handed out too often"]
    assert pending(own_redis) == 0
    assert not CrossVenueOpportunity.objects.exists()


@pytest.mark.django_db
def test_entries_of_another_consumer_are_taken_over(
    own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sink(own_redis)
    add(own_redis, *STORY)
    own_redis.client.xreadgroup(GROUP, "another", {SPREADS_STREAM: ">"})
    monkeypatch.setattr("opportunities.live.sink.CLAIM_IDLE_MS", 0)

    drain(make_sink(own_redis))

    assert CrossVenueOpportunity.objects.get().sightings == 2


@pytest.mark.django_db
def test_routes_are_closed_when_all_engines_are_silent(own_redis: OwnRedis) -> None:
    now = START
    sink = make_sink(own_redis, lambda: now)
    add(own_redis, ("open", 0.0))
    drain(sink)
    assert CrossVenueOpportunity.objects.get().state == "open"

    now = START + timedelta(seconds=30)
    sink.step(block_ms=1)

    assert CrossVenueOpportunity.objects.get().state == "closed"
    assert sink.counts.expired == 1


@pytest.mark.django_db
def test_old_sightings_that_waited_are_stored_before_routes_are_closed(own_redis: OwnRedis) -> None:
    sink = make_sink(own_redis, lambda: START + timedelta(hours=1))
    add(own_redis, ("open", 0.0), ("seen", 1.0), ("closed", 2.0))

    drain(sink)

    row = CrossVenueOpportunity.objects.get()
    assert (row.sightings, row.closed_at) == (2, START + timedelta(seconds=2))


@pytest.mark.django_db
def test_database_that_is_gone_is_waited_for(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    sink = make_sink(own_redis)
    add(own_redis, *STORY)
    is_gone = True
    execute = CursorWrapper.execute

    def fail(self: CursorWrapper, *args: Any, **kwargs: Any) -> Any:
        if is_gone:
            raise OperationalError("the connection is lost")
        return execute(self, *args, **kwargs)

    monkeypatch.setattr(CursorWrapper, "execute", fail)
    for _ in range(MAX_DELIVERIES + 3):
        with pytest.raises(OperationalError):
            sink.step(block_ms=1)
    assert pending(own_redis) == 3
    is_gone = False

    assert drain(sink) == 3
    assert parked(own_redis) == []
    assert pending(own_redis) == 0


@pytest.mark.django_db(transaction=True)
def test_run_goes_on_after_redis_was_gone(own_redis: OwnRedis) -> None:
    stopping = threading.Event()
    client = redis.Redis.from_url(own_redis.url, socket_timeout=PATIENCE)
    sink = Sink(client, clock=lambda: START, stopping=stopping)
    worker = threading.Thread(target=sink.run)
    worker.start()
    try:
        add(own_redis, ("open", 0.0))
        wait_for(lambda: sink.counts.applied == 1, "first sighting")
        own_redis.kill()
        wait_for(lambda: sink_facts(sink)["state"] == "degraded", "notice that Redis is gone")
        own_redis.start()
        add(own_redis, ("seen", 1.0))
        wait_for(lambda: sink.counts.applied == 2, "second sighting")
        wait_for(lambda: sink_facts(sink)["state"] == "live", "recovery")
    finally:
        stopping.set()
        worker.join(PATIENCE)
        client.close()


def _environment(url: str) -> dict[str, str]:
    database = connection.settings_dict
    login = quote(database["USER"] or "")
    if database["PASSWORD"]:
        login += ":" + quote(database["PASSWORD"])
    host, port, name = database["HOST"] or "", database["PORT"] or "", database["NAME"]
    where = f"/{name}?host={quote(host)}" if host.startswith("/") else f"{host}:{port or 5432}/{name}"
    return {**os.environ, "DATABASE_URL": f"postgres://{login}@{where}", "REDIS_URL": url}


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_sink_killed_between_commit_and_confirmation_loses_and_doubles_nothing(own_redis: OwnRedis) -> None:
    make_sink(own_redis)
    add(own_redis, *STORY)
    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.opportunities.live.killed_sink"],
        cwd=Path(django_settings.BASE_DIR), env=_environment(own_redis.url), check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    before = rows()
    assert before[0][0]["sightings"] == 2  # the commit happened
    assert pending(own_redis) == 3  # the confirmation did not

    successor = make_sink(own_redis)
    add(own_redis, ("open", 10.0), ("closed", 11.0))
    drain(successor)

    assert successor.counts.ignored == 3  # they did come again
    after = rows()
    assert after[1][:1] == before[1]
    assert (after[0][0]["sightings"], len(after[1])) == (3, 2)  # and later ones count
    assert pending(own_redis) == 0


@pytest.mark.django_db
def test_facts_and_metrics_tell_the_same_counts(own_redis: OwnRedis) -> None:
    sink = make_sink(own_redis)
    add(own_redis, *STORY)
    drain(sink)

    facts = sink_facts(sink)
    (entries, lag) = SinkCollector(sink).collect()

    assert facts["state"] == "live"
    assert json.loads(json.dumps(facts))["applied"] == 3
    assert {one.labels["what"]: one.value for one in entries.samples}["applied"] == 3
    assert lag.name == "arbsite_live_sink_lag_seconds"
