"""Why a fetch brought no price. Every expected failure of a venue is one of these; no other is raised.

`outcome` is what is remembered of the attempt; `trips_breaker` says whether the host, not the one article, is
at fault; `retryable` whether the same call may work later; `is_unsent` that we held the request back, so that
nothing was learned of the article, and `resume_after` how long the host is to be left alone then, if known.
"""

from datetime import timedelta
from typing import ClassVar, Self

from common.errors import DomainError, InvalidInput, NotFound

from .choices import FetchOutcome


class FetchFailed(DomainError):
    """A venue did not give what was asked for."""

    default_code = "fetch_failed"
    status = 502
    outcome: ClassVar[FetchOutcome] = FetchOutcome.UNAVAILABLE
    trips_breaker: ClassVar[bool] = False
    is_unsent: bool = False
    resume_after: timedelta | None = None

    def held_back(self, *, resume_after: timedelta | None = None) -> Self:
        """Mark the failure as one in which no request was sent, and return it."""
        self.is_unsent = True
        self.resume_after = resume_after
        return self


class VenueUnavailable(FetchFailed):
    """No connection, a timeout, a reset, or an answer 5xx or 408/425 after all retries."""

    default_code = "venue_unavailable"
    trips_breaker = True
    retryable = True


class RateLimited(FetchFailed):
    """The venue asks to wait (429, or 418 for a ban); `retry_after` is how long, capped."""

    default_code = "rate_limited"
    outcome = FetchOutcome.RATE_LIMITED
    retryable = True

    def __init__(self, detail: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(None, detail, {"retry_after_seconds": retry_after and retry_after.total_seconds()})
        self.retry_after = retry_after


class Blocked(FetchFailed):
    """A challenge, captcha, consent or login page, or 403: the breaker opens, nothing works around it."""

    default_code = "blocked"
    outcome = FetchOutcome.BLOCKED
    trips_breaker = True


class BreakerOpen(FetchFailed):
    """The host failed too often or blocked us and is left alone for now; no request was sent."""

    default_code = "breaker_open"
    retryable = True
    is_unsent = True


class RobotsDisallowed(FetchFailed):
    """robots.txt forbids the path, or could not be read; no request was sent."""

    default_code = "robots_disallowed"
    outcome = FetchOutcome.REFUSED


class TargetForbidden(FetchFailed):
    """The address, or where it redirects to, is not the venue's or not public; no request was sent there."""

    default_code = "target_forbidden"
    outcome = FetchOutcome.REFUSED


class CredentialsRefused(FetchFailed):
    """The venue does not accept the operator's key or token, even after one renewal."""

    default_code = "credentials_refused"
    outcome = FetchOutcome.REFUSED


class UnreadableAnswer(FetchFailed):
    """Too large, of another content type, truncated, or not of the venue's format."""

    default_code = "unreadable_answer"
    outcome = FetchOutcome.UNREADABLE


class MarkupDrift(UnreadableAnswer):
    """A full-size page without anything the parser knows: the markup changed. Never "no results"."""

    default_code = "markup_drift"


class EvidenceMissing(UnreadableAnswer):
    """A number was found, but not that it is this article's price in a known currency."""

    default_code = "evidence_missing"


class RequestRejected(FetchFailed):
    """The venue calls the request wrong (400, an error inside 200, a warning that a filter was ignored)."""

    default_code = "request_rejected"
    outcome = FetchOutcome.REFUSED


class NotListed(FetchFailed):
    """The venue does not know the article (any more)."""

    default_code = "not_listed"
    status = 404
    outcome = FetchOutcome.NOT_LISTED


class SourceNotReady(DomainError):
    """A route may not start: terms not reviewed, not opted into, no credentials, or switched off."""

    default_code = "source_not_ready"
    status = 409


class RetiredInterface(SourceNotReady):
    """The configuration names an interface the venue has switched off; the detail says what replaced it."""

    default_code = "retired_interface"


class UnknownHost(NotFound):
    """No source is asked at that host."""

    default_code = "unknown_host"


class UnknownSource(InvalidInput):
    """No source of that name."""

    default_code = "unknown_source"


class NotOffered(InvalidInput):
    """This route cannot do that (a bulk feed cannot search, a page has no bulk)."""

    default_code = "not_offered"
