"""The two cookies of a token log-in: the access token for the API, the refresh token for `/auth/` only."""

from datetime import datetime

from django.conf import settings
from rest_framework.response import Response

from users.services import IssuedTokens


def set_token_cookies(response: Response, issued: IssuedTokens, *, now: datetime) -> None:
    """Put the tokens into cookies no script can read; without a new refresh token its cookie stays."""
    lifetime = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    response.set_cookie(
        settings.ACCESS_COOKIE_NAME,
        issued.access,
        max_age=int(lifetime.total_seconds()),
        path=settings.ACCESS_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    if issued.refresh is not None:
        response.set_cookie(
            settings.REFRESH_COOKIE_NAME,
            issued.refresh,
            max_age=max(0, int((issued.login.expires_at - now).total_seconds())),
            path=settings.REFRESH_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def clear_token_cookies(response: Response) -> None:
    """Take both cookies back."""
    # A browser obeys for a `__Secure-` name only if the cookie that deletes it is secure as well.
    for name, path, same_site in (
        (settings.ACCESS_COOKIE_NAME, settings.ACCESS_COOKIE_PATH, "Lax"),
        (settings.REFRESH_COOKIE_NAME, settings.REFRESH_COOKIE_PATH, "Strict"),
    ):
        response.set_cookie(
            name,
            "",
            max_age=0,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=same_site,  # type: ignore[arg-type]  # a literal, seen through a tuple
        )
