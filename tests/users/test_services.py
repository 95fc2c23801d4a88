"""The first accounts of an installation."""

import stat
from datetime import UTC, datetime

import pytest

from users.choices import Role
from users.models import User
from users.services import ensure_initial_users

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_first_run_creates_accounts_and_a_private_file(tmp_path):
    path = tmp_path / "var" / "credentials.txt"

    logins = ensure_initial_users(credentials_path=path, now=NOW)

    assert set(logins) == {"admin", "analyst"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert User.objects.get(username="admin").has_role(Role.ADMIN)
    assert User.objects.get(username="analyst").check_password(logins["analyst"])


def test_second_run_changes_nothing(tmp_path):
    path = tmp_path / "credentials.txt"
    logins = ensure_initial_users(credentials_path=path, now=NOW)
    User.objects.get(username="admin").set_password("changed")
    before = path.read_text()

    again = ensure_initial_users(credentials_path=path, now=NOW)

    assert again == logins
    assert path.read_text() == before


def test_a_password_chosen_by_hand_is_never_reset(tmp_path):
    User.objects.create_superuser("admin", password="chosen by hand", role=Role.ADMIN)

    logins = ensure_initial_users(credentials_path=tmp_path / "credentials.txt", now=NOW)

    assert set(logins) == {"analyst"}
    assert User.objects.get(username="admin").check_password("chosen by hand")
