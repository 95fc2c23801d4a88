"""The kill switch among sixteen writers: how fast it engages, and that nothing commits after it."""

import threading
import time
from statistics import median
from uuid import UUID

import pytest
from django.db import connection, transaction

from common.clock import utc_now
from common.models import IdempotencyKey
from opportunities.choices import OpportunityStatus
from opportunities.models import Opportunity
from tests.trading.conftest import client_of
from tests.trading.factories import make_box, make_limits, make_trader, order, request_for
from tests.trading.racing import FORK, forked, race
from trading.errors import KillSwitchIsEngaged
from trading.models import Execution
from trading.services import (
    cancel_execution,
    engage_kill_switch,
    execute_opportunity,
    release_kill_switch,
)
from trading.services.kill_switch import LOCK_KEY
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 16
ENGAGEMENTS = 12


def _write_on(opportunity_id: UUID, actor_id: UUID, acknowledged, stop) -> None:
    """Execute, take it back, and again: as fast as it goes, until told to stop."""
    actor = User.objects.get(pk=actor_id)
    while not stop.is_set():
        row = Opportunity.objects.get(pk=opportunity_id)
        asked = request_for(row, opening="entered")
        try:
            execution = execute_opportunity(
                opportunity_id=opportunity_id, actor=actor, order=asked, now=utc_now()
            )
        except KillSwitchIsEngaged:
            stop.wait(0.005)
            continue
        with acknowledged.get_lock():
            acknowledged.value += 1
        cancel_execution(execution_id=execution.pk, reason="again", actor=actor, now=utc_now())
        Opportunity.objects.filter(pk=opportunity_id).update(status=OpportunityStatus.ACTIVE)


def _until(condition, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the writers do not write"
        time.sleep(0.01)


def test_nothing_commits_after_the_switch_and_it_engages_fast(capsys):
    now = utc_now()
    make_limits()
    rows = [make_box(now=now).opportunity.pk for _ in range(WRITERS)]
    traders = [make_trader(f"trader-{number}").pk for number in range(WRITERS)]
    people = [make_trader(name, Role.OPERATOR) for name in ("bob", "olga")]
    acknowledged, stop = FORK.Value("q", 0), FORK.Event()
    seconds: list[float] = []
    late: list[int] = []

    with forked(
        _write_on, [(row, actor, acknowledged, stop) for row, actor in zip(rows, traders, strict=True)]
    ):
        began, started = 0, time.monotonic()
        for _ in range(ENGAGEMENTS):
            reached = acknowledged.value + 6  # they write again
            _until(lambda reached=reached: acknowledged.value >= reached)
            began = began or acknowledged.value
            before = time.perf_counter()
            switch = engage_kill_switch(scope="global", reason="test", actor=people[0], now=utc_now())
            seconds.append(time.perf_counter() - before)
            committed = Execution.objects.count()
            time.sleep(0.15)
            late.append(Execution.objects.count() - committed)
            for person in people:
                release_kill_switch(switch_id=switch.pk, actor=person, now=utc_now())
        rate = acknowledged.value / (time.monotonic() - started)
        stop.set()

    ordered = sorted(seconds)
    with capsys.disabled():
        print(  # noqa: T201 - a measurement for whoever runs this
            f"\n  kill switch, {WRITERS} writers, {ENGAGEMENTS} engagements: median "
            f"{median(ordered) * 1000:.1f} ms, most {ordered[-1] * 1000:.1f} ms; {rate:.0f} executions/s"
        )
    assert late == [0] * ENGAGEMENTS
    assert acknowledged.value >= 6 * ENGAGEMENTS
    assert ordered[-1] < 30, "the switch waits for writers: it must not"


def _waiting_at_the_commit() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND (classid::bigint << 32 | objid::bigint) = %s",
            [LOCK_KEY],
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("way", ["service", "api"])
def test_a_switch_engaged_in_the_last_moment_refuses_the_commit(way):
    now = utc_now()
    tess, box = make_trader(), make_box(now=now)
    asked = order(box)

    def act():
        if way == "service":
            return execute_opportunity(
                opportunity_id=box.opportunity.pk, actor=tess, order=asked, now=utc_now()
            )
        return client_of(tess).post(
            f"/api/v1/opportunities/{box.opportunity.pk}/execute/",
            {"quantity": 1, "quote_version": asked.quote_version, "accept_disclaimer": True},
            format="json",
            HTTP_IDEMPOTENCY_KEY="k",
        )

    taken = threading.Event()

    def engage():
        with transaction.atomic():
            engage_kill_switch(scope="source", subject="cardmarket", reason="late", actor=tess, now=now)
            taken.set()
            _until(_waiting_at_the_commit)  # it passed the first look, which saw no switch

    def act_then():
        assert taken.wait(30)
        return act()

    _, answer = race([engage, act_then])

    if way == "service":
        assert isinstance(answer, KillSwitchIsEngaged)
        assert answer.details["reason"] == "late"
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "kill_switch_engaged")
        assert not IdempotencyKey.objects.exists()
    assert not Execution.objects.exists()
    assert Opportunity.objects.get(pk=box.opportunity.pk).status == OpportunityStatus.ACTIVE


def _wait_for_writer(table: str) -> None:
    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s",
                [f"UPDATE {table}%"],
            )
            return bool(cursor.fetchone()[0])

    _until(waits)


def test_negative_control_share_locks_overtake_a_switch_that_waits():
    """Each newcomer shares the row although the writer came first, so the writer need never get its turn."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_switch AS SELECT false AS engaged")
    held, may_end, overtaken = threading.Event(), threading.Event(), threading.Event()

    def executes_first():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT engaged FROM naive_switch FOR SHARE")
            held.set()
            assert may_end.wait(30)

    def engages():
        assert held.wait(30)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE naive_switch SET engaged = true")
            return overtaken.is_set()

    def executes_later():
        assert held.wait(30)
        _wait_for_writer("naive_switch")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT engaged FROM naive_switch FOR SHARE NOWAIT")
                overtaken.set()
                return cursor.fetchone()[0]
        finally:
            may_end.set()

    try:
        _, came_second, saw_engaged = race([executes_first, engages, executes_later])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_switch")

    assert saw_engaged is False
    assert came_second is True


def test_the_advisory_lock_lets_nobody_overtake_a_switch_that_waits():
    held, may_end = threading.Event(), threading.Event()

    def executes_first():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK_KEY])
            held.set()
            assert may_end.wait(30)

    def engages():
        assert held.wait(30)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT /* engages */ pg_advisory_xact_lock(%s)", [LOCK_KEY])

    def executes_later():
        assert held.wait(30)
        _until(_someone_waits_to_engage)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK_KEY])
                return cursor.fetchone()[0]
        finally:
            may_end.set()

    *_, got_in = race([executes_first, engages, executes_later])

    assert got_in is False


def _someone_waits_to_engage() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])
