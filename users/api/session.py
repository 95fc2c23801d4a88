"""The session endpoint: who am I, log in, log out, my preferences."""

from typing import Any

from django.contrib.auth import authenticate, login
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.api.authentication import SessionAuthentication
from common.api.filters import refuse_unknown_parameters
from common.api.permissions import OpenToAll, RoleRequired
from common.api.throttling import LoginThrottle
from common.clock import utc_now
from common.metrics import LOGINS
from users.acting import acting_user
from users.choices import Role
from users.models import User
from users.services import note_session, update_profile

from .cookies import clear_token_cookies
from .documents import LOGIN_EXAMPLE, SESSION_EXAMPLE, InvalidLogin, session_response
from .ending import end_session, end_token_login
from .serializers import LoginSerializer, ProfileSerializer, SessionSerializer


@extend_schema(tags=["session"])
class SessionView(APIView):
    """The caller's session. Reading it also sets the CSRF cookie that every later write needs."""

    required_role = {"patch": Role.VIEWER}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Take no parameters, whatever the method."""
        super().initial(request, *args, **kwargs)
        refuse_unknown_parameters(request, set())

    def get_permissions(self) -> list[BasePermission]:
        """Let everybody ask and log in or out; preferences are somebody's."""
        return [RoleRequired()] if self.request.method == "PATCH" else [OpenToAll()]

    def get_throttles(self) -> list[BaseThrottle]:
        """Limit login attempts per address on top of the usual limits."""
        usual = super().get_throttles()
        return [*usual, LoginThrottle()] if self.request.method == "POST" else usual

    @extend_schema(
        summary="Who is logged in",
        responses=SessionSerializer,
        operation_id="session_retrieve",
        examples=[SESSION_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        """Return who is logged in, the mode and the version."""
        return session_response(request)

    @extend_schema(
        summary="Log in with a session",
        request=LoginSerializer,
        responses=SessionSerializer,
        operation_id="session_create",
        examples=[LOGIN_EXAMPLE, SESSION_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Log in, with the CSRF token of an earlier GET. Repeated failures lock name and address."""
        SessionAuthentication().enforce_csrf(request)
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = authenticate(request._request, **serializer.validated_data)
        if not isinstance(user, User):
            LOGINS.labels(outcome="refused").inc()
            raise InvalidLogin
        end_token_login(request)
        login(request._request, user)
        request.user = user
        note_session(user, has_begun=True, now=utc_now())
        LOGINS.labels(outcome="accepted").inc()
        response = session_response(request)
        clear_token_cookies(response)
        return response

    @extend_schema(
        summary="Change one's own preferences",
        request=ProfileSerializer,
        responses=SessionSerializer,
        operation_id="session_partial_update",
        examples=[
            OpenApiExample(
                "Own fees", request_only=True, value={"currency": "EUR", "fee_profile": {"fee_rate": "0.13"}}
            ),
            SESSION_EXAMPLE,
        ],
    )
    def patch(self, request: Request) -> Response:
        """Change the preferences given. `fee_profile` replaces the whole profile."""
        serializer = ProfileSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        update_profile(acting_user(request), changes=serializer.validated_data, now=utc_now())
        return session_response(request)

    @extend_schema(summary="Log out", responses={204: None}, operation_id="session_destroy")
    def delete(self, request: Request) -> Response:
        """Log out, whichever way one came in. Doing it twice is fine."""
        SessionAuthentication().enforce_csrf(request)
        end_token_login(request)
        end_session(request)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        clear_token_cookies(response)
        return response
