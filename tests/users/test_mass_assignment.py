"""Every write endpoint of this app, sent every field of the models: what is not offered changes nothing."""

from typing import Any

import pytest
from django.forms.models import model_to_dict

from users.choices import Role
from users.models import ApiKey, SavedView, TokenLogin, User

from .browser import AUTH, PASSWORD, SESSION, Browser, make_user

pytestmark = pytest.mark.django_db
POWER = ("role", "is_staff", "is_superuser", "is_active", "tokens_valid_from", "date_joined", "username")
FIELDS = sorted(
    {field.name for model in (User, ApiKey, SavedView, TokenLogin) for field in model._meta.get_fields()}
    | {"user_id", "effective_role", "pk", "owner", "is_own", "key"}
)
VALUES = {
    "role": "admin",
    "scopes": ["ops"],
    "is_staff": True,
    "is_superuser": True,
    "is_active": False,
    "username": "mallory",
    "groups": [1],
    "user_permissions": [1],
}
WRITES: dict[str, tuple[str, str, dict[str, Any], set[str]]] = {
    "session": ("PATCH", SESSION, {}, {"time_zone", "currency", "theme", "density", "fee_profile"}),
    "signup": ("POST", f"{AUTH}signup/", {"username": "ivy", "password": PASSWORD}, {"username", "email"}),
    "signin": ("POST", f"{AUTH}signin/", {"username": "alice", "password": PASSWORD}, {"username"}),
    "password": ("POST", f"{AUTH}password/", {"current": PASSWORD, "new": "battery staple 7"}, set()),
    "login": ("POST", SESSION, {"username": "alice", "password": PASSWORD}, {"username"}),
    "api key": ("POST", "/api/v1/api-keys/", {"name": "x", "scopes": ["read"]}, {"name", "scopes"}),
    "view": (
        "POST",
        "/api/v1/saved-views/",
        {"page": "jobs", "name": "x"},
        {"page", "name", "query", "is_default", "is_shared"},
    ),
    "view change": ("PATCH", "", {}, {"name", "query", "is_default", "is_shared"}),
}


@pytest.mark.parametrize("write", sorted(WRITES))
def test_fields_that_are_not_offered_are_refused_and_change_nothing(write, settings):
    settings.SIGNUP_ENABLED = True
    alice = make_user("alice", Role.ANALYST)
    browser = Browser()
    browser.sign_in("alice")
    view = browser.call("POST", "/api/v1/saved-views/", {"page": "audit", "name": "kept"}).json()
    method, url, body, offered = WRITES[write]
    url = url or f"/api/v1/saved-views/{view['id']}/"
    before = model_to_dict(alice, POWER)
    accepted = []

    for batch in _batches(sorted(set(FIELDS) - offered - set(body))):
        extra = {name: VALUES.get(name, "1") for name in batch}
        answer = browser.call(method, url, {**body, **extra})
        problem = answer.json()
        named = {error["pointer"].lstrip("/") for error in problem.get("errors", ())}
        if answer.status_code != 400 or not set(batch) <= named:
            accepted.append((batch, answer.status_code))

    alice.refresh_from_db()
    assert accepted == []
    assert model_to_dict(alice, POWER) == before
    assert User.objects.count() == 1
    assert SavedView.objects.get().user == alice
    assert not ApiKey.objects.exists()


def _batches(names: list[str], size: int = 8) -> list[list[str]]:
    """A few names per call: log-ins are limited per minute."""
    return [names[start : start + size] for start in range(0, len(names), size)]
