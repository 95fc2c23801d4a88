"""Scopes of API keys: what is left of their owner's role."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from users.choices import Role, Scope
from users.models import ApiKey, User
from users.services import KeyOrder, create_api_key

from .browser import AUTH, SESSION, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = "/api/v1/api-keys/"
NOBODY = "00000000-0000-7000-8000-000000000000"


def _key(user: User, scope: Scope = Scope.READ) -> str:
    return create_api_key(user, order=KeyOrder("a key", (scope,)), actor=user, now=NOW).secret


def _program(key: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def ivy() -> User:
    return make_user("ivy", Role.TRADER)


# Calls by the lowest role they need; what they answer beyond the door (400, 404 …) does not matter here.
CALLS = {
    None: ("GET", "/api/v1/opportunities/"),
    Role.VIEWER: ("POST", "/api/v1/saved-views/"),
    Role.ANALYST: ("POST", f"/api/v1/jobs/{NOBODY}/cancel/"),
    Role.TRADER: ("DELETE", f"/api/v1/opportunities/{NOBODY}/"),
    Role.OPERATOR: ("POST", "/api/v1/products/"),
}


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("role", Role)
def test_a_key_does_what_both_its_scope_and_its_owners_role_allow(role, scope):
    user = make_user("ivy", role)
    order = KeyOrder("a key", (scope,))
    key = create_api_key(make_user("boss", Role.ADMIN), order=order, actor=None, now=NOW)
    ApiKey.objects.update(user=user)  # an operator's key stays one when its owner is given a lower role
    program = _program(key.secret)

    for needed, (method, url) in CALLS.items():
        answer = program.generic(method, url, b"{}", content_type="application/json")

        by_role = needed is None or role.includes(needed)
        by_scope = (
            needed is None or scope is Scope.OPS or (scope is Scope.TRADE and Role.TRADER.includes(needed))
        )
        assert (answer.status_code != 403) == (by_role and by_scope), (method, url, answer.status_code)
        if by_role and not by_scope:
            assert answer.json()["code"] == "scope_missing"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", KEYS),
        ("DELETE", f"{KEYS}{NOBODY}/"),
        ("POST", f"{AUTH}password/"),
        ("DELETE", f"{AUTH}logins/{NOBODY}/"),
    ],
)
def test_a_key_without_ops_cannot_touch_what_lets_its_owner_in(ivy, method, url):
    program = _program(_key(ivy, Scope.TRADE))

    answer = program.generic(method, url, b"{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_reading_scope_cannot_change_preferences(ivy):
    answer = _program(_key(ivy)).patch(SESSION, {"theme": "dark"}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_lower_role_binds_keys_made_before(ivy):
    program = _program(_key(ivy, Scope.TRADE))
    url = f"/api/v1/opportunities/{NOBODY}/"
    assert program.delete(url).status_code == 404

    User.objects.filter(pk=ivy.pk).update(role=Role.VIEWER)

    assert program.delete(url).json()["code"] == "permission_denied"
