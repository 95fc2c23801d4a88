"""The kill switch: one person stops trading at once, two people start it again.

Every execution meets the switches in its commit: a deferred trigger (migrations 0004, 0007) takes a shared
advisory lock, looks, and refuses. `engage` takes the same lock exclusively, so it waits for commits that are
under way and for nothing else, and when it has committed no execution that it stops will commit any more.
Taken earlier, the lock would be held by every execution that still looks at prices. A lock on the switch's
row would not do at all: share locks starve the writer.

By SQL, from any client with the right to write, as fast and as final as the service (a trigger takes the
lock):

    INSERT INTO kill_switches (id, scope, subject, reason, engaged_at)
    VALUES (gen_random_uuid(), 'global', '', 'why', clock_timestamp());

`scope` is `global` (subject ''), `user` (a username) or `source` (code of a price source or of a
live venue). Releasing by SQL is an UPDATE of `released_at`; nobody is named by it, and the audit trail does
not know of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from catalog.models import Venue
from common.audit import record_event
from common.events import Topic, publish_event
from pricing.models import PriceSource
from trading.choices import KillScope
from trading.errors import (
    AlreadyEngaged,
    AlreadyReleased,
    KillSwitchIsEngaged,
    KillSwitchNotFound,
    SecondPersonNeeded,
    UnknownSubject,
)
from trading.models import KillSwitch
from users.models import User

LOCK_KEY: Final = 7_305_042_891
"""The advisory lock of all kill switches; migrations 0002, 0004 and 0007 name it too."""

_ENGAGE: Final = """
INSERT INTO kill_switches (id, scope, subject, reason, engaged_by_id, engaged_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (scope, subject) WHERE released_at IS NULL DO NOTHING
"""

REFUSED: Final = "ARB01"
"""SQLSTATE of the trigger's refusal."""


def engaged_switches() -> QuerySet[KillSwitch]:
    """Return the switches that stop something now, newest first."""
    return KillSwitch.objects.filter(released_at__isnull=True).order_by("-engaged_at", "-id")


def refuse_if_engaged(*, username: str, sources: set[str]) -> None:
    """Refuse if a switch stops this user or one of these sources.

    A first look, without a lock; the last word is the trigger's.

    Raises:
        KillSwitchIsEngaged: naming the switch.
    """
    concerns = (
        Q(scope=KillScope.GLOBAL)
        | Q(scope=KillScope.USER, subject=username)
        | Q(scope=KillScope.SOURCE, subject__in=sources)
    )
    switch = engaged_switches().filter(concerns).first()
    if switch is not None:
        raise _refusal(switch)


def meet_switches(*, username: str, sources: set[str]) -> None:
    """Refuse if a switch stops this user or one of these sources; none is engaged before the commit.

    For a short transaction that sends a new order: whoever engages a switch waits for it, so it must do
    nothing slow. What has been bought may always be sold, and does not ask.

    Raises:
        KillSwitchIsEngaged: naming the switch.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK_KEY])
    refuse_if_engaged(username=username, sources=sources)


@contextmanager
def refused_at_commit() -> Iterator[None]:
    """Turn the trigger's refusal of a commit into a `KillSwitchIsEngaged`; goes around the transaction.

    Raises:
        KillSwitchIsEngaged: naming the switch.
    """
    try:
        yield
    except DatabaseError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(error: DatabaseError) -> KillSwitchIsEngaged | None:
    """Return the refusal a database error stands for, or None if it is another error.

    Asks the database which switch it was, so call it when the failed transaction has been rolled back.
    """
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error) or cause.sqlstate != REFUSED:
        return None
    detail = cause.diag.message_detail
    switch = KillSwitch.objects.filter(pk=detail).first() if detail else None
    return KillSwitchIsEngaged() if switch is None else _refusal(switch)


def engage_kill_switch(
    *, scope: str, subject: str = "", reason: str, actor: User | None, now: datetime
) -> KillSwitch:
    """Stop new executions; when this has committed, none that it concerns will commit any more.

    Args:
        scope: a `KillScope`.
        subject: username, or code of a source or venue; empty for everything.
        reason: at most 200 characters; people are shown it.
        actor: who; None from a command line without a user.
        now: time of the engagement.

    Raises:
        UnknownSubject: if there is no such user or source, or one is missing or not wanted.
        AlreadyEngaged: if the same switch is engaged.
    """
    _check_subject(scope, subject)
    switch = KillSwitch(scope=scope, subject=subject, reason=reason[:200], engaged_by=actor, engaged_at=now)
    with transaction.atomic():
        _insert(switch)
        _record(switch, "engaged", actor, now, {"reason": switch.reason})
    return switch


def _insert(switch: KillSwitch) -> None:
    """Write a new switch; the table's trigger takes the lock first.

    One statement, because every step from here to the commit is time in which executions still commit.
    """
    row: list[Any] = [
        switch.pk,
        switch.scope,
        switch.subject,
        switch.reason,
        switch.engaged_by_id,
        switch.engaged_at,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ENGAGE, row)
        is_new = cursor.rowcount == 1
    if not is_new:
        known = engaged_switches().filter(scope=switch.scope, subject=switch.subject).first()
        raise AlreadyEngaged(details={} if known is None else {"id": str(known.pk)})
    switch._state.adding = False
    switch._state.db = connection.alias


def release_kill_switch(*, switch_id: UUID, actor: User, now: datetime) -> KillSwitch:
    """Ask for the release of a switch, or release it if somebody else asked before.

    Args:
        switch_id: which switch.
        actor: the first person to call this asks, the next other one releases.
        now: time of the call.

    Raises:
        KillSwitchNotFound: if there is none.
        AlreadyReleased: if it stops nothing any more.
        SecondPersonNeeded: if the one who asked calls again.
    """
    with transaction.atomic():
        switch = KillSwitch.objects.select_for_update(of=("self",)).filter(pk=switch_id).first()
        if switch is None:
            raise KillSwitchNotFound(details={"id": str(switch_id)})
        if switch.released_at is not None:
            raise AlreadyReleased(details={"id": str(switch_id)})
        if switch.release_asked_by_id is None:
            switch.release_asked_by, switch.release_asked_at = actor, now
            _record(switch, "release_asked", actor, now, {})
        elif switch.release_asked_by_id == actor.pk:
            raise SecondPersonNeeded(
                detail="You asked for this release; another operator must confirm it.",
                details={"id": str(switch_id)},
            )
        else:
            switch.released_by, switch.released_at = actor, now
            asked_by = str(switch.release_asked_by_id)
            _record(switch, "released", actor, now, {"asked_by": asked_by})
        switch.save()
    return switch


def _refusal(switch: KillSwitch) -> KillSwitchIsEngaged:
    return KillSwitchIsEngaged(
        detail=f"Trading is stopped ({switch.get_scope_display().lower()}): {switch.reason}",
        details={
            "id": str(switch.pk), "scope": switch.scope, "subject": switch.subject,
            "reason": switch.reason, "engaged_at": switch.engaged_at.isoformat(),
        },
    )  # fmt: skip


def _check_subject(scope: str, subject: str) -> None:
    known = {
        KillScope.GLOBAL: subject == "",
        KillScope.USER: bool(subject) and User.objects.filter(username=subject).exists(),
        KillScope.SOURCE: bool(subject) and _is_source(subject),
    }
    if not known.get(KillScope(scope), False):
        raise UnknownSubject(
            detail="A switch for everything names nobody."
            if scope == KillScope.GLOBAL
            else f"There is no {scope} {subject!r}.",
            details={"scope": scope, "subject": subject},
        )


def _is_source(code: str) -> bool:
    return PriceSource.objects.filter(code=code).exists() or Venue.objects.filter(code=code).exists()


def _record(switch: KillSwitch, what: str, actor: User | None, now: datetime, facts: dict[str, str]) -> None:
    """Write the audit event of a change and tell open dashboards.

    A user's switch names the user by id: the audit trail holds no personal data.
    """
    subject = switch.subject
    if switch.scope == KillScope.USER:
        subject = str(User.objects.values_list("pk", flat=True).filter(username=subject).first())
    record_event(
        actor=actor,
        verb=f"kill_switch.{what}",
        subject=f"kill_switch:{switch.pk}",
        data={"scope": switch.scope, "subject": subject, **facts},
        now=now,
    )
    data = {"id": switch.pk, "scope": switch.scope, "is_engaged": switch.released_at is None}
    publish_event(topic=Topic.MARKET, name=f"kill_switch_{what}", data=data)
    publish_event(topic=Topic.METRICS, name=f"kill_switch_{what}", data=data)
