"""The session document, which every way of logging in answers with, and its examples."""

from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.middleware.csrf import get_token
from drf_spectacular.utils import OpenApiExample
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from .serializers import SessionSerializer

LOGIN_EXAMPLE: Final = OpenApiExample(
    "Name and password", request_only=True, value={"username": "alice", "password": "correct horse"}
)
SESSION_EXAMPLE: Final = OpenApiExample(
    "Logged in",
    response_only=True,
    value={
        "user": {
            "username": "alice",
            "role": "analyst",
            "email": "",
            "is_staff": False,
            "time_zone": "Europe/Berlin",
            "currency": "EUR",
            "theme": "system",
            "density": "comfortable",
            "fee_profile": {"fee_rate": "0.13", "shipping": "4.5"},
        },
        "mode": "paper",
        "is_demo": False,
        "version": "0.1.0",
    },
)


class InvalidLogin(exceptions.APIException):
    """Name or password is wrong, or the account is locked or switched off: deliberately not said which."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "invalid_login"
    default_detail = "That name and password do not match an active account, or there were too many attempts."
    auth_header = 'Session realm="arbsite"'


def session_response(request: Request, *, status: int = status.HTTP_200_OK) -> Response:
    """Build the session document and make sure the CSRF cookie is set."""
    get_token(request._request)
    user = request.user
    facts: dict[str, Any] = {
        "user": user if user.is_authenticated else None,
        "mode": "paper",
        "is_demo": is_demo_market(),
        "version": settings.VERSION,
    }
    return private(Response(SessionSerializer(facts).data, status=status))


def private(response: Response) -> Response:
    """Keep an answer out of every cache."""
    response["Cache-Control"] = "no-store"
    return response


def is_demo_market() -> bool:
    """Return whether demo products are loaded; settings name the table, as the catalogue lies above."""
    products = apps.get_model(settings.DEMO_MODEL)
    return bool(products._default_manager.filter(product_type="sealed", is_demo=True).exists())
