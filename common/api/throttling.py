"""Rate limits that keep serving reads when the cache that counts them is down.

Every answer says what is left (`RateLimit`, `RateLimit-Policy`, in the form of the IETF draft
"RateLimit header fields for HTTP"); it follows from what was counted anyway, without another question.
"""

import math
from typing import TYPE_CHECKING, Any

import structlog
from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

from .permissions import scoped_credential

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = structlog.get_logger(__name__)


class _FailOpen(throttling.SimpleRateThrottle):
    """Allow the call when the counter cannot be read: a lost cache must not take the API down with it."""

    key: str | None = None
    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return whether the call is within its limit, and put what is left into the answer's headers."""
        try:
            allowed = super().allow_request(request, view)
        except (RedisError, OSError) as error:
            logger.warning("throttle.unavailable", scope=self.scope, error=type(error).__name__)
            return True
        if self.key is not None:
            self._report(view)
        return allowed

    def _report(self, view: "APIView") -> None:
        """Add this limit to the headers the view will send; several limits are listed by their names."""
        oldest = self.history[-1] if self.history else self.now
        left = max(0, self.num_requests - len(self.history))
        reset = max(0, math.ceil(oldest + self.duration - self.now))
        _append(view, "RateLimit-Policy", f'"{self.scope}";q={self.num_requests};w={self.duration}')
        _append(view, "RateLimit", f'"{self.scope}";r={left};t={reset}')


class AnonymousThrottle(_FailOpen, throttling.AnonRateThrottle):
    """Calls per address for callers who are not logged in."""


class UserThrottle(_FailOpen, throttling.UserRateThrottle):
    """Calls per user; those with a key are counted by the key."""

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count by user, and nobody who is not one."""
        if not request.user.is_authenticated or scoped_credential(request) is not None:
            return None
        return super().get_cache_key(request, view)


class KeyThrottle(_FailOpen):
    """Calls per API key, so that one program cannot use up what another one needs."""

    scope = "key"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count by key."""
        credential = scoped_credential(request)
        if credential is None:
            return None
        facts: dict[str, Any] = {"scope": self.scope, "ident": credential.pk}
        return self.cache_format % facts


class _ByAddress(_FailOpen):
    """Something counted per address, whoever the caller claims to be."""

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Count by address, also for a caller who is logged in already."""
        facts: dict[str, Any] = {"scope": self.scope, "ident": self.get_ident(request)}
        return self.cache_format % facts


class LoginThrottle(_ByAddress):
    """Login attempts, with a password or a token."""

    scope = "login"


class SignupThrottle(_ByAddress):
    """New accounts."""

    scope = "signup"


class RefusedKeyThrottle(_ByAddress):
    """Calls with an API key that is none, or no longer one."""

    scope = "refused-key"


def _append(view: "APIView", header: str, text: str) -> None:
    headers: dict[str, str] = getattr(view, "headers", {})
    headers[header] = f"{headers[header]}, {text}" if header in headers else text
