"""Access tokens of venues' APIs, kept in memory and renewed before they expire. Used by the API routes."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from common.clock import Clock, SystemClock

RENEW_BEFORE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class BearerToken:
    """A token and when it ends (aware UTC). Its value is left out of representations and so of logs."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenCache:
    """Tokens of one process by key; nothing of it is stored. Safe for concurrent tasks of an event loop.

    Args:
        clock: tells whether a token is about to expire.
        renew_before: how long before its end a token is no longer handed out.
    """

    def __init__(self, *, clock: Clock | None = None, renew_before: timedelta = RENEW_BEFORE) -> None:
        self._clock = clock or SystemClock()
        self._renew_before = renew_before
        self._tokens: dict[Hashable, BearerToken] = {}
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, asyncio.Lock]]
        self._locks = WeakKeyDictionary()

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[BearerToken]]) -> str:
        """Return the value of a token that is good for now, fetching it at most once for all who wait.

        Args:
            key: what tells tokens apart: address, client and scope; never the secret.
            fetch: asks the venue for a new one; what it raises is raised here and nothing is kept.
        """
        locks = self._locks.setdefault(asyncio.get_running_loop(), {})
        async with locks.setdefault(key, asyncio.Lock()):
            token = self._tokens.get(key)
            if token is None or token.expires_at - self._renew_before <= self._clock.now():
                token = await fetch()
                self._tokens[key] = token
            return token.value

    def forget(self, key: Hashable, value: str | None = None) -> None:
        """Drop a token the venue refused, so that the next `get` fetches another.

        Args:
            key: as given to `get`.
            value: the refused value; a token that somebody renewed in between is then kept.
        """
        token = self._tokens.get(key)
        if token is not None and value in (None, token.value):
            del self._tokens[key]


PROCESS_TOKENS: Final = TokenCache()
"""The cache the routes share: a token outlives the run of a scraper."""
