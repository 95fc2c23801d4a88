"""`/auth/`: log-ins with token cookies, sign-up, the own password.

For browsers without a staff session. Every call here that writes needs the CSRF token, logged in or not:
otherwise another site could log its visitor in as somebody else.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash, user_logged_in
from django.middleware.csrf import rotate_token
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.api.authentication import SessionAuthentication
from common.api.filters import refuse_body, refuse_unknown_parameters
from common.api.permissions import LoginRequired, OpenToAll
from common.api.throttling import LoginThrottle, SignupThrottle
from common.clock import utc_now
from common.metrics import LOGINS
from users.acting import acting_user
from users.choices import Role, Scope
from users.errors import LoginEnded
from users.models import User
from users.services import change_password, refresh_login, reissue_tokens, sign_up, start_login

from .authentication import current_key, current_login
from .cookies import clear_token_cookies, set_token_cookies
from .documents import LOGIN_EXAMPLE, SESSION_EXAMPLE, InvalidLogin, private, session_response
from .ending import end_session, end_token_login
from .serializers import LoginSerializer, PasswordSerializer, SessionSerializer, SignupSerializer


class DoorView(APIView):
    """Base of the calls through which anybody becomes somebody; who the caller was does not matter."""

    authentication_classes = []
    permission_classes = [OpenToAll]
    extra_throttles: ClassVar[tuple[type[BaseThrottle], ...]] = ()

    def get_throttles(self) -> list[BaseThrottle]:
        """Limit attempts per address on top of the usual limits."""
        return [*super().get_throttles(), *(throttle() for throttle in self.extra_throttles)]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask for the CSRF token before anything is read."""
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            SessionAuthentication().enforce_csrf(request)
            refuse_unknown_parameters(request, set())


@extend_schema(tags=["auth"])
class SigninView(DoorView):
    """Log in with token cookies."""

    extra_throttles = (LoginThrottle,)

    @extend_schema(
        summary="Log in with token cookies",
        operation_id="auth_signin",
        request=LoginSerializer,
        responses=SessionSerializer,
        examples=[LOGIN_EXAMPLE, SESSION_EXAMPLE],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Set the access and refresh cookies. Repeated failures lock name and address.

        Any session or log-in the browser had ends.
        """
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = authenticate(request._request, **serializer.validated_data)
        if not isinstance(user, User):
            LOGINS.labels(outcome="refused").inc()
            raise InvalidLogin
        return _log_in(request, user)


@extend_schema(tags=["auth"])
class SignupView(DoorView):
    """Make an account."""

    extra_throttles = (SignupThrottle,)

    @extend_schema(
        summary="Make an account",
        operation_id="auth_signup",
        request=SignupSerializer,
        responses={201: SessionSerializer},
        examples=[
            OpenApiExample(
                "A new viewer",
                request_only=True,
                value={"username": "ivy", "email": "ivy@example.org", "password": "battery staple 7"},
            ),
            SESSION_EXAMPLE,
        ],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Make a viewer's account and log in. Off (403 `signup_closed`) unless the installation allows it."""
        serializer = SignupSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = sign_up(**serializer.validated_data, now=utc_now())
        return _log_in(request, user, status=status.HTTP_201_CREATED)


@extend_schema(tags=["auth"])
class RefreshView(DoorView):
    """Carry a log-in on."""

    @extend_schema(
        summary="Renew the access cookie",
        operation_id="auth_refresh",
        request=None,
        responses=SessionSerializer,
        examples=[SESSION_EXAMPLE],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Replace both cookies by the refresh cookie; it is good once.

        One that was used before ends the log-in (401 `login_ended`).
        """
        refuse_body(request)
        now = utc_now()
        issued = refresh_login(request.COOKIES.get(settings.REFRESH_COOKIE_NAME, ""), now=now)
        request.user = issued.login.user
        response = session_response(request)
        set_token_cookies(response, issued, now=now)
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Take the cookies of an ended log-in back."""
        response = super().handle_exception(exc)
        if isinstance(exc, LoginEnded):
            clear_token_cookies(response)
        return response


@extend_schema(tags=["auth"])
class SignoutView(DoorView):
    """Log out."""

    @extend_schema(
        summary="Log out", operation_id="auth_signout", request=None, responses={204: None}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """End the log-in of the cookies, and a session, if there is one. Doing it twice is fine."""
        refuse_body(request)
        end_token_login(request)
        end_session(request)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        clear_token_cookies(response)
        return response


@extend_schema(tags=["auth"])
class MeView(APIView):
    """The caller."""

    permission_classes = [LoginRequired]

    @extend_schema(
        summary="Who am I", operation_id="auth_me", responses=SessionSerializer, examples=[SESSION_EXAMPLE]
    )
    def get(self, request: Request) -> Response:
        """Return the session document; 401 for a caller who is not logged in."""
        refuse_unknown_parameters(request, set())
        return session_response(request)


@extend_schema(tags=["auth"])
class PasswordView(APIView):
    """The caller's password."""

    permission_classes = [LoginRequired]
    required_role = Role.VIEWER
    required_scope = Scope.OPS

    def get_throttles(self) -> list[BaseThrottle]:
        """Limit guesses of the current password."""
        return [*super().get_throttles(), LoginThrottle()]

    @extend_schema(
        summary="Change one's own password",
        operation_id="auth_password",
        request=PasswordSerializer,
        responses=SessionSerializer,
        examples=[
            OpenApiExample(
                "Old and new",
                request_only=True,
                value={"current": "correct horse", "new": "battery staple 7"},
            ),
            SESSION_EXAMPLE,
        ],
    )
    def post(self, request: Request) -> Response:
        """Change the password; every other session and token log-in of the caller ends. API keys stay."""
        refuse_unknown_parameters(request, set())
        serializer = PasswordSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now, login = utc_now(), current_login(request)
        user = change_password(acting_user(request), **serializer.validated_data, keep=login, now=now)
        request.user = user
        if login is None and current_key(request) is None:
            update_session_auth_hash(request._request, user)
        response = session_response(request)
        if login is not None:
            set_token_cookies(response, reissue_tokens(login, now=now), now=now)
        return response


def _log_in(request: Request, user: User, *, status: int = status.HTTP_200_OK) -> Response:
    """Begin a token log-in for a user who has just proven who they are."""
    now = utc_now()
    end_token_login(request)
    end_session(request)
    issued = start_login(user, user_agent=request.headers.get("User-Agent", ""), now=now)
    # Django's and the lockout's own bookkeeping: last log-in, failures forgotten.
    user_logged_in.send(sender=type(user), request=request._request, user=user)
    rotate_token(request._request)
    request.user = user
    LOGINS.labels(outcome="accepted").inc()
    response = session_response(request, status=status)
    set_token_cookies(response, issued, now=now)
    return private(response)
