"""What a host's robots.txt allows us, remembered for all processes for at most a day.

A host without the file (4xx) allows everything; one whose file cannot be read (5xx, timeout) allows nothing
until it can be. Fetching the file is a request like any other: paced, guarded, counted by the breaker.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec
from protego import Protego
from redis.asyncio import Redis as AsyncRedis
from yarl import URL

from common.redis import NAMESPACE
from common.resilience.state import shared_state
from scrapers.errors import Blocked, FetchFailed, RateLimited, RobotsDisallowed

from .guard import Host
from .redaction import safe_url

KEPT_SECONDS: Final = 86_400
KEPT_UNREADABLE_SECONDS: Final = 600
MAX_ROBOTS_BYTES: Final = 512_000


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The answer for robots.txt: 2xx, or a 4xx that means there is none."""

    status: int
    body: bytes


Fetch = Callable[[URL], Awaitable[RobotsFile]]


class _Known(msgspec.Struct, frozen=True):
    """What is remembered of one host. `text` is None when the file could not be read."""

    text: str | None


class Robots:
    """Reads robots.txt for one user agent.

    Args:
        client: of the running event loop.
        user_agent: whose first word is looked for in the file.
        namespace: first part of the Redis keys.
    """

    def __init__(self, client: AsyncRedis, *, user_agent: str, namespace: str = NAMESPACE) -> None:
        self._client = client
        self._token = user_agent.partition("/")[0].strip() or "*"
        self._prefix = f"{namespace}:robots"
        self._parsed: dict[str, tuple[str, Protego]] = {}

    async def check(self, url: URL, host: Host, *, fetch: Fetch) -> float:
        """Return the seconds the host wants between two requests, 0 if it does not say.

        Args:
            url: to be requested.
            host: it belongs to.
            fetch: how to get the file.

        Raises:
            RobotsDisallowed: if the path is forbidden or the file cannot be read.
            FetchFailed: if the host turned us away, or asks to wait, when asked for the file.
            StateUnavailable: if Redis does not answer.
        """
        known = await self._remembered(host.key)
        if known is None:
            known = await self._fetched(host, fetch)
        if known.text is None:
            detail = f"The robots.txt of {host.key} cannot be read, so nothing is allowed."
            left = await self._kept_for(host.key)
            raise RobotsDisallowed(detail=detail).held_back(resume_after=left)
        return self.judge(url, host, known.text)

    def judge(self, url: URL, host: Host, text: str) -> float:
        """Return the seconds that a robots.txt wants between two requests, 0 if it does not say.

        Raises:
            RobotsDisallowed: if it forbids the address.
        """
        rules = self._rules(host.key, text)
        path = url.raw_path_qs.removeprefix(host.prefix) or "/"
        if not rules.can_fetch(f"https://{host.name}{path}", self._token):
            raise RobotsDisallowed(detail=f"The robots.txt of {host.key} forbids {safe_url(url)}.")
        rate = rules.request_rate(self._token)
        delays = [rules.crawl_delay(self._token) or 0.0]
        if rate is not None and rate.requests:
            delays.append(rate.seconds / rate.requests)
        # A number nobody can wait for ("inf") is as good as a no for today; one that is none says nothing.
        return min(max((delay for delay in delays if delay > 0), default=0.0), float(KEPT_SECONDS))

    async def _remembered(self, key: str) -> _Known | None:
        async with shared_state():
            stored = await self._client.get(f"{self._prefix}:{key}")
        try:
            return msgspec.json.decode(stored, type=_Known) if stored is not None else None
        except msgspec.MsgspecError:
            return None

    async def _kept_for(self, key: str) -> timedelta:
        """Return for how long what is known of a host is remembered yet."""
        async with shared_state():
            left = int(await self._client.pttl(f"{self._prefix}:{key}"))
        return timedelta(milliseconds=max(0, left))

    async def _fetched(self, host: Host, fetch: Fetch) -> _Known:
        address = host.base.with_path(f"{host.prefix}/robots.txt")
        seconds = KEPT_SECONDS
        try:
            answer = await fetch(address)
        except (Blocked, RateLimited):
            raise
        except FetchFailed:
            known, seconds = _Known(None), KEPT_UNREADABLE_SECONDS
        else:
            text = answer.body.decode("utf-8", errors="replace").removeprefix("\ufeff")
            known = _Known(text if answer.status < 300 else "")
        async with shared_state():
            await self._client.set(f"{self._prefix}:{host.key}", msgspec.json.encode(known), ex=seconds)
        return known

    def _rules(self, key: str, text: str) -> Protego:
        kept = self._parsed.get(key)
        if kept is None or kept[0] != text:
            kept = self._parsed[key] = (text, Protego.parse(text))
        return kept[1]
