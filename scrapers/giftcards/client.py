"""Asks one market: one request at a time, once, within a total deadline and a largest body.

The pause between requests is the market's poll interval, which an operator sets; there is no retry besides
the next poll. Guard, judgement of answers and reading within limits are those of every other venue
(`scrapers.http`); the shared pacer and breakers in Redis are not used: quotes must go on without Redis.
"""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from aiohttp.abc import AbstractResolver
from django.conf import settings

from common.clock import Clock, SystemClock
from scrapers.errors import FetchFailed, TargetForbidden, UnreadableAnswer, VenueUnavailable
from scrapers.http.guard import Guard, Host
from scrapers.http.judging import REDIRECTS, Answer, judged
from scrapers.http.messages import Expect
from scrapers.http.opening import host_of_base
from scrapers.http.orders import Order, Params, json_body, order_headers, with_params
from scrapers.http.redaction import safe_url
from scrapers.http.transport import Transport

MAX_BYTES: Final = 10_000_000


@dataclass(slots=True)
class Traffic:
    """What a client did so far."""

    requests: int = 0


class DeskClient:
    """The connection to one market; use it as an asynchronous context manager.

    Args:
        urls: base addresses it may ask: https and public, or the simulator's.
        timeout_ms: for one complete answer.
        max_bytes: largest body, decompressed.
        clock: for the date form of Retry-After.
        resolver: of names; the system's unless a test brings one.

    Raises:
        TargetForbidden: if an address may not be asked.
    """

    def __init__(
        self,
        urls: Collection[str],
        *,
        timeout_ms: int,
        max_bytes: int = MAX_BYTES,
        clock: Clock | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = Guard([host_of(url) for url in urls], proxy=settings.SCRAPING_PROXY)
        self._seconds = timeout_ms / 1_000
        self._max_bytes = max_bytes
        self._clock: Clock = clock or SystemClock()
        self._resolver = resolver
        self._transport: Transport | None = None
        self.traffic = Traffic()

    async def __aenter__(self) -> Self:
        self._transport = Transport(
            user_agent=settings.SCRAPING_USER_AGENT,
            guard=self._guard,
            proxy=settings.SCRAPING_PROXY,
            resolver=self._resolver,
            read_seconds=self._seconds,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def get_json(
        self, url: str, *, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Get an address once and return its JSON, fractions as `Decimal`.

        Raises:
            FetchFailed: the subclass that says why there is none; an answer that is no JSON is never empty.
        """
        return await self._json(self._order("GET", with_params(url, params), headers))

    async def post_json(self, url: str, *, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """Post JSON once and return the answer's JSON.

        Raises:
            FetchFailed: the subclass that says why there is none.
        """
        raw, kind = json_body(body)
        return await self._json(
            self._order("POST", with_params(url, None), {"Content-Type": kind, **(headers or {})}, raw)
        )

    def _order(
        self, method: str, url: Any, headers: Mapping[str, str] | None, body: bytes | None = None
    ) -> Order:
        return Order(
            method=method,
            url=url,
            headers=order_headers(headers, expect=Expect.JSON),
            expect=Expect.JSON,
            max_bytes=self._max_bytes,
            body=body,
            is_repeatable=False,
        )

    async def _json(self, order: Order) -> Any:
        url, host = self._guard.host_of(order.url)
        assert self._transport is not None, "use the client as a context manager"  # noqa: S101
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._transport.exchange(order, host, sent=self._count)
        except TimeoutError:
            detail = f"{safe_url(url)} did not answer completely in {self._seconds:g} s."
            raise VenueUnavailable(None, detail, {"reason": "deadline"}) from None
        return decoded(self._proper(order, answer), source=safe_url(url))

    def _proper(self, order: Order, answer: Answer) -> Answer:
        if answer.status in REDIRECTS:
            raise UnreadableAnswer(
                detail=f"{safe_url(order.url)} redirects; enter the address it redirects to.",
                details={"status": answer.status},
            )
        return judged(order, answer, now=self._clock.now())

    async def _count(self) -> None:
        self.traffic.requests += 1


def host_of(url: str) -> Host:
    """Return the host of a market's address.

    Raises:
        TargetForbidden: if it is no complete address, or one that may not be asked.
    """
    try:
        return host_of_base(url)
    except ValueError:
        raise TargetForbidden(detail="The address is not a complete http(s) address.") from None


def decoded(answer: Answer, *, source: str) -> Any:
    """Return the JSON of an answer, fractions as `Decimal`; NaN and infinities are no JSON.

    Raises:
        UnreadableAnswer: for anything else.
    """
    try:
        return json.loads(answer.body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation) as error:
        kind = type(error).__name__
        raise UnreadableAnswer(detail=f"The answer of {source} is no JSON ({kind}).") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def pause_of(failure: FetchFailed) -> float:
    """Return for how many seconds a venue asked to be left alone; 0 where it did not."""
    return float(failure.details.get("retry_after_seconds") or 0.0)
