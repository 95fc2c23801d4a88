"""Staff manage staff: never above their own role, never themselves."""

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from users.choices import Role
from users.models import User
from users.policy import grantable_roles, may_manage

pytestmark = pytest.mark.django_db


def _user(name: str, role: Role = Role.VIEWER, **kwargs) -> User:
    return User.objects.create_user(name, password="correct horse", role=role, **kwargs)


@pytest.fixture
def bob() -> User:
    return _user("bob", Role.ADMIN, is_staff=True)


@pytest.fixture
def page(bob) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def _change(page: Client, user: User, **fields):
    form = {"username": user.username, "role": user.role, "is_active": "on", "time_zone": "UTC", **fields}
    return page.post(reverse("admin:users_user_change", args=[user.pk]), form)


def test_role_change_is_saved_and_recorded(page, bob):
    alice = _user("alice")

    assert _change(page, alice, role="analyst", is_staff="on").status_code == 302

    alice.refresh_from_db()
    event = AuditEvent.objects.get(verb="user.changed")
    assert (alice.role, alice.is_staff) == ("analyst", True)
    assert (event.actor_id, event.subject, event.data["role"]) == (bob.pk, f"user:{alice.pk}", "analyst")
    assert "alice" not in str(event.data)


@pytest.mark.parametrize("attempt", [{"is_superuser": "on"}, {"user_permissions": ["1"]}, {"groups": ["1"]}])
def test_only_a_superuser_grants_more_than_a_role(page, attempt):
    alice = _user("alice")

    _change(page, alice, **attempt)

    alice.refresh_from_db()
    assert not alice.is_superuser
    assert not alice.user_permissions.exists()
    assert not alice.groups.exists()


def test_role_above_ones_own_is_refused(client):
    """An operator who was given the right to change users still cannot make an administrator."""
    from django.contrib.auth.models import Permission

    operator = _user("olga", Role.OPERATOR, is_staff=True)
    operator.user_permissions.add(
        Permission.objects.get(codename="change_user", content_type__app_label="users")
    )
    client.force_login(operator)
    alice, admin = _user("alice"), _user("adam", Role.ADMIN)

    assert _change(client, alice, role="admin").status_code == 200  # the form again, with an error
    assert _change(client, admin, role="viewer").status_code == 403
    assert _change(client, alice, role="operator").status_code == 302
    assert set(User.objects.filter(role="admin")) == {admin}


def test_superuser_cannot_be_touched_by_an_administrator(page):
    root = _user("root", Role.ADMIN, is_superuser=True, is_staff=True)

    assert _change(page, root, is_active="").status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert (
        page.post(password, {"password1": "new password 1", "password2": "new password 1"}).status_code == 403
    )


def test_nobody_changes_their_own_rank(page, bob):
    _change(page, bob, role="viewer", is_active="", is_staff="", is_superuser="on")

    bob.refresh_from_db()
    assert (bob.role, bob.is_active, bob.is_staff, bob.is_superuser) == ("admin", True, True, False)


def test_password_change_by_staff_is_recorded(page):
    alice = _user("alice")
    form = {"usable_password": "true", "password1": "battery staple 7", "password2": "battery staple 7"}

    page.post(reverse("admin:auth_user_password_change", args=[alice.pk]), form)

    alice.refresh_from_db()
    assert alice.check_password("battery staple 7")
    assert AuditEvent.objects.filter(verb="user.password_changed", subject=f"user:{alice.pk}").exists()


def test_new_account_is_created_with_a_role(page):
    form = {
        "username": "ivy", "role": "viewer", "time_zone": "Europe/Paris", "usable_password": "true",
        "password1": "battery staple 7", "password2": "battery staple 7",
    }  # fmt: skip

    assert page.post(reverse("admin:users_user_add"), form).status_code == 302
    assert User.objects.get(username="ivy").time_zone == "Europe/Paris"


def test_switching_accounts_off_spares_oneself_and_superusers(page, bob):
    alice, root = _user("alice"), _user("root", Role.ADMIN, is_superuser=True)
    form = {"action": "deactivate", "_selected_action": [alice.pk, root.pk, bob.pk]}

    asked = page.post(reverse("admin:users_user_changelist"), form)
    assert User.objects.filter(is_active=False).count() == 0
    page.post(reverse("admin:users_user_changelist"), {**form, "confirmed": "yes"})

    assert "Switch accounts off" in asked.content.decode()

    assert set(User.objects.filter(is_active=False)) == {alice}
    assert AuditEvent.objects.filter(verb="user.deactivated").count() == 1


def test_an_account_is_switched_on_again_and_nobody_changes_those_above_them(page):
    alice = _user("alice", is_active=False)
    root = _user("root", Role.ADMIN, is_superuser=True, is_active=False)
    form = {"action": "activate", "confirmed": "yes"}
    url = reverse("admin:users_user_changelist")

    page.post(url, {**form, "_selected_action": [alice.pk]})
    page.post(url, {**form, "_selected_action": [root.pk]})

    assert set(User.objects.filter(is_active=False)) == {root}


def test_accounts_are_never_deleted(page, bob):
    alice = _user("alice")

    assert page.post(reverse("admin:users_user_delete", args=[alice.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
def test_policy_follows_the_order_of_roles(actor, target):
    boss, other = User(username="a", role=actor), User(username="b", role=target)

    assert may_manage(boss, other) == (actor.rank >= target.rank)
    assert (target in grantable_roles(boss)) == (actor.rank >= target.rank)


def test_inactive_user_manages_nobody_and_has_no_role():
    gone = User(username="a", role=Role.ADMIN, is_active=False)

    assert not may_manage(gone, User(username="b"))
    assert grantable_roles(gone) == []
    assert not gone.has_role(Role.VIEWER)
