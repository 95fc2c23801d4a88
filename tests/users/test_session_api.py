"""The session endpoint, as the dashboard uses it."""

import pytest
from django.test import Client

from common.models import AuditEvent
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db
URL = "/api/v1/session/"


@pytest.fixture
def alice() -> User:
    return User.objects.create_user(
        "alice", password="correct horse", role=Role.ANALYST, time_zone="Europe/Berlin"
    )


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _post(browser: Client, body, url=URL, **headers):
    token = browser.get(URL).cookies["csrftoken"].value
    return browser.post(url, body, content_type="application/json", headers={"X-CSRFToken": token, **headers})


@pytest.mark.parametrize("url", [URL, URL.rstrip("/")])
def test_anonymous_session_says_so_and_sets_the_csrf_cookie(browser, url):
    response = browser.get(url)

    assert response.json() == {"user": None, "mode": "paper", "is_demo": False, "version": "0.1.0"}
    assert "csrftoken" in response.cookies


def test_login_then_logout(browser, alice):
    answer = _post(browser, {"username": "alice", "password": "correct horse"})
    assert answer.json()["user"] == {
        "username": "alice",
        "role": "analyst",
        "email": "",
        "is_staff": False,
        "time_zone": "Europe/Berlin",
        "currency": "",
        "theme": "system",
        "density": "comfortable",
        "fee_profile": {},
    }

    token = browser.cookies["csrftoken"].value
    assert browser.get(URL).json()["user"]["username"] == "alice"
    assert browser.delete(URL, headers={"X-CSRFToken": token}).status_code == 204
    assert browser.get(URL).json()["user"] is None


def test_settings_page_changes_the_time_zone(browser, alice):
    _post(browser, {"username": "alice", "password": "correct horse"})
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}

    answer = browser.patch(URL, {"time_zone": "Asia/Tokyo"}, content_type="application/json", headers=headers)
    wrong = browser.patch(URL, {"time_zone": "Moon/Base"}, content_type="application/json", headers=headers)

    assert answer.json()["user"]["time_zone"] == "Asia/Tokyo"
    assert wrong.json()["errors"] == [
        {
            "pointer": "/time_zone",
            "code": "unknown_time_zone",
            "detail": "“Moon/Base” is not an IANA time zone.",
        }
    ]
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"


def test_stranger_has_no_settings(browser):
    assert browser.patch(URL, {"time_zone": "UTC"}, content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "alice"}, {"username": "", "password": ""}, {"username": "a" * 151, "password": "x"}],
)
def test_incomplete_login_is_refused(browser, alice, body):
    answer = _post(browser, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


def test_logout_needs_the_csrf_token(browser, alice):
    _post(browser, {"username": "alice", "password": "correct horse"})

    assert browser.delete(URL).json()["code"] == "csrf_failed"


def test_logging_in_and_out_is_recorded_once_each(browser, alice):
    _post(browser, {"username": "alice", "password": "correct horse"})
    for _ in range(2):
        browser.delete(URL, headers={"X-CSRFToken": browser.cookies["csrftoken"].value})

    events = AuditEvent.objects.order_by("recorded_at").values_list("verb", "actor_id", "data")
    assert list(events) == [
        ("user.logged_in", alice.pk, {"how": "session"}),
        ("user.logged_out", alice.pk, {"how": "session"}),
    ]


def test_answers_say_that_they_depend_on_who_asks(browser, alice):
    browser.force_login(alice)

    vary = browser.get("/api/v1/products/")["Vary"]

    assert {"Authorization", "X-API-Key", "Cookie"} <= {part.strip() for part in vary.split(",")}
