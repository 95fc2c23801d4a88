"""API keys: what they open, what they never open, and taking them back."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from common.models import AuditEvent
from users.choices import Role, Scope
from users.errors import LimitReached, NotManageable, ScopeTooWide
from users.models import ApiKey, User
from users.services import MAX_KEYS, KeyOrder, create_api_key, note_key_use, revoke_api_key, revoke_keys_of

from .browser import AUTH, Browser, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = "/api/v1/api-keys/"


def _key(user: User, *scopes: Scope, days: int | None = None, now: datetime | None = None) -> str:
    order = KeyOrder("a key", scopes or (Scope.READ,), days)
    return create_api_key(user, order=order, actor=user, now=now or datetime.now(tz=UTC)).secret


def _program(key: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key}"})


def _me(program: Client):
    return program.get(f"{AUTH}me/")


@pytest.fixture
def ivy() -> User:
    return make_user("ivy", Role.TRADER)


@pytest.mark.parametrize(
    "headers",
    [
        lambda key: {"Authorization": f"Bearer {key}"},
        lambda key: {"Authorization": f"bearer  {key} "},
        lambda key: {"X-API-Key": key},
    ],
    ids=["bearer", "bearer with blanks", "header"],
)
def test_a_key_stands_for_its_owner(ivy, headers):
    answer = Client(enforce_csrf_checks=True).get(f"{AUTH}me/", headers=headers(_key(ivy)))

    assert answer.json()["user"]["username"] == "ivy"


def test_only_a_digest_of_the_key_is_kept(ivy):
    key = _key(ivy)
    row = ApiKey.objects.get()

    assert row.digest == hashlib.sha256(key.encode()).hexdigest()
    assert key.startswith(f"arb_{row.prefix}_")
    secret = key.removeprefix(f"arb_{row.prefix}_")
    assert secret not in str(AuditEvent.objects.get(verb="api_key.created").data)


def test_calls_with_a_key_need_no_csrf_token(ivy):
    view = {"page": "jobs", "name": "Mine"}

    answer = _program(_key(ivy, Scope.TRADE)).post(
        "/api/v1/saved-views/", view, content_type="application/json"
    )

    assert answer.status_code == 201


def test_a_stated_key_counts_and_not_the_cookies_beside_it(ivy):
    browser = Browser()
    make_user("alice")
    browser.sign_in("alice")

    answer = browser.get(f"{AUTH}me/", headers={"X-API-Key": _key(ivy)})

    assert answer.json()["user"]["username"] == "ivy"


REFUSED = {
    "unknown": lambda key: "arb_aaaaaaaa_" + "A" * 43,
    "one_character_changed": lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
    "prefix_only": lambda key: key[:12],
    "empty": lambda key: "",
    "a_token": lambda key: "eyJhbGciOiJub25lIn0.e30.",
    "very_long": lambda key: key + "A" * 10_000,
    "not_ascii": lambda key: key[:-1] + "\xe9",
    "wildcards": lambda key: "arb_%_%",
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_no_key_is_refused_and_not_taken_as_anonymous(ivy, case, settings):
    settings.API_PUBLIC_READ = True
    answer = Client().get("/api/v1/products/", headers={"X-API-Key": REFUSED[case](_key(ivy))})

    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_invalid")
    assert answer["WWW-Authenticate"] == 'Bearer realm="arbsite"'


def test_an_expired_key_is_refused(ivy):
    key = _key(ivy, days=1, now=datetime.now(tz=UTC) - timedelta(days=1, seconds=1))

    answer = _me(_program(key))

    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_expired")


def test_a_revoked_key_is_refused_from_the_next_call_on(ivy):
    program = _program(_key(ivy))
    assert _me(program).status_code == 200

    assert revoke_api_key(ApiKey.objects.get(), actor=ivy, now=NOW)
    answer = _me(program)

    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_revoked")
    assert not revoke_api_key(ApiKey.objects.get(), actor=ivy, now=NOW)
    assert AuditEvent.objects.filter(verb="api_key.revoked").count() == 1


def test_a_key_dies_with_its_owners_account(ivy):
    program = _program(_key(ivy))
    User.objects.filter(pk=ivy.pk).update(is_active=False)

    answer = _me(program)

    assert (answer.status_code, answer.json()["code"]) == (401, "account_inactive")


def test_somebody_who_tries_keys_is_slowed_down(ivy):
    stranger = Client(headers={"X-API-Key": "arb_aaaaaaaa_" + "A" * 43})

    statuses = [_me(stranger).status_code for _ in range(21)]

    assert statuses == [401] * 20 + [429]
    assert _me(_program(_key(ivy))).status_code == 200


def test_keys_are_made_shown_once_listed_and_revoked():
    browser = Browser()
    ivy = make_user("ivy")
    browser.sign_in("ivy")

    made = browser.call("POST", KEYS, {"name": "Nightly", "scopes": ["read"], "expires_in_days": 90})
    listed = browser.get(KEYS).json()["results"]
    key_id = made.json()["id"]
    revoked = browser.call("DELETE", f"{KEYS}{key_id}/")
    again = browser.call("DELETE", f"{KEYS}{key_id}/")

    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert made.json()["key"].startswith(f"arb_{made.json()['prefix']}_")
    assert [set(row) for row in listed] == [set(made.json()) - {"key"}]
    assert made.json()["key"] not in str(listed)
    assert (revoked.status_code, again.status_code) == (204, 204)
    assert browser.get(KEYS).json()["results"][0]["revoked_at"] is not None
    assert ApiKey.objects.get().user == ivy


def test_a_stranger_neither_sees_nor_revokes_a_key(ivy):
    _key(ivy)
    browser = Browser()
    make_user("charlie", Role.ADMIN)
    browser.sign_in("charlie")

    assert browser.get(KEYS).json()["count"] == 0
    assert browser.call("DELETE", f"{KEYS}{ApiKey.objects.get().pk}/").status_code == 404
    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "", "scopes": ["read"]},
        {"name": "x" * 81, "scopes": ["read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["admin"]},
        {"name": "x", "scopes": "read"},
        {"name": "x", "scopes": ["read"] * 4},
        {"name": "x", "scopes": [["read"]]},
        {"name": "x", "scopes": ["read"], "expires_in_days": 0},
        {"name": "x", "scopes": ["read"], "expires_in_days": 10**30},
        {"name": "x", "scopes": ["read"], "expires_in_days": "soon"},
        {"name": "x", "scopes": ["read"], "user": "admin"},
        {"name": "x", "scopes": ["read"], "digest": "0" * 64},
        ["name"],
    ],
)
def test_a_malformed_order_is_refused(body):
    browser = Browser()
    make_user("ivy")
    browser.sign_in("ivy")

    answer = browser.call("POST", KEYS, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert not ApiKey.objects.exists()


def test_ops_is_for_operators():
    order = KeyOrder("x", (Scope.OPS,))
    trader, olga = make_user("ivy", Role.TRADER), make_user("olga", Role.OPERATOR)

    with pytest.raises(ScopeTooWide):
        create_api_key(trader, order=order, actor=trader, now=NOW)
    assert create_api_key(olga, order=order, actor=olga, now=NOW).row.has_scope(Scope.TRADE)


def test_a_key_makes_none_that_outlives_it():
    olga = make_user("olga", Role.OPERATOR)
    program = _program(_key(olga, Scope.OPS, days=10))

    answers = [
        program.post(KEYS, {"name": "x", "scopes": ["read"], **days}, content_type="application/json")
        for days in ({}, {"expires_in_days": 11}, {"expires_in_days": 9})
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 201]
    assert answers[0].json()["code"] == "key_outlives_its_maker"


def test_the_number_of_usable_keys_is_bounded(ivy):
    for _ in range(MAX_KEYS):
        _key(ivy, days=1, now=NOW)

    with pytest.raises(LimitReached):
        _key(ivy, now=NOW)
    assert _key(ivy, now=NOW + timedelta(days=1))  # the others have expired


def test_nobody_makes_or_revokes_a_key_of_those_above_them(ivy):
    admin = make_user("adam", Role.ADMIN)
    _key(admin)

    with pytest.raises(NotManageable):
        create_api_key(admin, order=KeyOrder("x", (Scope.READ,)), actor=ivy, now=NOW)
    with pytest.raises(NotManageable):
        revoke_api_key(ApiKey.objects.get(), actor=ivy, now=NOW)
    assert revoke_keys_of([admin], actor=ivy, now=NOW) == 0
    assert revoke_keys_of([admin], actor=admin, now=NOW) == 1


def test_the_last_use_is_written_once_a_minute(ivy, django_assert_num_queries):
    _key(ivy)
    key = ApiKey.objects.get()
    with django_assert_num_queries(1):
        note_key_use(key, now=NOW)
    key.refresh_from_db()
    with django_assert_num_queries(0):
        note_key_use(key, now=NOW + timedelta(seconds=59))
    with django_assert_num_queries(1):
        note_key_use(key, now=NOW + timedelta(seconds=60))

    key.refresh_from_db()
    assert key.last_used_at == NOW + timedelta(seconds=60)


def test_a_call_with_a_key_asks_the_database_once_for_who_it_is(ivy, django_assert_max_num_queries):
    program = _program(_key(ivy))
    _me(program)

    with django_assert_max_num_queries(2):  # the key with its owner; whether the market is the demo
        assert _me(program).status_code == 200


def test_rates_are_counted_by_key(ivy):
    first, second = _program(_key(ivy)), _program(_key(ivy))
    for _ in range(3):
        answer = _me(first)

    limit = int(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["key"].partition("/")[0])
    assert answer["RateLimit"].startswith(f'"key";r={limit - 3};t=')
    assert _me(second)["RateLimit"].startswith(f'"key";r={limit - 1};t=')
