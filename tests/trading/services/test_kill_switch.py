"""Kill switches: what they stop, who engages, that two people release."""

from uuid import uuid4

import pytest
from django.db import connection

from common.models import AuditEvent
from tests.trading.factories import NOW, Box, execute, make_box
from trading.errors import (
    AlreadyEngaged,
    AlreadyReleased,
    KillSwitchIsEngaged,
    KillSwitchNotFound,
    SecondPersonNeeded,
    UnknownSubject,
)
from trading.models import Execution, KillSwitch
from trading.services import (
    cancel_execution,
    engage_kill_switch,
    release_kill_switch,
    settle_execution,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Box:
    return make_box()


@pytest.mark.parametrize(
    ("scope", "subject", "stops"),
    [
        ("global", "", True),
        ("user", "tess", True),
        ("user", "bob", False),
        ("source", "cardmarket", True),
        ("source", "tcgplayer", False),
    ],
)
def test_a_switch_stops_what_it_names(box, tess, bob, scope, subject, stops):
    engage_kill_switch(scope=scope, subject=subject, reason="odd prices", actor=bob, now=NOW)

    if not stops:
        assert execute(box, tess).state == "bought"
        return
    with pytest.raises(KillSwitchIsEngaged) as refused:
        execute(box, tess)
    assert (refused.value.details["scope"], refused.value.details["reason"]) == (scope, "odd prices")
    assert not Execution.objects.exists()


def test_closing_what_is_open_stays_possible(box, tess):
    first = execute(box, tess)
    second = execute(make_box(), tess, opening="entered")
    engage_kill_switch(scope="global", reason="stop", actor=tess, now=NOW)

    assert settle_execution(execution_id=first.pk, actor=tess, now=NOW).state == "settled"
    assert cancel_execution(execution_id=second.pk, reason="x", actor=tess, now=NOW).state == "cancelled"


def test_one_engages_and_two_release(box, tess, bob, olga):
    switch = engage_kill_switch(scope="global", reason="stop", actor=tess, now=NOW)

    asked = release_kill_switch(switch_id=switch.pk, actor=bob, now=NOW)
    assert (asked.release_asked_by, asked.released_at) == (bob, None)
    with pytest.raises(SecondPersonNeeded):
        release_kill_switch(switch_id=switch.pk, actor=bob, now=NOW)
    with pytest.raises(KillSwitchIsEngaged):
        execute(box, tess)

    released = release_kill_switch(switch_id=switch.pk, actor=olga, now=NOW)
    assert (released.released_by, released.released_at) == (olga, NOW)
    assert execute(box, tess).state == "bought"
    with pytest.raises(AlreadyReleased):
        release_kill_switch(switch_id=switch.pk, actor=bob, now=NOW)
    assert list(
        AuditEvent.objects.filter(subject=f"kill_switch:{switch.pk}")
        .order_by("seq")
        .values_list("verb", "actor_id")
    ) == [
        ("kill_switch.engaged", tess.pk),
        ("kill_switch.release_asked", bob.pk),
        ("kill_switch.released", olga.pk),
    ]


def test_the_same_switch_is_engaged_once(tess):
    engage_kill_switch(scope="global", reason="stop", actor=tess, now=NOW)

    with pytest.raises(AlreadyEngaged):
        engage_kill_switch(scope="global", reason="stop", actor=tess, now=NOW)


@pytest.mark.parametrize(
    ("scope", "subject"), [("global", "tess"), ("user", ""), ("user", "nobody"), ("source", "nowhere")]
)
def test_a_switch_names_somebody_there_is(tess, scope, subject):
    with pytest.raises(UnknownSubject):
        engage_kill_switch(scope=scope, subject=subject, reason="stop", actor=tess, now=NOW)
    assert not KillSwitch.objects.exists()


def test_the_audit_trail_knows_users_by_id(tess, bob):
    engage_kill_switch(scope="user", subject="tess", reason="leaves", actor=bob, now=NOW)

    assert AuditEvent.objects.get(verb="kill_switch.engaged").data["subject"] == str(tess.pk)


def test_an_unknown_switch_cannot_be_released(tess):
    with pytest.raises(KillSwitchNotFound):
        release_kill_switch(switch_id=uuid4(), actor=tess, now=NOW)


def test_the_statement_of_the_documentation_stops_trading(box, tess):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kill_switches (id, scope, subject, reason, engaged_at)"
            " VALUES (gen_random_uuid(), 'global', '', 'why', clock_timestamp())"
        )
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND (classid::bigint << 32 | objid::bigint) = 7305042891"
        )
        assert ("ExclusiveLock",) in cursor.fetchall()

    with pytest.raises(KillSwitchIsEngaged):
        execute(box, tess)
