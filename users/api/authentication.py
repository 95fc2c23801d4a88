"""API keys and token cookies. Sessions are `common.api.authentication`'s."""

from typing import Final

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from common.api.authentication import SessionAuthentication
from common.api.throttling import RefusedKeyThrottle
from common.clock import utc_now
from users.models import ApiKey, TokenLogin, User
from users.selectors import api_key_of, login_of_access_token
from users.services import note_key_use

KEY_HEADER: Final = "X-API-Key"
_REFUSALS: Final = {
    "api_key_invalid": "This is no API key of this installation.",
    "api_key_revoked": "This API key was revoked.",
    "api_key_expired": "This API key has expired.",
    "account_inactive": "The account of this API key is switched off.",
}


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer arb_…` or `X-API-Key`; browsers add neither by themselves: no CSRF check.

    A key that is stated and does not count is an error, never an anonymous call.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return the key's owner and the key, or None if none is stated.

        Raises:
            AuthenticationFailed: with code api_key_invalid, api_key_revoked, api_key_expired or
                account_inactive.
            Throttled: after many refused keys from one address.
        """
        _vary_by_key(request)
        text = _stated_key(request)
        if text is None:
            return None
        now = utc_now()
        key = api_key_of(text)
        if key is None:
            raise _refusal(request, "api_key_invalid")
        if key.revoked_at is not None:
            raise _refusal(request, "api_key_revoked")
        if key.expires_at is not None and key.expires_at <= now:
            raise _refusal(request, "api_key_expired")
        if not key.user.is_active:
            raise _refusal(request, "account_inactive")
        note_key_use(key, now=now)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 answer."""
        return 'Bearer realm="arbsite"'


class TokenCookieAuthentication(BaseAuthentication):
    """The access token of a cookie. The browser sends it by itself, so unsafe calls need the CSRF token.

    A token that no longer counts makes the call anonymous, as an expired session does: the dashboard then
    asks `/auth/refresh`, which would be out of reach behind an error.
    """

    def authenticate(self, request: Request) -> tuple[User, TokenLogin] | None:
        """Return the user and the log-in, or None.

        Raises:
            PermissionDenied: with code `csrf_failed`.
        """
        text = request.COOKIES.get(settings.ACCESS_COOKIE_NAME, "")
        login = login_of_access_token(text, now=utc_now()) if text else None
        if login is None:
            return None
        SessionAuthentication().enforce_csrf(request)
        return login.user, login


def current_login(request: Request) -> TokenLogin | None:
    """Return the token log-in a call came with, if it did."""
    return request.auth if isinstance(request.auth, TokenLogin) else None


def current_key(request: Request) -> ApiKey | None:
    """Return the API key a call came with, if it did."""
    return request.auth if isinstance(request.auth, ApiKey) else None


def _vary_by_key(request: Request) -> None:
    """Tell caches that another key gets another answer; for cookies the session's middleware does."""
    headers = getattr((request.parser_context or {}).get("view"), "headers", None)
    if headers is not None:
        stated = headers.get("Vary")
        headers["Vary"] = (
            f"{stated}, Authorization, {KEY_HEADER}" if stated else f"Authorization, {KEY_HEADER}"
        )


def _stated_key(request: Request) -> str | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return str(text.strip())
    stated: str | None = request.headers.get(KEY_HEADER)
    return stated


def _refusal(request: Request, code: str) -> AuthenticationFailed | Throttled:
    """Count the refusal by address, so that nobody tries keys by the million."""
    throttle = RefusedKeyThrottle()
    view = (request.parser_context or {}).get("view")
    if view is not None and not throttle.allow_request(request, view):
        return Throttled(throttle.wait())
    return AuthenticationFailed(_REFUSALS[code], code=code)
