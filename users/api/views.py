"""The session endpoint: who am I, log in, log out."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.api.authentication import SessionAuthentication
from common.api.filters import refuse_unknown_parameters
from common.api.permissions import OpenToAll
from common.api.throttling import LoginThrottle
from common.clock import utc_now
from common.metrics import LOGINS
from users.models import User
from users.services import update_profile

from .serializers import LoginSerializer, ProfileSerializer, SessionSerializer


class InvalidLogin(exceptions.APIException):
    """Name or password is wrong, or the account is locked or switched off: deliberately not said which."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "invalid_login"
    default_detail = "That name and password do not match an active account, or there were too many attempts."
    auth_header = 'Session realm="arbsite"'


class SessionView(APIView):
    """The caller's session. Reading it also sets the CSRF cookie that every later write needs."""

    permission_classes = [OpenToAll]

    def get_throttles(self) -> list[BaseThrottle]:
        """Limit login attempts per address on top of the usual limits."""
        usual = super().get_throttles()
        return [*usual, LoginThrottle()] if self.request.method == "POST" else usual

    @extend_schema(responses=SessionSerializer, operation_id="session_retrieve")
    def get(self, request: Request) -> Response:
        """Return who is logged in, the mode and the version."""
        refuse_unknown_parameters(request, set())
        return session_response(request)

    @extend_schema(request=LoginSerializer, responses=SessionSerializer, operation_id="session_create")
    def post(self, request: Request) -> Response:
        """Log in, with the CSRF token of an earlier GET. Repeated failures lock name and address."""
        SessionAuthentication().enforce_csrf(request)
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = authenticate(request._request, **serializer.validated_data)
        if user is None:
            LOGINS.labels(outcome="refused").inc()
            raise InvalidLogin
        login(request._request, user)
        request.user = user
        LOGINS.labels(outcome="accepted").inc()
        return session_response(request)

    @extend_schema(
        request=ProfileSerializer, responses=SessionSerializer, operation_id="session_partial_update"
    )
    def patch(self, request: Request) -> Response:
        """Change one's own settings."""
        if not isinstance(request.user, User):
            raise exceptions.NotAuthenticated
        serializer = ProfileSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        update_profile(request.user, changes=serializer.validated_data, now=utc_now())
        return session_response(request)

    @extend_schema(responses={204: None}, operation_id="session_destroy")
    def delete(self, request: Request) -> Response:
        """Log out. Doing it twice is fine."""
        SessionAuthentication().enforce_csrf(request)
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


def session_response(request: Request) -> Response:
    """Build the session document and make sure the CSRF cookie is set."""
    get_token(request._request)
    user = request.user
    facts: dict[str, Any] = {
        "user": user if user.is_authenticated else None,
        "mode": "paper",
        "is_demo": is_demo_market(),
        "version": settings.VERSION,
    }
    return Response(SessionSerializer(facts).data)


def is_demo_market() -> bool:
    """Return whether demo products are loaded; settings name the table, as the catalogue lies above."""
    products = apps.get_model(settings.DEMO_MODEL)
    return bool(products._default_manager.filter(product_type="sealed", is_demo=True).exists())
