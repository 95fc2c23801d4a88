"""Tokens nobody issued, and tokens in the wrong place."""

from typing import Any

import jwt
import pytest
from django.conf import settings

from users.models import TokenLogin, User

from .browser import AUTH, Browser, make_user

pytestmark = pytest.mark.django_db
ACCESS, REFRESH = settings.ACCESS_COOKIE_NAME, settings.REFRESH_COOKIE_NAME
KEY = settings.SIMPLE_JWT["SIGNING_KEY"]


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def browser() -> Browser:
    return Browser()


def _claims(browser: Browser, cookie: str = ACCESS) -> dict[str, Any]:
    return jwt.decode(browser.cookies[cookie].value, KEY, algorithms=["HS256"], issuer="arbsite")


FORGERIES = {
    "no_algorithm": lambda claims: jwt.encode(claims, "", algorithm="none"),
    "another_key": lambda claims: jwt.encode(claims, "k" * 64, algorithm="HS256"),
    "another_hash": lambda claims: jwt.encode(claims, KEY, algorithm="HS512"),
    "expired": lambda claims: jwt.encode({**claims, "exp": claims["iat"] - 60}, KEY, algorithm="HS256"),
    "never_expires": lambda claims: _without(claims, "exp"),
    "no_issuer": lambda claims: _without(claims, "iss"),
    "another_issuer": lambda claims: jwt.encode({**claims, "iss": "evil"}, KEY, algorithm="HS256"),
    "no_login": lambda claims: _without(claims, "login"),
    "no_binding": lambda claims: _without(claims, "bound"),
    "another_binding": lambda claims: jwt.encode({**claims, "bound": "0" * 32}, KEY, algorithm="HS256"),
    "login_is_no_id": lambda claims: jwt.encode({**claims, "login": "1 OR 1=1"}, KEY, algorithm="HS256"),
    "unknown_login": lambda claims: jwt.encode(
        {**claims, "login": "00000000-0000-7000-8000-000000000000"}, KEY, algorithm="HS256"
    ),
    "another_type": lambda claims: jwt.encode({**claims, "token_type": "refresh"}, KEY, algorithm="HS256"),
    "not_a_token": lambda _: "arb_not.a.token",
    "empty_parts": lambda _: "..",
    "very_long": lambda _: "a" * 3_000,
    "not_ascii": lambda _: "\xff\xfe",
}


def _without(claims: dict[str, Any], name: str) -> str:
    return jwt.encode({key: value for key, value in claims.items() if key != name}, KEY, algorithm="HS256")


@pytest.mark.parametrize("forgery", sorted(FORGERIES))
def test_forged_access_token_is_nobody(browser, alice, forgery):
    browser.sign_in("alice")
    browser.cookies[ACCESS] = FORGERIES[forgery](_claims(browser))

    answer = browser.get(f"{AUTH}me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_public_key_does_not_serve_as_a_shared_secret(browser, alice, settings):
    """The swap RS256 → HS256: the header names an asymmetric algorithm, which is never looked at."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    browser.sign_in("alice")
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    browser.cookies[ACCESS] = jwt.encode(_claims(browser), private, algorithm="RS256")

    assert not browser.is_in()


def test_the_refresh_token_opens_no_other_door(browser, alice):
    browser.sign_in("alice")
    browser.cookies[ACCESS] = browser.cookies[REFRESH].value

    assert not browser.is_in()


def test_the_access_token_refreshes_nothing(browser, alice):
    browser.sign_in("alice")
    browser.cookies[REFRESH] = browser.cookies[ACCESS].value
    answer = browser.refresh()

    assert (answer.status_code, answer.json()["code"]) == (401, "login_ended")
    assert TokenLogin.objects.get().revoked_at is None


def test_tokens_tell_nothing_about_the_user(browser, alice):
    browser.sign_in("alice")

    for cookie in (ACCESS, REFRESH):
        assert set(_claims(browser, cookie)) == {"token_type", "exp", "iat", "jti", "login", "bound", "iss"}
