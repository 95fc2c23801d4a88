"""Accounts strangers make: off by default, a viewer's whatever they ask for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from common.models import AuditEvent
from users.choices import Role
from users.errors import NameTaken
from users.models import User
from users.services import sign_up

from .browser import AUTH, Browser, make_user

URL = f"{AUTH}signup/"
GOOD = {"username": "ivy", "email": "ivy@example.org", "password": "battery staple 7"}


@pytest.fixture
def browser(settings) -> Browser:
    settings.SIGNUP_ENABLED = True
    return Browser()


@pytest.mark.django_db
def test_signing_up_is_off_unless_the_installation_allows_it():
    answer = Browser().call("POST", URL, GOOD)

    assert (answer.status_code, answer.json()["code"]) == (403, "signup_closed")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_new_account_is_a_viewers_and_logged_in(browser):
    answer = browser.call("POST", URL, GOOD)

    ivy = User.objects.get()
    assert answer.status_code == 201
    assert (answer.json()["user"]["role"], answer.json()["user"]["email"]) == ("viewer", "ivy@example.org")
    assert (ivy.role, ivy.is_staff, ivy.is_superuser) == (Role.VIEWER, False, False)
    assert ivy.check_password(GOOD["password"])
    assert browser.is_in()
    event = AuditEvent.objects.get(verb="user.created")
    assert event.data == {"role": "viewer", "origin": "signup"}


HOSTILE_NAMES = [
    "", "ab", "x" * 31, "-ivy", ".ivy", "i v y", "ivy\n", "ivy\t", "iv\u0443", "ivy\u200b", "ivy\u202e",
    "<b>ivy</b>", "ivy'--", "../ivy", "ivy@home", "ＩＶＹ", "ivy\u0301", None, 7, ["ivy"], {"a": 1}, True,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=[f"name{i}" for i in range(len(HOSTILE_NAMES))])
def test_names_that_only_look_like_one_are_refused(browser, name):
    answer = browser.call("POST", URL, {**GOOD, "username": name})

    if isinstance(name, str) and name.strip() == "ivy":
        assert answer.status_code == 201  # blanks around it are cut
        assert User.objects.get().username == "ivy"
    else:
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/username")
        assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["", "short", "password123", "1234567890123", "ivy@example.org", "x" * 257, None, 12345678901]
)
def test_weak_and_unusable_passwords_are_refused(browser, password):
    answer = browser.call("POST", URL, {**GOOD, "password": password})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/password")
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["nobody", "a@b", "a@b.c\nBcc: x@y.z", "x" * 250 + "@b.cd", None])
def test_addresses_that_are_none_are_refused(browser, email):
    answer = browser.call("POST", URL, {**GOOD, "email": email})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/email")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice"])
def test_a_name_is_taken_whatever_its_case(browser, name):
    make_user("Alice")

    answer = browser.call("POST", URL, {**GOOD, "username": name})

    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


@pytest.mark.django_db
def test_accounts_of_one_address_are_limited(browser):
    statuses = [
        browser.call("POST", URL, {**GOOD, "username": f"ivy{number}"}).status_code for number in range(11)
    ]

    assert statuses == [201] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_name_at_once_one_gets_it(settings):
    settings.SIGNUP_ENABLED = True
    names = ["bob", "Bob", "BOB", "bOb"]
    barrier = Barrier(len(names))

    def attempt(name: str) -> bool:
        try:
            barrier.wait(timeout=60)
            sign_up(username=name, password="battery staple 7", now=datetime(2026, 11, 21, tzinfo=UTC))
        except NameTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        assert sum(pool.map(attempt, names)) == 1
    assert User.objects.count() == 1
    connections.close_all()
