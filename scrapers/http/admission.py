"""Leave to ask a host: the breaker lets pass, and it is our turn. Speaks the scrapers' errors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

from common.resilience import Breaker, CircuitOpen, Pacer, Permit, QueueTooLong, StateUnavailable
from scrapers.errors import (
    Blocked,
    BreakerOpen,
    CredentialsRefused,
    FetchFailed,
    NotListed,
    RateLimited,
    RequestRejected,
    VenueUnavailable,
)

logger = logging.getLogger(__name__)

# The host did its part; what was asked for was the matter.
_ANSWERED = (NotListed, RequestRejected, CredentialsRefused)


@contextmanager
def translated() -> Iterator[None]:
    """Turn refusals of pacer, breaker and their store into the scrapers' errors, marked as unsent."""
    try:
        yield
    except StateUnavailable as error:
        raise _unagreed(error).held_back() from error
    except QueueTooLong as error:
        limited = RateLimited(error.detail, retry_after=error.wait)
        raise limited.held_back(resume_after=error.wait) from error
    except CircuitOpen as error:
        opened = BreakerOpen(None, error.detail, error.details)
        raise opened.held_back(resume_after=error.wait) from error


def _unagreed(error: StateUnavailable) -> VenueUnavailable:
    detail = f"Nothing is asked while turns cannot be agreed on. {error.detail}"
    return VenueUnavailable(None, detail, {"reason": "state"})


class Admission:
    """The pacer and the breaker of a session.

    Args:
        pacer: gives turns.
        breaker: knows which hosts are left alone.
    """

    def __init__(self, pacer: Pacer, breaker: Breaker) -> None:
        self._pacer = pacer
        self._breaker = breaker
        self.requests_sent = 0

    @asynccontextmanager
    async def permitted(self, key: str) -> AsyncIterator[None]:
        """Run one call to a host and tell the breaker how it ended.

        Raises:
            BreakerOpen: if the host is left alone.
            VenueUnavailable: if that cannot be found out.
        """
        with translated():
            permit = await self._breaker.admit(key)
        try:
            yield
        except FetchFailed as failure:
            await self._settle(permit, failure)
            raise
        except BaseException:
            await asyncio.shield(self._quietly(permit, None))
            raise
        await self._settle(permit, None)

    async def _settle(self, permit: Permit, failure: FetchFailed | None) -> None:
        # Whatever Redis says now, the call is over; its result must not be lost.
        await self._quietly(permit, failure, is_over=True)

    async def _quietly(self, permit: Permit, failure: FetchFailed | None, *, is_over: bool = False) -> None:
        try:
            if is_over and (failure is None or isinstance(failure, _ANSWERED)):
                await self._breaker.succeed(permit)
            elif failure is not None and failure.trips_breaker and failure.details.get("reason") != "state":
                is_blocked = isinstance(failure, Blocked)
                await self._breaker.fail(permit, code=failure.code, is_blocked=is_blocked)
                logger.warning("fetch.host_failed", extra={"host": permit.key, "code": failure.code})
            else:
                await self._breaker.release(permit)
        except StateUnavailable:
            logger.warning("fetch.outcome_not_shared", extra={"host": permit.key})

    async def turn(self, key: str, *, delay: float, patience: float) -> None:
        """Wait until it is our turn.

        Raises:
            RateLimited: if that would take longer than `patience` seconds.
            VenueUnavailable: if turns cannot be agreed on.
        """
        with translated():
            await self._pacer.wait(key, delay=delay, patience=patience)

    async def sent(self, key: str, *, delay: float) -> None:
        """Count the request, and the pause from now; no failure here stops what is under way."""
        self.requests_sent += 1
        try:
            await self._pacer.sent(key, delay=delay)
        except StateUnavailable:
            logger.warning("fetch.turn_not_shared", extra={"host": key})

    async def slow_down(self, key: str, *, hold: timedelta) -> None:
        """Ask more slowly from now on, and not at all for a while.

        Raises:
            VenueUnavailable: if that cannot be agreed on.
        """
        try:
            await self._pacer.slow_down(key, hold=hold)
        except StateUnavailable as error:  # the request was sent: not marked as held back
            raise _unagreed(error) from error
