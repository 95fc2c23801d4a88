"""Token cookies: in, carried on, out; and everything that must not let anybody in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from common.models import AuditEvent
from users.choices import Role
from users.models import TokenLogin, User
from users.services import force_log_out, set_active
from users.services.logins import MAX_LOGINS, start_login

from .browser import AUTH, PASSWORD, SESSION, Browser, make_user

pytestmark = pytest.mark.django_db
ACCESS, REFRESH = settings.ACCESS_COOKIE_NAME, settings.REFRESH_COOKIE_NAME


@pytest.fixture
def alice() -> User:
    return make_user("alice", Role.ANALYST)


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_signing_in_answers_with_the_session_and_two_cookies_no_script_reads(browser, alice):
    answer = browser.sign_in("alice")

    assert answer.json()["user"]["username"] == "alice"
    assert answer["Cache-Control"] == "no-store"
    access, refresh = answer.cookies[ACCESS], answer.cookies[REFRESH]
    assert (access["path"], refresh["path"]) == ("/api/", "/api/v1/auth/")
    assert access["httponly"]
    assert refresh["httponly"]
    assert (access["samesite"], refresh["samesite"]) == ("Lax", "Strict")
    assert access["max-age"] == 600
    assert PASSWORD not in answer.content.decode()
    assert browser.is_in()


def test_cookies_travel_over_tls_only_where_the_site_is_served_by_it(browser, alice, settings):
    settings.SESSION_COOKIE_SECURE = True

    answer = browser.sign_in("alice")

    assert answer.cookies[ACCESS]["secure"]
    assert answer.cookies[REFRESH]["secure"]


@pytest.mark.parametrize(
    ("username", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("ALICE", PASSWORD)]
)
def test_refused_logins_cannot_be_told_apart(browser, alice, username, password):
    answer = browser.sign_in(username, password)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_login")
    assert ACCESS not in answer.cookies
    assert not TokenLogin.objects.exists()


def test_an_account_switched_off_looks_like_a_wrong_password(browser, alice):
    User.objects.update(is_active=False)

    assert browser.sign_in("alice").json()["code"] == "invalid_login"


def test_repeated_failures_lock_name_and_address_here_and_at_the_session_endpoint(browser, alice):
    make_user("bob")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = browser.sign_in("alice", "wrong")
    locked = browser.sign_in("alice")
    session = browser.call("POST", SESSION, {"username": "alice", "password": PASSWORD})

    assert [answer.status_code for answer in (last, locked, session)] == [429, 429, 429]
    assert locked.json()["code"] == "too_many_attempts"
    assert browser.sign_in("bob").status_code == 200


def test_a_success_forgets_earlier_failures_and_notes_the_time(browser, alice):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        browser.sign_in("alice", "wrong")
    browser.sign_in("alice")
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        last = browser.sign_in("alice", "wrong")

    alice.refresh_from_db()
    assert alice.last_login is not None
    assert last.status_code == 401


@pytest.mark.parametrize("call", ["signin", "signup", "refresh", "signout", "password"])
def test_another_site_cannot_make_the_browser_call(browser, alice, call, settings):
    settings.SIGNUP_ENABLED = True
    browser.sign_in("alice")

    answer = browser.post(f"{AUTH}{call}/", {}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert browser.is_in()


def test_a_token_cookie_needs_the_csrf_token_for_every_unsafe_call(browser, alice):
    browser.sign_in("alice")
    view = {"page": "jobs", "name": "Mine"}

    without = browser.post("/api/v1/saved-views/", view, content_type="application/json")
    foreign = browser.call("POST", "/api/v1/saved-views/", view, **{"X-CSRFToken": "0" * 32})
    with_token = browser.call("POST", "/api/v1/saved-views/", view)

    assert (without.status_code, without.json()["code"]) == (403, "csrf_failed")
    assert foreign.status_code == 403
    assert with_token.status_code == 201


def test_a_call_from_another_origin_is_refused_although_it_knows_the_token(browser, alice):
    browser.sign_in("alice")
    headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}

    answer = browser.call("POST", "/api/v1/saved-views/", {"page": "jobs", "name": "x"}, **headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_refreshing_replaces_both_cookies(browser, alice):
    browser.sign_in("alice")
    before = browser.cookies[REFRESH].value

    answer = browser.refresh()

    assert answer.status_code == 200
    assert answer.json()["user"]["username"] == "alice"
    assert browser.cookies[REFRESH].value != before
    assert browser.is_in()
    assert browser.refresh().status_code == 200


def test_a_replayed_refresh_token_ends_the_log_in_for_thief_and_owner(browser, alice):
    browser.sign_in("alice")
    stolen = browser.cookies[REFRESH].value
    browser.refresh()
    login = TokenLogin.objects.get()
    TokenLogin.objects.update(rotated_at=login.rotated_at - timedelta(seconds=11))
    thief = Browser()
    thief.cookies[REFRESH] = stolen

    answer = thief.refresh()

    login.refresh_from_db()
    event = AuditEvent.objects.get(verb="login.ended")
    assert (answer.status_code, answer.json()["code"]) == (401, "login_ended")
    assert answer.cookies[REFRESH]["max-age"] == 0
    assert (login.revoked_reason, event.data) == ("refresh_token_reused", {"reason": "refresh_token_reused"})
    assert not browser.is_in()
    assert browser.refresh().status_code == 401


def test_a_refresh_token_two_steps_old_is_stolen_even_at_once(browser, alice):
    browser.sign_in("alice")
    stolen = browser.cookies[REFRESH].value
    browser.refresh()
    browser.refresh()
    thief = Browser()
    thief.cookies[REFRESH] = stolen

    assert thief.refresh().status_code == 401
    assert not browser.is_in()


def test_the_second_of_two_tabs_gets_an_access_token_only(browser, alice):
    browser.sign_in("alice")
    second = Browser()
    second.cookies[REFRESH] = browser.cookies[REFRESH].value
    browser.refresh()

    answer = second.refresh()

    assert answer.status_code == 200
    assert REFRESH not in answer.cookies
    assert second.is_in()
    assert browser.is_in()
    assert TokenLogin.objects.get().revoked_at is None


def test_refreshing_needs_a_refresh_cookie(browser):
    assert browser.refresh().status_code == 401


def test_signing_out_ends_the_log_in_and_not_only_the_cookies(browser, alice):
    browser.sign_in("alice")
    kept = {name: browser.cookies[name].value for name in (ACCESS, REFRESH)}

    answer = browser.call("POST", f"{AUTH}signout/")
    for name, value in kept.items():
        browser.cookies[name] = value

    assert answer.status_code == 204
    assert {answer.cookies[name]["max-age"] for name in kept} == {0}
    assert not browser.is_in()
    assert browser.refresh().status_code == 401
    assert AuditEvent.objects.filter(verb="login.ended").get().data == {"reason": "signed_out"}
    assert browser.call("POST", f"{AUTH}signout/").status_code == 204


def test_signing_out_ends_a_session_as_well(browser, alice):
    browser.call("POST", SESSION, {"username": "alice", "password": PASSWORD})
    assert browser.is_in()

    browser.call("POST", f"{AUTH}signout/")

    assert not browser.is_in()


def test_signing_in_ends_who_the_browser_was_before(browser, alice):
    make_user("bob")
    browser.call("POST", SESSION, {"username": "alice", "password": PASSWORD})

    browser.sign_in("bob")
    assert browser.get(f"{AUTH}me/").json()["user"]["username"] == "bob"
    browser.call("POST", SESSION, {"username": "alice", "password": PASSWORD})

    assert browser.get(f"{AUTH}me/").json()["user"]["username"] == "alice"
    assert TokenLogin.objects.get(user__username="bob").revoked_reason == "signed_out"


@pytest.mark.parametrize("how", ["session", "tokens"])
def test_forced_log_out_ends_what_is_open(browser, alice, how):
    boss = make_user("boss", Role.ADMIN)
    url, body = (SESSION, f"{AUTH}signin/")[how == "tokens"], {"username": "alice", "password": PASSWORD}
    browser.call("POST", url, body)
    assert browser.is_in()

    count = force_log_out([alice], actor=boss, now=datetime.now(tz=UTC))

    assert count == 1
    assert not browser.is_in()
    assert browser.refresh().status_code == 401
    assert AuditEvent.objects.filter(verb="user.logged_out_everywhere").exists()
    assert browser.sign_in("alice").status_code == 200
    assert browser.is_in()


def test_nobody_forces_those_above_them_out(browser, alice):
    browser.sign_in("alice")

    assert force_log_out([alice], actor=make_user("bob"), now=datetime.now(tz=UTC)) == 0
    assert browser.is_in()


def test_an_account_switched_off_and_on_keeps_no_log_in(browser, alice):
    boss = make_user("boss", Role.ADMIN)
    browser.sign_in("alice")

    for is_active in (False, True):
        set_active([alice], is_active=is_active, actor=boss, now=datetime.now(tz=UTC))
        assert not browser.is_in()
        assert browser.refresh().status_code == 401


def test_a_password_changed_by_any_means_ends_the_tokens(browser, alice):
    browser.sign_in("alice")
    alice.set_password("battery staple 7")
    alice.save()

    assert not browser.is_in()
    assert browser.refresh().status_code == 401


def test_a_log_in_ends_by_itself_however_often_it_is_refreshed(browser, alice):
    browser.sign_in("alice")
    TokenLogin.objects.update(expires_at=datetime.now(tz=UTC) - timedelta(seconds=1))

    assert not browser.is_in()
    assert browser.refresh().status_code == 401


def test_own_log_ins_are_listed_and_ended(browser, alice):
    other = Browser(HTTP_USER_AGENT="Other\x07Browser " + "x" * 400)
    stranger = Browser()
    make_user("bob")
    browser.sign_in("alice")
    other.sign_in("alice")
    stranger.sign_in("bob")

    listed = browser.get(f"{AUTH}logins/").json()["results"]
    wanted = next(row for row in listed if not row["is_current"])
    foreign = stranger.call("DELETE", f"{AUTH}logins/{wanted['id']}/")
    ended = browser.call("DELETE", f"{AUTH}logins/{wanted['id']}/")

    assert len(listed) == 2
    assert wanted["user_agent"].startswith("OtherBrowser x")
    assert set(wanted) == {"id", "user_agent", "created_at", "last_used_at", "expires_at", "is_current"}
    assert (foreign.status_code, ended.status_code) == (404, 204)
    assert (other.is_in(), browser.is_in()) == (False, True)
    assert len(browser.get(f"{AUTH}logins/").json()["results"]) == 1


def test_the_number_of_log_ins_is_bounded(alice):
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    for minute in range(MAX_LOGINS + 1):
        start_login(alice, user_agent="", now=now + timedelta(minutes=minute))

    oldest = TokenLogin.objects.order_by("created_at").first()
    assert TokenLogin.objects.filter(revoked_at=None).count() == MAX_LOGINS
    assert oldest is not None
    assert oldest.revoked_reason == "too_many"


def test_own_password_is_changed_with_the_current_one_and_other_log_ins_end(browser, alice):
    other = Browser()
    other.sign_in("alice")
    browser.sign_in("alice")
    url = f"{AUTH}password/"

    wrong = browser.call("POST", url, {"current": "wrong", "new": "battery staple 7"})
    weak = browser.call("POST", url, {"current": PASSWORD, "new": "alice"})
    same = browser.call("POST", url, {"current": PASSWORD, "new": PASSWORD})
    done = browser.call("POST", url, {"current": PASSWORD, "new": "battery staple 7"})

    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (400, "/new")
    assert same.json()["errors"][0]["code"] == "unchanged"
    assert done.status_code == 200
    assert (browser.is_in(), other.is_in()) == (True, False)
    assert browser.refresh().status_code == 200
    assert other.sign_in("alice", "battery staple 7").status_code == 200


def test_password_change_in_a_session_keeps_that_session(browser, alice):
    other = Browser()
    body = {"username": "alice", "password": PASSWORD}
    other.call("POST", SESSION, body)
    browser.call("POST", SESSION, body)

    browser.call("POST", f"{AUTH}password/", {"current": PASSWORD, "new": "battery staple 7"})

    assert (browser.is_in(), other.is_in()) == (True, False)


def test_reading_who_one_is_needs_a_login_where_the_api_is_public(browser, settings):
    settings.API_PUBLIC_READ = True

    assert browser.get(f"{AUTH}me/").status_code == 401
