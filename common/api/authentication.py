"""Browser sessions for the API: the admin's login works here too."""

from rest_framework import authentication, exceptions
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session; callers who are not logged in get 401, a failed CSRF check has its own code."""

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 answer."""
        return 'Session realm="arbsite"'

    def enforce_csrf(self, request: Request) -> None:
        """Check the CSRF token.

        Raises:
            PermissionDenied: with code `csrf_failed`.
        """
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied(
                "The CSRF token is missing or wrong: get /api/v1/session/, send its cookie as X-CSRFToken.",
                code="csrf_failed",
            ) from error
