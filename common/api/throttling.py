"""Rate limits that keep serving reads when the cache that counts them is down."""

from typing import TYPE_CHECKING, Any

import structlog
from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = structlog.get_logger(__name__)


class _FailOpen(throttling.SimpleRateThrottle):
    """Allow the call when the counter cannot be read: a lost cache must not take the API down with it."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return whether the call is within its limit."""
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            logger.warning("throttle.unavailable", scope=self.scope, error=type(error).__name__)
            return True


class AnonymousThrottle(_FailOpen, throttling.AnonRateThrottle):
    """Calls per address for callers who are not logged in."""


class UserThrottle(_FailOpen, throttling.UserRateThrottle):
    """Calls per user."""


class LoginThrottle(_FailOpen, throttling.AnonRateThrottle):
    """Login attempts per address, whoever they claim to be."""

    scope = "login"

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Count by address, also for a caller who is logged in already."""
        facts: dict[str, Any] = {"scope": self.scope, "ident": self.get_ident(request)}
        return self.cache_format % facts
