"""REST snapshots of books, fetched one at a time and only when the venue wants to be asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp

from .patience import pause_of

_OK: Final = 200
_FINAL: Final = frozenset({200, 400, 404})
"""Asking the same again would be answered the same: what the venue says is for the adapter to judge."""
RETRY_SECONDS: Final = 1.0
TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
MOST_BYTES: Final = 4_000_000


class SnapshotGate:
    """All REST requests to one exchange pass here, over all its connections.

    Args:
        http: session to ask with.
        monotonic: clock of the waiting.
        spacing: seconds between two requests at least.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        monotonic: Callable[[], float],
        spacing: float = RETRY_SECONDS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._http = http
        self._monotonic = monotonic
        self._sleep = sleep
        self._spacing = spacing
        self._turn = asyncio.Lock()
        self._not_before = 0.0
        self.last_error = ""

    async def fetch(self, url: str, *, proxy: str | None = None) -> bytes:
        """Return the body of a snapshot, however long the venue makes us wait, or of its refusal."""
        while True:
            async with self._turn:
                pause = self._not_before - self._monotonic()
                if pause > 0:
                    await self._sleep(pause)
                body = await self._try(url, proxy)
                self._not_before = max(self._not_before, self._monotonic() + self._spacing)
            if body is not None:
                return body

    async def _try(self, url: str, proxy: str | None) -> bytes | None:
        try:
            async with self._http.get(url, timeout=TIMEOUT, allow_redirects=False, proxy=proxy) as answer:
                self.last_error = "" if answer.status == _OK else f"snapshot: {answer.status}"
                if answer.status in _FINAL:
                    return await _read(answer)
                pause = pause_of(answer.status, answer.headers) or RETRY_SECONDS
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self.last_error = f"snapshot: {type(error).__name__}"
            pause = RETRY_SECONDS
        self._not_before = self._monotonic() + pause
        return None


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            msg = "snapshot too large"
            raise ValueError(msg)
    return bytes(body)
