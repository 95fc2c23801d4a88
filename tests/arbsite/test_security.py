"""Headers, cookies, lockout and the other defences a browser can see."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from users.models import User

PROJECT = Path(__file__).resolve().parents[2]
SESSION = "/api/v1/session/"
DATABASE = "postgres://arbsite:pw@db.invalid/arbsite"


def _policy(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.django_db
def test_pages_and_api_get_the_strict_policy(client):
    policy = _policy(client.get(SESSION))

    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"


@pytest.mark.django_db
def test_only_the_admin_may_evaluate(client):
    policy = _policy(client.get("/admin/login/"))

    assert policy["script-src"] == "'self' 'unsafe-eval'"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_defensive_header_is_sent(client, header, value):
    assert client.get(SESSION)[header] == value


def _settings(expression: str, environment: dict[str, str]) -> str:
    """Evaluate an expression over the product's settings in a process of its own."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "API_PUBLIC_READ")
    }
    code = f"from django.conf import settings as s; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "arbsite.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def _production(expression: str) -> str:
    environment = {
        "ARBSITE_ENV": "production",
        "DATABASE_URL": DATABASE,
        "REDIS_URL": "redis://redis.invalid:6379/0",
        "DJANGO_SECRET_KEY": "k" * 60,
    }
    return _settings(expression, environment)


def test_production_defaults_are_strict():
    names = [
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY",
    ]  # fmt: skip
    expression = (
        "*[getattr(s, n) for n in %r], s.SECURE_HSTS_SECONDS >= 31536000, not s.API_PUBLIC_READ, "
        "not s.DEBUG, s.SESSION_COOKIE_NAME.startswith('__Host-'), s.LOG_FORMAT == 'json'"
    )

    assert set(_production(expression % names).split()) == {"True"}


def test_argon2_hashes_new_passwords():
    from arbsite.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_admin_login_leads_to_the_admin(browser):
    User.objects.update(is_staff=True)
    token = browser.get("/admin/login/").cookies["csrftoken"].value
    form = {"username": "alice", "password": "correct horse", "csrfmiddlewaretoken": token}

    assert browser.post("/admin/login/", form)["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("database", "stated", "expected"),
    [("", "", "True"), (DATABASE, "", "False"), (DATABASE, "true", "True"), ("", "false", "False")],
)
def test_embedded_run_alone_is_readable_without_login(database, stated, expected):
    environment = {"DATABASE_URL": database, **({"API_PUBLIC_READ": stated} if stated else {})}

    assert _settings("s.API_PUBLIC_READ", environment) == expected


@pytest.fixture
def browser(db) -> Client:
    User.objects.create_user("alice", password="correct horse", role="analyst")
    return Client(enforce_csrf_checks=True)


def _log_in(browser: Client, username: str, password: str, **extra):
    token = browser.get(SESSION).cookies["csrftoken"].value
    body = {"username": username, "password": password}
    return browser.post(
        SESSION, body, content_type="application/json", headers={"X-CSRFToken": token}, **extra
    )


def test_login_needs_the_csrf_token(browser):
    response = browser.post(
        SESSION, {"username": "alice", "password": "correct horse"}, content_type="application/json"
    )

    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize(
    ("username", "password"), [("alice", "wrong"), ("nobody", "wrong"), ("ALICE", "correct horse")]
)
def test_failed_logins_are_told_apart_by_nobody(browser, username, password):
    answer = _log_in(browser, username, password)
    problem = answer.json()
    problem.pop("request_id")

    assert (answer.status_code, problem["code"]) == (401, "invalid_login")
    assert username not in answer.content.decode().replace("username", "")


def test_inactive_account_looks_like_a_wrong_password(browser):
    User.objects.update(is_active=False)

    assert _log_in(browser, "alice", "correct horse").json()["code"] == "invalid_login"


def test_repeated_failures_lock_name_and_address_but_not_other_people(browser):
    User.objects.create_user("bob", password="battery staple")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = _log_in(browser, "alice", "wrong")
    locked = _log_in(browser, "alice", "correct horse")

    assert (last.status_code, locked.status_code) == (429, 429)
    assert locked.json()["code"] == "too_many_attempts"
    assert int(locked["Retry-After"]) > 0
    assert _log_in(browser, "bob", "battery staple").status_code == 200


def test_lockout_speaks_plain_text_to_the_admin_page(browser):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        token = browser.get("/admin/login/").cookies["csrftoken"].value
        form = {"username": "alice", "password": "wrong", "csrfmiddlewaretoken": token}
        answer = browser.post("/admin/login/", form)

    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("text/plain")


def test_forged_forwarded_address_does_not_escape_the_lockout(browser):
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        last = _log_in(browser, "alice", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{attempt}")

    assert last.status_code == 429


def test_login_attempts_of_one_address_are_limited(browser):
    statuses = [_log_in(browser, f"name{number}", "wrong").status_code for number in range(21)]

    assert statuses[:20] == [401] * 20
    assert statuses[20] == 429


def test_session_id_changes_at_login(browser):
    browser.get(SESSION)
    before = browser.cookies.get(settings.SESSION_COOKIE_NAME)
    answer = _log_in(browser, "alice", "correct horse")

    assert answer.cookies[settings.SESSION_COOKIE_NAME].value != (before.value if before else "")
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["samesite"] == "Lax"
