"""Rate limits that keep serving reads when the cache that counts them is down.

Every answer says what is left (`RateLimit`, `RateLimit-Policy`, in the form of the IETF draft
"RateLimit header fields for HTTP"); it follows from what was counted anyway, without another question.
"""

import math
from typing import TYPE_CHECKING, Any, Final

import structlog
from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

from .permissions import scoped_credential

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = structlog.get_logger(__name__)

_PER_WINDOW: Final = 1_000_000
"""The number in the cache is the window's end in milliseconds times this, plus its calls."""


class _Counted(throttling.SimpleRateThrottle):
    """Count calls in windows that begin with their first call.

    One number in the cache holds a window's end and its calls, and is counted up by the cache itself: calls
    at the same moment in many processes are all counted, where a list that is read and written back would
    lose some. A counter that cannot be reached allows the call: a lost cache must not take the API down.
    """

    cache_format = "rate_%(scope)s_%(ident)s"
    num_requests: int
    duration: int
    ends_at: float = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return whether the call is within its limit, and put what is left into the answer's headers."""
        key = None if self.rate is None else self.get_cache_key(request, view)
        if key is None:
            return True
        self.now = self.timer()
        try:
            count = self._count(key)
        except (RedisError, OSError) as error:
            logger.warning("throttle.unavailable", scope=self.scope, error=type(error).__name__)
            return True
        self._report(view, left=max(0, self.num_requests - count))
        return count <= self.num_requests

    def wait(self) -> float:
        """Return the seconds until the window ends."""
        return max(0.0, self.ends_at - self.now)

    def _count(self, key: str) -> int:
        """Count this call and return how many the window has had, it included."""
        value = self._counted_up(key)
        if value is None:
            if self.cache.add(key, self._fresh(), self.duration):
                return self._window(self._fresh())
            value = self._counted_up(key)  # another call was first
        if value is None or value // _PER_WINDOW <= self.now * 1_000:
            # It ended between two questions, and the cache began to count from nothing.
            value = self._fresh()
            self.cache.set(key, value, self.duration)
        return self._window(value)

    def _counted_up(self, key: str) -> int | None:
        try:
            return self.cache.incr(key)
        except ValueError:  # there is no window
            return None

    def _fresh(self) -> int:
        return int((self.now + self.duration) * 1_000) * _PER_WINDOW + 1

    def _window(self, value: int) -> int:
        self.ends_at = value // _PER_WINDOW / 1_000
        return value % _PER_WINDOW

    def _report(self, view: "APIView", *, left: int) -> None:
        """Add this limit to the headers the view will send; several limits are listed by their names."""
        _append(view, "RateLimit-Policy", f'"{self.scope}";q={self.num_requests};w={self.duration}')
        _append(view, "RateLimit", f'"{self.scope}";r={left};t={math.ceil(self.wait())}')


class AnonymousThrottle(_Counted, throttling.AnonRateThrottle):
    """Calls per address for callers who are not logged in."""


class UserThrottle(_Counted, throttling.UserRateThrottle):
    """Calls per user; those with a key are counted by the key."""

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count by user, and nobody who is not one."""
        if not request.user.is_authenticated or scoped_credential(request) is not None:
            return None
        return super().get_cache_key(request, view)


class KeyThrottle(_Counted):
    """Calls per API key, so that one program cannot use up what another one needs."""

    scope = "key"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Count by key."""
        credential = scoped_credential(request)
        if credential is None:
            return None
        facts: dict[str, Any] = {"scope": self.scope, "ident": credential.pk}
        return self.cache_format % facts


class _ByAddress(_Counted):
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
