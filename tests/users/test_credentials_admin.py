"""Staff pages of keys, log-ins and saved views: they show, they take back, they never tell a secret."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from users.choices import Role, Scope
from users.models import ApiKey, TokenLogin, User
from users.services import KeyOrder, create_api_key, create_saved_view, start_login

from .browser import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def ivy() -> User:
    return make_user("ivy")


@pytest.fixture
def page() -> Client:
    return _staff("bob", Role.ADMIN)


def _staff(name: str, role: Role) -> Client:
    client = Client()
    client.force_login(make_user(name, role, is_staff=True))
    return client


def _key(owner: User) -> str:
    order = KeyOrder("Nightly", (Scope.READ,))
    return create_api_key(owner, order=order, actor=None, now=NOW).secret


def _act(page: Client, model: str, action: str, rows, **more):
    url = reverse(f"admin:users_{model}_changelist")
    return page.post(url, {"action": action, "_selected_action": [row.pk for row in rows], **more})


def test_pages_show_rows_and_no_secrets(page, ivy):
    secret = _key(ivy)
    login = start_login(ivy, user_agent="A browser", now=NOW).login
    create_saved_view(ivy, facts={"page": "jobs", "name": "Mine"}, now=NOW)
    key = ApiKey.objects.get()
    urls = [reverse(f"admin:users_{name}_changelist") for name in ("apikey", "tokenlogin", "savedview")]
    urls += [f"{urls[0]}?state={state}" for state in ("usable", "expired", "revoked")]
    urls += [
        reverse("admin:users_apikey_change", args=[key.pk]),
        reverse("admin:users_tokenlogin_change", args=[login.pk]),
    ]

    for url in urls:
        answer = page.get(url)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert all(hidden not in text for hidden in (secret, key.digest, login.current_jti))


def test_a_key_is_revoked_after_a_question(page, ivy):
    _key(ivy)
    keys = list(ApiKey.objects.all())

    asked = _act(page, "apikey", "revoke", keys)
    assert "Revoke API keys" in asked.content.decode()
    assert ApiKey.objects.get().revoked_at is None
    _act(page, "apikey", "revoke", keys, confirmed="yes")

    assert ApiKey.objects.get().revoked_at is not None
    assert AuditEvent.objects.get(verb="api_key.revoked").actor_id == User.objects.get(username="bob").pk


def test_a_log_in_is_ended_after_a_question(page, ivy):
    login = start_login(ivy, user_agent="", now=datetime.now(tz=UTC)).login

    _act(page, "tokenlogin", "revoke", [login])
    assert TokenLogin.objects.get().revoked_at is None
    _act(page, "tokenlogin", "revoke", [login], confirmed="yes")

    assert TokenLogin.objects.get().revoked_reason == "revoked"


def test_operators_look_and_take_nothing_back(ivy):
    operator = _staff("olga", Role.OPERATOR)
    _key(ivy)

    assert operator.get(reverse("admin:users_apikey_changelist")).status_code == 200
    _act(operator, "apikey", "revoke", ApiKey.objects.all(), confirmed="yes")

    assert ApiKey.objects.get().revoked_at is None


def test_administrators_leave_a_superusers_key_alone(page):
    root = make_user("root", Role.ADMIN, is_superuser=True)
    _key(root)

    _act(page, "apikey", "revoke", ApiKey.objects.all(), confirmed="yes")

    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("model", ["apikey", "tokenlogin", "savedview"])
def test_nothing_is_made_or_deleted_here(page, model):
    assert page.get(reverse(f"admin:users_{model}_add")).status_code == 403
    assert page.post(f"/admin/users/{model}/{NOW.timestamp():.0f}/delete/").status_code in (302, 403, 404)


@pytest.mark.parametrize("action", ["log_out", "revoke_keys"])
def test_people_are_logged_out_and_lose_their_keys_after_a_question(page, ivy, action):
    _key(ivy)
    start_login(ivy, user_agent="", now=datetime.now(tz=UTC))

    _act(page, "user", action, [ivy])
    assert ApiKey.objects.get().revoked_at is None
    assert TokenLogin.objects.get().revoked_at is None
    _act(page, "user", action, [ivy], confirmed="yes")

    assert (ApiKey.objects.get().revoked_at is None) == (action == "log_out")
    assert (TokenLogin.objects.get().revoked_at is None) == (action == "revoke_keys")


def test_a_password_set_by_staff_and_an_account_switched_off_end_the_log_ins(page, ivy):
    start_login(ivy, user_agent="", now=datetime.now(tz=UTC))
    form = {"usable_password": "true", "password1": "battery staple 7", "password2": "battery staple 7"}

    page.post(reverse("admin:auth_user_password_change", args=[ivy.pk]), form)
    assert TokenLogin.objects.get().revoked_reason == "forced"
    start_login(ivy, user_agent="", now=datetime.now(tz=UTC))
    form = {"username": "ivy", "role": "viewer", "time_zone": "UTC"}
    page.post(reverse("admin:users_user_change", args=[ivy.pk]), form)

    ivy.refresh_from_db()
    assert not ivy.is_active
    assert not TokenLogin.objects.filter(revoked_at=None).exists()
