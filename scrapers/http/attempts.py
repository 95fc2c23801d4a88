"""Sends a request until it is answered: at most three times, each in its turn, within the call's time."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import stamina
from stamina.instrumentation import set_on_retry_hooks

from common import metrics
from common.clock import Clock
from scrapers.choices import FetchOutcome
from scrapers.errors import FetchFailed, RateLimited, VenueUnavailable

from .admission import Admission
from .bodies import FileSink
from .budget import Budget
from .guard import Host
from .judging import REDIRECTS, RETRIED_STATUSES, Answer, judged
from .orders import Order
from .transport import Transport

MAX_ATTEMPTS: Final = 3
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_JITTER: Final = 0.5
_FINAL_REASONS: Final = frozenset({"tls", "state", "no_time"})

# how a call ended is logged and counted once, not each try of it
set_on_retry_hooks([])


class Attempts:
    """The attempts of one call.

    Args:
        transport: sends.
        admission: gives turns.
        budget: of the call.
        clock: for the date form of Retry-After.
    """

    def __init__(self, transport: Transport, admission: Admission, budget: Budget, *, clock: Clock) -> None:
        self._transport = transport
        self._admission = admission
        self._budget = budget
        self._clock = clock
        self._failed: FetchFailed | None = None

    async def answer(self, order: Order, host: Host, *, delay: float, path: Path | None = None) -> Answer:
        """Return a proper answer or a redirect.

        Args:
            order: what to send.
            host: it goes to.
            delay: pause the host's robots.txt asks for, in seconds.
            path: where the body goes, if it is a file.

        Raises:
            FetchFailed: of the last attempt.
        """
        attempts = stamina.retry_context(
            on=self._may_repeat,
            attempts=MAX_ATTEMPTS if order.is_repeatable else 1,
            timeout=None,  # the budget ends it
            wait_initial=_FIRST_PAUSE,
            wait_max=_LONGEST_PAUSE,
            wait_jitter=_JITTER,
        )
        async for attempt in attempts:
            with attempt:
                await self._turn(host, delay)
                return await self._timed(order, host, delay, path)
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _may_repeat(self, error: Exception) -> bool:
        if not isinstance(error, VenueUnavailable | RateLimited):
            return False
        status = error.details.get("status")
        if error.details.get("reason") in _FINAL_REASONS or status not in (None, *RETRIED_STATUSES):
            return False
        pause: float = error.details.get("retry_after_seconds") or 0.0
        return pause < self._budget.remaining()

    async def _turn(self, host: Host, delay: float) -> None:
        if self._failed is None:
            async with self._budget.standing_still():
                await self._admission.turn(host.key, delay=delay, patience=self._budget.patience)
            return
        try:
            await self._admission.turn(host.key, delay=delay, patience=self._budget.remaining())
        except RateLimited:
            self._failed.details["reason"] = "no_time"
            raise self._failed from None

    async def _timed(self, order: Order, host: Host, delay: float, path: Path | None) -> Answer:
        started = time.monotonic()
        outcome = FetchOutcome.UNAVAILABLE
        try:
            answer = await self._sent(order, host, delay, path)
            outcome = FetchOutcome.UNCHANGED if answer.status == 304 else FetchOutcome.OK
        except FetchFailed as failure:
            self._failed = failure
            outcome = failure.outcome
            raise
        else:
            return answer
        finally:
            metrics.FETCH_REQUESTS.labels(host.label, outcome.value).inc()
            metrics.FETCH_SECONDS.labels(host.label).observe(time.monotonic() - started)

    async def _sent(self, order: Order, host: Host, delay: float, path: Path | None) -> Answer:
        async def sent() -> None:
            await self._admission.sent(host.key, delay=delay)

        order = order.signed()
        if path is None:
            return await self._judged(order, host, await self._transport.exchange(order, host, sent=sent))
        with FileSink(path) as file:
            answer = await self._transport.exchange(order, host, sent=sent, file=file)
            answer = await self._judged(order, host, answer)
            return replace(answer, sha256=file.commit()) if 200 <= answer.status < 300 else answer

    async def _judged(self, order: Order, host: Host, answer: Answer) -> Answer:
        if answer.status in REDIRECTS and answer.status not in order.accept_statuses:
            return answer
        try:
            return judged(order, answer, now=self._clock.now())
        except (RateLimited, VenueUnavailable) as failure:
            pause = failure.details.get("retry_after_seconds")
            if pause is not None or isinstance(failure, RateLimited):
                await self._admission.slow_down(host.key, hold=timedelta(seconds=pause or 0.0))
            raise
