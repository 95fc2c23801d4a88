"""Forgetting what no longer lets anybody in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from users.models import TokenLogin
from users.services import end_login, purge_expired, start_login
from users.services.upkeep import KEPT_FOR
from users.tasks import purge_expired_logins

from .browser import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_log_ins_go_a_while_after_they_ended_and_sessions_when_they_expire():
    alice = make_user("alice")
    expired = start_login(
        alice, user_agent="", now=NOW - timedelta(days=14) - KEPT_FOR - timedelta(seconds=1)
    )
    ended_long_ago = start_login(alice, user_agent="", now=NOW - KEPT_FOR)
    ended_lately = start_login(alice, user_agent="", now=NOW)
    live = start_login(alice, user_agent="", now=NOW)
    end_login(ended_long_ago.login, actor=alice, now=NOW - KEPT_FOR - timedelta(seconds=1))
    end_login(ended_lately.login, actor=alice, now=NOW - KEPT_FOR + timedelta(seconds=1))
    for number, left in enumerate((-1, 1)):
        Session.objects.create(session_key=str(number), expire_date=NOW + timedelta(seconds=left))

    report = purge_expired(now=NOW)

    assert report == {"logins": 2, "sessions": 1}
    assert set(TokenLogin.objects.values_list("pk", flat=True)) == {ended_lately.login.pk, live.login.pk}
    assert expired.login.pk not in set(TokenLogin.objects.values_list("pk", flat=True))
    assert purge_expired(now=NOW) == {"logins": 0, "sessions": 0}


def test_the_task_runs_twice_and_takes_what_later_versions_add():
    for _ in range(2):
        purge_expired_logins(added_later=1)
