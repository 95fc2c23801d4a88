"""Ending the log-in and the session a browser brings along, whoever they are of."""

from django.conf import settings
from django.contrib.auth import get_user, logout
from rest_framework.request import Request

from common.clock import utc_now
from users.models import User
from users.selectors import login_of_access_token
from users.services import end_login, end_login_of_token, note_session
from users.services.logins import SIGNED_OUT


def end_token_login(request: Request) -> None:
    """End the log-in of the access cookie, or of the refresh cookie where that one is sent."""
    now = utc_now()
    access = request.COOKIES.get(settings.ACCESS_COOKIE_NAME, "")
    login = login_of_access_token(access, now=now) if access else None
    if login is not None:
        end_login(login, actor=login.user, reason=SIGNED_OUT, now=now)
    refresh = request.COOKIES.get(settings.REFRESH_COOKIE_NAME, "")
    if refresh:
        end_login_of_token(refresh, now=now)


def end_session(request: Request) -> None:
    """End the session, if somebody has one."""
    user = get_user(request._request)  # the session's own, not who a token or key stands for
    if isinstance(user, User):
        note_session(user, has_begun=False, now=utc_now())
    logout(request._request)
