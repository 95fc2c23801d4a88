"""Many at once on a committed database: one execution, limits that hold, and what the naive ways would do."""

import signal
import time
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from common.clock import utc_now
from common.models import AuditEvent, IdempotencyKey, OutboxMessage
from opportunities.models import Opportunity
from tests.trading.conftest import client_of
from tests.trading.factories import Box, make_box, make_limits, make_trader, order
from tests.trading.racing import FORK, forked, race
from trading.errors import AlreadyExecuted, LimitExceeded
from trading.models import Execution, ExposureUse, LedgerEntry, LedgerPosting, Sale
from trading.services import execute_opportunity, settle_due, settle_execution
from trading.services.exposure import Stake, reserve_exposure
from trading.services.kill_switch import LOCK_KEY
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 50


def _body(box: Box) -> dict[str, object]:
    return {"quantity": 1, "quote_version": str(box.opportunity.revision), "accept_disclaimer": True}


def _post(user: User, box: Box, key: str):
    url = f"/api/v1/opportunities/{box.opportunity.pk}/execute/"
    return client_of(user).post(url, _body(box), format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_fifty_requests_with_one_key_execute_once():
    tess, box = make_trader(), make_box(now=utc_now())

    answers = race([lambda: _post(tess, box, "same")] * CALLS)

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 409}
    created = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.json()["execution"]["id"] for answer in created}) == 1
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"idempotency_in_flight"}
    assert (Execution.objects.count(), IdempotencyKey.objects.count()) == (1, 1)
    assert _post(tess, box, "same")["Idempotent-Replay"] == "true"


def test_fifty_requests_with_their_own_keys_execute_once():
    tess, box = make_trader(), make_box(now=utc_now())

    answers = race([partial(_post, tess, box, f"key-{number}") for number in range(CALLS)])

    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_executed"}
    execution = Execution.objects.get()
    assert LedgerPosting.objects.count() == 1
    assert OutboxMessage.objects.filter(task="trading.announce_execution").count() == 1
    assert AuditEvent.objects.filter(verb="execution.bought").count() == 1
    assert ExposureUse.objects.filter(subject="tess").get().used == execution.expected_cost


def test_several_traders_at_once_execute_once():
    box = make_box(now=utc_now())
    traders = [make_trader(f"trader-{number}") for number in range(10)]
    wanted = order(box)

    results = race(
        [
            partial(
                execute_opportunity,
                opportunity_id=box.opportunity.pk,
                actor=trader,
                order=wanted,
                now=utc_now(),
            )
            for trader in traders
        ]
    )

    assert sum(isinstance(result, Execution) for result in results) == 1
    assert sum(isinstance(result, AlreadyExecuted) for result in results) == 9


def _reserve(amount: str) -> None:
    with transaction.atomic():
        reserve_exposure(
            Stake(
                username="tess",
                source="cardmarket",
                currency="EUR",
                amount=Decimal(amount),
                day=utc_now().date(),
            )
        )


@pytest.mark.parametrize("round_number", range(3))
def test_a_limit_with_room_for_two_of_fifty_lets_two_in(round_number):
    make_limits(global_open="700", user_day="200")

    results = race([lambda: _reserve("100")] * CALLS)

    assert sum(result is None for result in results) == 2
    assert sum(isinstance(result, LimitExceeded) for result in results) == CALLS - 2
    used = dict(ExposureUse.objects.values_list("limit__scope", "used"))
    assert used == {"global": Decimal(200), "user": Decimal(200)}


def test_executions_of_different_boxes_never_exceed_the_limit():
    now = utc_now()
    boxes = [make_box(now=now) for _ in range(6)]
    make_limits(user_day="130")  # two of 60.00
    tess = make_trader()
    wanted = [(box.opportunity.pk, order(box)) for box in boxes]

    results = race(
        [
            partial(execute_opportunity, opportunity_id=pk, actor=tess, order=asked, now=utc_now())
            for pk, asked in wanted
        ]
    )

    assert sum(isinstance(result, Execution) for result in results) == 2
    assert ExposureUse.objects.get(limit__scope="user").used == 120
    assert Opportunity.objects.filter(status="active").count() == 4
    assert LedgerPosting.objects.count() == 2


