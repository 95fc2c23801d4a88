"""Who is behind a request that has passed the permission checks."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from .models import User


def acting_user(request: HttpRequest | Request) -> User:
    """Return the user of a request that no anonymous caller can have sent."""
    return cast(User, request.user)
