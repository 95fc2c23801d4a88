"""The one way out to venues: polite, guarded and bounded. Every route gets a session and nothing else.

A call goes through the guard (is this the venue's address?), the breaker (is the host left alone?),
robots.txt, the pacer (is it our turn?), the exchange itself, and the judgement of the answer. None of it can
be switched off for a call.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiohttp.abc import AbstractResolver

from common.clock import Clock, SystemClock
from common.resilience import Breaker, Pacer
from scrapers.feeds import Download

from .admission import Admission
from .budget import Budget
from .calls import Call
from .guard import Guard, Host
from .judging import Answer
from .messages import Expect, Response
from .orders import Order, Params, Sign, form_body, json_body, order_headers, with_params
from .redaction import safe_url
from .robots import Robots
from .transport import READ_SECONDS, Transport

DEFAULT_MAX_BYTES: Final = 5_000_000
MAX_DOWNLOAD_BYTES: Final = 3_000_000_000
DOWNLOAD_SECONDS: Final = 900.0


class PoliteSession:
    """Asks venues; use it as an asynchronous context manager.

    Args:
        user_agent: who we are, honestly; no call can change it.
        pacer: gives turns, with the least pause between two requests to one host.
        breaker: knows which hosts are left alone.
        robots: rules to obey; None for a published API or download, which its own terms rule.
        allowed: the only hosts that are asked, also after redirects.
        proxy: egress proxy for public hosts, or empty.
        deadline: seconds for all a venue does in one call, all attempts together.
        patience: seconds a call waits for its turn on top of that.
        max_bytes: largest body, decompressed.
        clock: for `fetched_at` and the date form of Retry-After.
        read_seconds: longest silence while reading.
        resolver: of names; the system's unless a test brings one.
    """

    def __init__(  # noqa: PLR0913 - the whole politeness of a session is decided in one place
        self,
        *,
        user_agent: str,
        pacer: Pacer,
        breaker: Breaker,
        robots: Robots | None,
        allowed: Collection[Host],
        proxy: str = "",
        deadline: float = 20.0,
        patience: float = 60.0,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock: Clock | None = None,
        read_seconds: float = READ_SECONDS,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = Guard(allowed, proxy=proxy)
        self._admission = Admission(pacer, breaker)
        self._robots = robots
        self._deadline = deadline
        self._patience = patience
        self._max_bytes = max_bytes
        self._clock: Clock = clock or SystemClock()
        self._connect = partial(
            Transport,
            user_agent=user_agent,
            guard=self._guard,
            proxy=proxy,
            resolver=resolver,
            read_seconds=read_seconds,
        )
        self._transport: Transport | None = None
        self._closers: list[Callable[[], Awaitable[None]]] = []

    async def __aenter__(self) -> Self:
        self._transport = self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with AsyncExitStack() as closing:
            for close in self._closers:
                closing.push_async_callback(close)
            if self._transport is not None:
                closing.push_async_callback(self._transport.close)
                self._transport = None

    @property
    def requests_sent(self) -> int:
        """How many requests left so far: retries, redirects, logins and robots.txt included."""
        return self._admission.requests_sent

    def close_with(self, close: Callable[[], Awaitable[None]]) -> None:
        """Have something closed together with the session."""
        self._closers.append(close)

    async def get(  # noqa: PLR0913 - what HTTP offers
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Expect = Expect.JSON,
        accept_statuses: Collection[int] = frozenset(),
        conditional: Download | None = None,
        max_bytes: int | None = None,
        sign: Sign | None = None,
    ) -> Response:
        """Get an address; repeated up to twice when the connection or the venue fails.

        Args:
            url: of one of the session's hosts.
            params: added to its query.
            headers: beyond the session's own, which cannot be replaced.
            expect: kind of content; another kind is an error.
            accept_statuses: statuses that are answers to the caller, such as 404.
            conditional: an earlier download; `Response.is_unchanged` then tells that nothing is new.
            max_bytes: another limit of the body.
            sign: makes further headers for each attempt, where a venue takes none of them twice.

        Raises:
            FetchFailed: the subclass that says why there is no answer.
        """
        order = Order(
            method="GET",
            url=with_params(url, params),
            headers=order_headers(headers, expect=expect, conditional=conditional),
            expect=expect,
            max_bytes=max_bytes or self._max_bytes,
            accept_statuses=frozenset(accept_statuses),
            sign=sign,
        )
        return await self._answered(order)

    async def post(  # noqa: PLR0913 - what HTTP offers
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Expect = Expect.JSON,
        is_safe: bool = False,
        accept_statuses: Collection[int] = frozenset(),
    ) -> Response:
        """Post JSON or a form; sent once, whatever happens, unless it is a read that happens to be a POST.

        Args:
            url: of one of the session's hosts.
            json: body, if it is JSON.
            form: body, if it is a form.
            params: added to the query.
            headers: beyond the session's own, which cannot be replaced.
            expect: kind of content; another kind is an error.
            is_safe: repeating it does no harm; only then may it be repeated, or follow 307 and 308.
            accept_statuses: statuses that are answers to the caller.

        Raises:
            FetchFailed: the subclass that says why there is no answer.
        """
        body, kind = form_body(form) if form is not None else json_body(json)
        order = Order(
            method="POST",
            url=with_params(url, params),
            headers=order_headers({"Content-Type": kind, **(headers or {})}, expect=expect),
            expect=expect,
            max_bytes=self._max_bytes,
            accept_statuses=frozenset(accept_statuses),
            body=body,
            is_repeatable=is_safe,
        )
        return await self._answered(order)

    async def download(
        self,
        url: str,
        path: Path,
        *,
        conditional: Download | None = None,
        max_bytes: int = MAX_DOWNLOAD_BYTES,
        deadline: float = DOWNLOAD_SECONDS,
    ) -> tuple[Response, str]:
        """Download a file; it appears at `path` complete, or not at all.

        Args:
            url: of one of the session's hosts.
            path: where the file goes, replacing what is there.
            conditional: an earlier download; nothing is written when nothing is new.
            max_bytes: largest file, decompressed.
            deadline: seconds for all of it.

        Returns:
            The answer, without a body, and the hex SHA-256 of the file (empty if unchanged).

        Raises:
            FetchFailed: the subclass that says why there is no file; also if it cannot be stored.
        """
        order = Order(
            method="GET",
            url=with_params(url, None),
            headers=order_headers(None, expect=Expect.FILE, conditional=conditional),
            expect=Expect.FILE,
            max_bytes=max_bytes,
        )
        answered, answer = await self._call(deadline).run(order, path)
        return self._response(answered, replace(answer, body=b"")), answer.sha256

    async def _answered(self, order: Order) -> Response:
        return self._response(*await self._call(self._deadline).run(order))

    def _call(self, deadline: float) -> Call:
        if self._transport is None:
            msg = "the session is not open: use it as an asynchronous context manager"
            raise RuntimeError(msg)
        return Call(
            transport=self._transport,
            guard=self._guard,
            admission=self._admission,
            robots=self._robots,
            budget=Budget(deadline=deadline, patience=self._patience),
            clock=self._clock,
        )

    def _response(self, order: Order, answer: Answer) -> Response:
        return Response(safe_url(order.url), answer.status, answer.headers, answer.body, self._clock.now())