def _naive_reserve() -> None:
    """Look first, write then: what a limit must not be."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT used + 1 <= most FROM naive_limit")
        if not cursor.fetchone()[0]:
            raise LimitExceeded
        cursor.execute("SELECT pg_sleep(0.02)")
        cursor.execute("UPDATE naive_limit SET used = used + 1")


def test_negative_control_looking_first_and_writing_then_exceeds_the_limit():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_limit AS SELECT 0 AS used, 7 AS most")
    try:
        race([_naive_reserve] * CALLS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT used FROM naive_limit")
            used = cursor.fetchone()[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_limit")

    assert used > 7, "the naive way held: the test above proves nothing"


def test_many_settlements_at_once_sell_each_card_once():
    now = utc_now()
    tess, boxes = make_trader(), [make_box(now=now) for _ in range(3)]
    bought = [
        execute_opportunity(opportunity_id=box.opportunity.pk, actor=tess, order=order(box), now=now)
        for box in boxes
    ]
    Execution.objects.update(settles_at=now)

    one = bought[0].pk
    results = race(
        [lambda: settle_due(now=now).settled] * 10
        + [lambda: settle_execution(execution_id=one, actor=tess, now=now).quantity] * 10
    )

    assert sum(result for result in results if isinstance(result, int)) == 3
    assert set(Execution.objects.values_list("state", flat=True)) == {"settled"}
    assert Sale.objects.count() == 6
    assert not ExposureUse.objects.filter(limit__period="open", used__gt=0).exists()


def _execute_in_child(may_start, opportunity_id, actor_id, wanted) -> None:
    assert may_start.wait(30)
    execute_opportunity(
        opportunity_id=opportunity_id, actor=User.objects.get(pk=actor_id), order=wanted, now=utc_now()
    )


HOLDS = {
    "before its audit events": ("LOCK TABLE audit_heads IN EXCLUSIVE MODE", {0}),
    # The commit is the server's to finish, whoever is still there to hear of it: all or nothing.
    "in its commit": (f"SELECT pg_advisory_xact_lock({LOCK_KEY})", {0, 1}),
}


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # a transaction keeps the list of sessions of its first look: who connects later would never be seen
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def _others_are_gone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return not cursor.fetchone()[0]


def _until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("moment", HOLDS)
def test_a_process_killed_in_the_middle_leaves_all_or_nothing(moment):
    hold, outcomes = HOLDS[moment]
    tess, box = make_trader(), make_box(now=utc_now())
    wanted = order(box)
    events = AuditEvent.objects.count()
    is_held = FORK.Event()

    with (
        forked(_execute_in_child, [(is_held, box.opportunity.pk, tess.pk, wanted)]) as (child,),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(hold)
        is_held.set()
        _until(_somebody_waits)
        assert child.is_alive(), "the child ended before it could be killed"
        child.kill()
        child.join(10)
    _until(_others_are_gone)

    assert child.exitcode == -signal.SIGKILL
    survived = Execution.objects.count()
    assert survived in outcomes
    assert LedgerEntry.objects.count() == 2 * survived
    assert OutboxMessage.objects.filter(task="trading.announce_execution").count() == survived
    assert AuditEvent.objects.count() == events + 2 * survived
    assert ExposureUse.objects.filter(used__gt=0).count() == 2 * survived
    assert Opportunity.objects.filter(status="executed").count() == survived
    if not survived:
        execute_opportunity(opportunity_id=box.opportunity.pk, actor=tess, order=wanted, now=utc_now())
    assert Execution.objects.count() == 1


def test_an_unknown_opportunity_leaves_no_lock_behind():
    tess = make_trader()
    box = make_box(now=utc_now())
    results = race(
        [
            lambda: execute_opportunity(opportunity_id=uuid4(), actor=tess, order=order(box), now=utc_now()),
            lambda: execute_opportunity(
                opportunity_id=box.opportunity.pk, actor=tess, order=order(box), now=utc_now()
            ),
        ]
    )

    assert [type(result).__name__ for result in results] == ["OpportunityNotFound", "Execution"]
