"""The session endpoint, as the dashboard uses it."""

import pytest
from django.test import Client

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
    assert answer.json()["user"] == {"username": "alice", "role": "analyst", "time_zone": "Europe/Berlin"}

    token = browser.cookies["csrftoken"].value
    assert browser.get(URL).json()["user"]["username"] == "alice"
    assert browser.delete(URL, headers={"X-CSRFToken": token}).status_code == 204
    assert browser.get(URL).json()["user"] is None
