"""Refresh tokens under real concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from users.choices import Role
from users.errors import LoginEnded
from users.models import TokenLogin
from users.services import IssuedTokens, force_log_out, refresh_login, start_login

from .browser import make_user

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6
AGO = timedelta(minutes=5)  # tokens from the future are refused, so these stories began a little while ago


def _refresh_together(token: str, now: datetime, tabs: int = TABS) -> list[IssuedTokens | None]:
    barrier = Barrier(tabs)

    def refresh(_: int) -> IssuedTokens | None:
        try:
            barrier.wait(timeout=60)
            return refresh_login(token, now=now)
        except LoginEnded:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(tabs) as pool:
        return list(pool.map(refresh, range(tabs)))


def test_tabs_that_refresh_at_once_share_one_new_refresh_token():
    now = datetime.now(tz=UTC) - AGO
    first = start_login(make_user("alice"), user_agent="", now=now)
    assert first.refresh is not None

    answers = _refresh_together(first.refresh, now + timedelta(seconds=1))

    given = [answer for answer in answers if answer is not None]
    assert len(given) == TABS
    assert sum(answer.refresh is not None for answer in given) == 1
    login = TokenLogin.objects.get()
    assert login.revoked_at is None
    newest = next(answer.refresh for answer in given if answer.refresh)
    assert refresh_login(newest, now=now + timedelta(seconds=2)).refresh is not None
    connections.close_all()


def test_a_stolen_token_sent_many_times_at_once_ends_the_log_in_once():
    now = datetime.now(tz=UTC) - AGO
    first = start_login(make_user("alice"), user_agent="", now=now)
    assert first.refresh is not None
    second = refresh_login(first.refresh, now=now + timedelta(seconds=1))
    assert second.refresh is not None

    answers = _refresh_together(first.refresh, now + timedelta(seconds=60))

    assert answers == [None] * TABS
    assert TokenLogin.objects.get().revoked_reason == "refresh_token_reused"
    with pytest.raises(LoginEnded):
        refresh_login(second.refresh, now=now + timedelta(seconds=61))
    connections.close_all()


def test_a_forced_log_out_beats_refreshes_that_run_beside_it():
    now = datetime.now(tz=UTC) - AGO
    alice, boss = make_user("alice"), make_user("boss", Role.ADMIN)
    first = start_login(alice, user_agent="", now=now)
    assert first.refresh is not None
    token = first.refresh

    def force(_: int) -> None:
        try:
            force_log_out([alice], actor=boss, now=now + timedelta(seconds=1))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        forced = pool.submit(force, 0)
        answers = _refresh_together(token, now + timedelta(seconds=1), tabs=3)
        forced.result(timeout=60)

    for answer in answers:
        if answer is not None and answer.refresh is not None:
            with pytest.raises(LoginEnded):
                refresh_login(answer.refresh, now=now + timedelta(seconds=2))
    assert TokenLogin.objects.get().revoked_at is not None
    connections.close_all()
