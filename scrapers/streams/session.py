"""One socket from its opening to its end, with the adapter that understands it."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import structlog

from quant.spreads.messages import Quote, Withdrawn

from .addresses import StreamAddress
from .patience import pause_of
from .protocol import Adapter, Event, NeedSnapshot, Send
from .snapshots import SnapshotGate
from .timing import Timing

logger = structlog.get_logger(__name__)

MOST_MESSAGE_BYTES: Final = 16 * 1024 * 1024
MOST_UNSENT: Final = 1_000
CLOSE_SECONDS: Final = 1.0
_NUMBERS: Final = itertools.count(1)
_TEXT: Final = aiohttp.WSMsgType.TEXT

Told = Callable[["Session", Sequence[Event], int], None]
Recorded = Callable[[str, int, bytes, int, str], None]
"""Exchange, number of the connection, raw text, time of receipt; the pair of a REST snapshot, else empty."""


class Session:
    """One connection. `task` ends when it does, and `reason` says why.

    Args:
        adapter: understands what comes; made for this connection.
        http: session to connect with.
        address: where the exchange is.
        timing: how long what may take.
        told: called with the events of each message that has any, and its time of receipt.
        gate: fetches snapshots.
        recorded: called with each text as it came, if given.
    """

    def __init__(  # noqa: PLR0913 - the parts of a connection
        self,
        adapter: Adapter,
        *,
        http: aiohttp.ClientSession,
        address: StreamAddress,
        timing: Timing,
        told: Told,
        gate: SnapshotGate,
        recorded: Recorded | None = None,
    ) -> None:
        self.adapter = adapter
        self.number = next(_NUMBERS)
        self.opened_at: float | None = None
        self.heard_at = self.quoted_at = timing.monotonic()
        self.heard_ns = 0
        self.stay_away = 0.0
        self._http = http
        self._address = address
        self._timing = timing
        self._told = told
        self._gate = gate
        self._recorded = recorded
        self._unsent: asyncio.Queue[str] = asyncio.Queue(MOST_UNSENT)
        self._wanted: set[str] = set()
        self._helpers: set[asyncio.Task[None]] = set()
        self._reason = ""
        self._spoken_at = self.heard_at
        self.task: asyncio.Task[str] = asyncio.create_task(self._run(), name=f"{adapter.exchange}-session")

    @property
    def is_open(self) -> bool:
        """Tell whether the socket is open."""
        return self.opened_at is not None and not self.task.done()

    def close(self, reason: str) -> None:
        """End the connection for this reason; the first one counts."""
        if not self.task.done() and not self._reason:
            self._reason = reason
            self.task.cancel()

    @property
    def reason(self) -> str:
        """Return why a connection ended; one that failed as nobody foresaw is logged with its trace."""
        if self.task.cancelled():
            return "stopped"
        error = self.task.exception()
        if error is None:
            return self.task.result()
        logger.error("stream.failed", exchange=self.adapter.exchange, exc_info=error)
        return f"{type(error).__name__}: {error}"

    async def _run(self) -> str:
        try:
            return await self._live()
        except asyncio.CancelledError:
            if not self._reason:
                raise
            return self._reason
        except aiohttp.WSServerHandshakeError as error:
            self.stay_away = pause_of(error.status, error.headers or {})
            return f"refused {error.status}"
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return f"{type(error).__name__}: {error}"[:200]

    async def _live(self) -> str:
        timing = self._timing
        async with asyncio.timeout(timing.connect):
            socket = await self._http.ws_connect(
                self._address.ws_url + self.adapter.path,
                autoping=False,
                max_msg_size=MOST_MESSAGE_BYTES,
                decode_text=False,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                proxy=self._address.proxy,
            )
        try:
            self.opened_at = self.heard_at = self.quoted_at = self._spoken_at = timing.monotonic()
            for text in self.adapter.subscriptions():
                self._enqueue(text)
            self._help(self._write(socket))
            self._help(self._probe(socket))
            return await self._read(socket)
        finally:
            # The helpers go first: what they say about a closing socket is not why it closes.
            helpers, self._helpers = self._helpers, set()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                await socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> str:
        """Hand every frame on until the socket ends; this loop is the hot path."""
        wall_ns, monotonic, receive = self._timing.wall_ns, self._timing.monotonic, self.adapter.receive
        counts, exchange, number = self.adapter.counts, self.adapter.exchange, self.number
        recorded = self._recorded
        while True:
            message = await socket.receive()
            kind = message.type
            self.heard_ns = received = wall_ns()
            self.heard_at = monotonic()
            if kind is _TEXT or kind is aiohttp.WSMsgType.BINARY:
                counts.messages += 1
                raw = message.data
                if recorded is not None:
                    recorded(exchange, number, raw, received, "")
                events = receive(raw, received)
                if events:
                    self._take(events, received)
            elif kind is aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
            elif kind is not aiohttp.WSMsgType.PONG:
                code = socket.close_code
                return f"closed {code if code is not None else 1006}"

    def _take(self, events: Sequence[Event], received: int) -> None:
        """Do what is ours to do, then pass everything on: a withdrawal must not wait for a resync."""
        self._told(self, events, received)
        for event in events:
            kind = type(event)
            if kind is Quote:
                self.quoted_at = self.heard_at
            elif kind is Withdrawn:
                continue
            elif isinstance(event, Send):
                self._enqueue(event.text)
            elif isinstance(event, NeedSnapshot):
                self._want(event.pair)

    def _enqueue(self, text: str) -> None:
        try:
            self._unsent.put_nowait(text)
        except asyncio.QueueFull:
            self.close("unsent")

    def _help(self, work: "asyncio._CoroutineLike[None]") -> None:
        helper = asyncio.create_task(work)
        self._helpers.add(helper)
        helper.add_done_callback(self._helped)

    def _helped(self, helper: asyncio.Task[None]) -> None:
        if helper not in self._helpers:
            return  # stopped with the others
        self._helpers.discard(helper)
        if not helper.cancelled() and helper.exception() is not None:
            self.close(f"{type(helper.exception()).__name__}: {helper.exception()}"[:200])

    async def _write(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        """Send what is due, no faster than the venue takes it."""
        pause = 1.0 / self.adapter.sends_per_second
        while True:
            text = await self._unsent.get()
            await socket.send_str(text)
            self._spoken_at = self._timing.monotonic()
            await asyncio.sleep(pause)

    async def _probe(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        """Ask for a sign of life when it is quiet, and speak as often as the venue wants."""
        timing, adapter = self._timing, self.adapter
        while True:
            await asyncio.sleep(timing.watch)
            now = timing.monotonic()
            since = now - self._spoken_at
            is_quiet = now - self.heard_at >= timing.probe and since >= timing.probe
            if not is_quiet and since < adapter.keepalive_seconds:
                continue
            self._spoken_at = now
            if adapter.ping_text:
                self._enqueue(adapter.ping_text)
            else:
                await socket.ping()

    def _want(self, pair: str) -> None:
        if pair not in self._wanted:
            self._wanted.add(pair)
            self._help(self._fetch(pair))

    async def _fetch(self, pair: str) -> None:
        name = self.adapter.wire_name(pair)
        raw = await self._gate.fetch(
            self._address.rest_url + self.adapter.rest_path.format(symbol=name), proxy=self._address.proxy
        )
        self._wanted.discard(pair)
        received = self._timing.wall_ns()
        if self._recorded is not None:
            self._recorded(self.adapter.exchange, self.number, raw, received, pair)
        self._take(self.adapter.snapshot(pair, raw, received), received)
