"""Limits, kill switches and status over REST."""

import pytest
from rest_framework.test import APIClient

from common.clock import utc_now
from tests.trading.conftest import client_of
from trading import disclaimer
from trading.models import ExposureLimit
from trading.services import engage_kill_switch

pytestmark = pytest.mark.django_db
SWITCHES = "/api/v1/trading/kill-switches/"


def test_limits_are_listed_with_their_use(api):
    rows = api.get("/api/v1/trading/limits/").json()["results"]

    euro = {(row["scope"], row["period"]): row for row in rows if row["currency"] == "EUR"}
    assert set(euro) == {("global", "open"), ("user", "day")}
    assert euro["user", "day"]["used"] == "0.00"


def test_an_operator_changes_amount_and_activity_only(bob):
    limit = ExposureLimit.objects.filter(currency="EUR", scope="user").get()
    url = f"/api/v1/trading/limits/{limit.pk}/"

    changed = client_of(bob).patch(url, {"amount": "75.00", "is_active": False}, format="json").json()

    assert (changed["amount"], changed["is_active"]) == ("75.00", False)
    for body in ({}, {"scope": "global"}, {"amount": "-1"}, {"amount": "NaN"}, {"used": "0"}):
        assert client_of(bob).patch(url, body, format="json").status_code == 400


def test_a_trader_may_not_raise_limits(api):
    limit = ExposureLimit.objects.filter(currency="EUR", scope="user").get()

    assert api.patch(f"/api/v1/trading/limits/{limit.pk}/", {"amount": "9"}, format="json").status_code == 403


def test_a_switch_is_engaged_by_one_and_released_by_two(api, bob, olga):
    made = api.post(SWITCHES, {"scope": "global", "reason": "odd"}, format="json")
    assert (made.status_code, made.json()["is_engaged"], made.json()["engaged_by"]) == (201, True, "tess")
    url = f"{SWITCHES}{made.json()['id']}/release/"

    assert api.get("/api/v1/trading/status/").json()["is_halted"]
    assert api.post(url).status_code == 403
    assert client_of(bob).post(url).json()["release_asked_by"] == "bob"
    assert client_of(bob).post(url).json()["code"] == "second_person_needed"
    assert client_of(olga).post(url).json()["is_engaged"] is False
    assert not api.get("/api/v1/trading/status/").json()["is_halted"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scope": "global"}, "validation_error"),
        ({"scope": "everything", "reason": "x"}, "validation_error"),
        ({"scope": "user", "subject": "nobody", "reason": "x"}, "unknown_subject"),
        ({"scope": "global", "subject": "tess", "reason": "x"}, "unknown_subject"),
    ],
)
def test_a_bad_switch_is_refused(api, body, code):
    answer = api.post(SWITCHES, body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_switches_are_filtered(api, tess):
    engage_kill_switch(scope="user", subject="tess", reason="r", actor=tess, now=utc_now())

    assert api.get(f"{SWITCHES}?is_engaged=true").json()["count"] == 1
    assert api.get(f"{SWITCHES}?is_engaged=false").json()["count"] == 0
    assert api.get(f"{SWITCHES}?scope=source").json()["count"] == 0


def test_status_tells_mode_and_disclaimer(api):
    shown = api.get("/api/v1/trading/status/").json()

    assert (shown["mode"], shown["is_halted"], shown["switches"]) == ("paper", False, [])
    assert shown["disclaimer"] == {"version": disclaimer.VERSION, "text": disclaimer.TEXT}


def test_strangers_learn_no_names(tess, settings):
    settings.API_PUBLIC_READ = True
    engage_kill_switch(scope="user", subject="tess", reason="leaves", actor=tess, now=utc_now())

    (switch,) = APIClient().get("/api/v1/trading/status/").json()["switches"]

    assert (switch["subject"], switch["engaged_by"]) == ("", None)
