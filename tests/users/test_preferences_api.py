"""PATCH /session/: what people decide about their own account."""

import json

import pytest

from common.models import AuditEvent
from users.models import User

from .browser import SESSION, Browser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def browser(alice) -> Browser:
    browser = Browser()
    browser.sign_in("alice")
    return browser


def test_every_preference_is_kept_and_shown(browser, alice):
    wanted = {
        "time_zone": "Asia/Tokyo",
        "currency": "JPY",
        "theme": "dark",
        "density": "compact",
        "fee_profile": {"fee_rate": "0.13", "fixed_cost": "0.3", "shipping": "4.5", "sell_through": "1"},
    }

    answer = browser.call("PATCH", SESSION, wanted)

    alice.refresh_from_db()
    assert {name: answer.json()["user"][name] for name in wanted} == wanted
    assert alice.fee_profile == wanted["fee_profile"]
    assert AuditEvent.objects.get(verb="user.profile_changed").data == wanted


def test_what_is_not_given_stays_and_no_change_is_no_event(browser, alice):
    browser.call("PATCH", SESSION, {"theme": "dark"})
    browser.call("PATCH", SESSION, {"currency": "EUR"})
    browser.call("PATCH", SESSION, {"currency": "EUR"})
    browser.call("PATCH", SESSION, {})

    alice.refresh_from_db()
    assert (alice.theme, alice.currency, alice.time_zone) == ("dark", "EUR", "UTC")
    assert AuditEvent.objects.filter(verb="user.profile_changed").count() == 2


def test_a_fee_profile_replaces_the_whole_one(browser, alice):
    browser.call("PATCH", SESSION, {"fee_profile": {"fee_rate": "0.13", "shipping": "4"}})
    browser.call("PATCH", SESSION, {"fee_profile": {"fee_rate": "0.1000"}})

    alice.refresh_from_db()
    assert alice.fee_profile == {"fee_rate": "0.1"}


def test_numbers_keep_their_digits(browser, alice):
    body = '{"fee_profile": {"fee_rate": 0.123456, "fixed_cost": 1E+2}}'
    token = browser.cookies["csrftoken"].value
    browser.generic("PATCH", SESSION, body, content_type="application/json", headers={"X-CSRFToken": token})

    alice.refresh_from_db()
    assert alice.fee_profile == {"fee_rate": "0.123456", "fixed_cost": "100"}


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Moon/Base"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"time_zone": None},
        {"currency": "eur"},
        {"currency": "XXX"},
        {"currency": "BTC"},
        {"currency": "EURO"},
        {"currency": 978},
        {"theme": "neon"},
        {"density": None},
        {"fee_profile": None},
        {"fee_profile": []},
        {"fee_profile": {"fee_rate": "1.01"}},
        {"fee_profile": {"fee_rate": "-0.01"}},
        {"fee_profile": {"fee_rate": "NaN"}},
        {"fee_profile": {"fee_rate": "Infinity"}},
        {"fee_profile": {"fee_rate": "0.1234567"}},
        {"fee_profile": {"fee_rate": True}},
        {"fee_profile": {"shipping": "1e400"}},
        {"fee_profile": {"shipping": "123456789.1"}},
        {"fee_profile": {"postage": "1"}},
        {"role": "admin"},
    ],
    ids=json.dumps,
)
def test_a_value_that_is_none_of_the_kind_is_refused(browser, alice, body):
    answer = browser.call("PATCH", SESSION, body)

    before = (alice.time_zone, alice.currency, alice.theme, alice.density, alice.fee_profile, alice.role)
    alice.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert before == (
        alice.time_zone, alice.currency, alice.theme, alice.density, alice.fee_profile, alice.role
    )  # fmt: skip
