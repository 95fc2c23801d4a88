"""One client of a simulated exchange: what it hears, in which order, and when it is thrown out."""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, NamedTuple

from aiohttp import WSMsgType, web

from scrapers.simulator.faults.table import Layer

from .exchange import Exchange, Topic

CLOSE_SECONDS: Final = 0.3
GOING_AWAY: Final = 1001
POLICY_VIOLATION: Final = 1008
ABNORMAL: Final = 1006
_LONGEST_MESSAGE: Final = 64_000


class Frame(NamedTuple):
    """One data message of a pair on its way to the client."""

    symbol: str
    text: str


class _Ping(NamedTuple):
    payload: bytes


class _Close(NamedTuple):
    code: int
    reason: str


class Connection:
    """A WebSocket of one client.

    Args:
        exchange: whose.
        request: that opens it.

    `topics` holds what the client listens to, by the words it used. `is_silent`: acknowledges and sends no
    data. `is_deaf`: takes no notice of the client's pings and pongs. `is_frozen`: neither reads nor writes,
    while the connection stays open.
    """

    def __init__(self, exchange: Exchange, request: web.Request) -> None:
        self.exchange = exchange
        self.path = request.path
        self.topics: dict[str, Topic] = {}
        self.facts: dict[str, Any] = {}
        self.is_silent = self.is_deaf = self.is_frozen = False
        self.held: Frame | None = None
        self._request = request
        self._socket = web.WebSocketResponse(
            autoping=False, timeout=CLOSE_SECONDS, max_msg_size=_LONGEST_MESSAGE, compress=False
        )
        self._outbox: deque[str | _Ping | _Close] = deque()
        self._waiting = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.opened = self.heard_at = self.ponged_at = self.beaten_at = self.pinged_at = self._loop.time()
        self._recent: deque[float] = deque()
        self._has_subscribed = False

    async def run(self) -> web.WebSocketResponse:
        """Serve the client until either side ends it."""
        await self._socket.prepare(self._request)
        taken = self._fault("OPEN", Layer.SOCKET)
        if taken is not None:
            taken[0].apply(self, taken[1])
        self.exchange.connections.add(self)
        writer = asyncio.create_task(self._write())
        try:
            self.exchange.greet(self)
            await self._read()
        finally:
            self.exchange.connections.discard(self)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        return self._socket

    def send(self, text: str) -> None:
        """Send an answer or a notice as it is."""
        if self.is_frozen:
            return
        self._outbox.append(text)
        self._waiting.set()
        if len(self._outbox) > self.exchange.limits.backlog:
            self._outbox.clear()
            self.is_frozen = True
            self.abort()

    def send_data(self, symbol: str, text: str) -> None:
        """Send a message of a pair, unless a fault has something else in mind."""
        if self.is_silent or self.is_frozen:
            return
        frames: Iterable[Frame] = (Frame(symbol, text),)
        taken = self._fault("SEND", Layer.FRAME, symbol)
        if taken is not None:
            frames = taken[0].apply(self, Frame(symbol, text), taken[1])
        elif self.held is not None:
            frames, self.held = (Frame(symbol, text), self.held), None
        for frame in frames:
            self.send(frame.text)

    def send_later(self, frame: Frame, seconds: float) -> None:
        """Send a message some seconds from now, after those that came in between."""
        self._loop.call_later(seconds, self.send, frame.text)

    def close(self, code: int, reason: str = "") -> None:
        """Close after everything that waits was sent; 1006 breaks the connection off at once."""
        if code == ABNORMAL:
            self.abort()
            return
        self._outbox.append(_Close(code, reason))
        self._waiting.set()

    def close_later(self, code: int, seconds: float) -> None:
        """Close some seconds from now."""
        self._loop.call_later(seconds, self.close, code)

    def abort(self) -> None:
        """Break the connection off without a closing message."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def listen(self, *topics: Topic) -> bool:
        """Let the client listen to topics; False, and to none of them, when a fault refuses one."""
        self._has_subscribed = True
        for topic in topics:
            if self._fault("SUBSCRIBE", Layer.SUBSCRIPTION, topic.symbol) is not None:
                return False
        self.topics.update({topic.text: topic for topic in topics})
        return True

    def keep(self, now: float) -> None:
        """Do what is due: heartbeats, pings, and ends of patience. `now` is the loop's time."""
        exchange, limits = self.exchange, self.exchange.limits
        if self.is_frozen:
            return
        if now - self.beaten_at >= limits.beat and not self.is_silent:
            self.beaten_at = now
            exchange.beat(self)
        if exchange.insists_on_subscription and not self._has_subscribed:
            if now - self.opened >= limits.first_subscribe:
                self.close(exchange.impatient_code, "no subscription")
        elif exchange.wants_words and now - self.heard_at >= limits.idle:
            self.close(exchange.impatient_code, "no ping")
        if exchange.pings and now - self.pinged_at >= limits.server_ping:
            self.pinged_at = now
            self._outbox.append(_Ping(str(int(now * 1000)).encode()))
            self._waiting.set()
        if exchange.pings and now - self.ponged_at >= limits.server_ping + limits.pong_within:
            self.close(POLICY_VIOLATION, "Pong timeout")
        if now - self.opened >= limits.session:
            self.close(GOING_AWAY, "session ended")

    async def end(self) -> None:
        """Close because the server ends; a frozen connection is broken off."""
        if self.is_frozen:
            self.abort()
        else:
            await self._socket.close(code=GOING_AWAY, message=b"server ends")

    def _fault(self, method: str, layer: Layer, symbol: str = "") -> Any:
        exchange = self.exchange
        route = exchange.route(symbol) if symbol else self.path
        return exchange.faults.take(method, route, now=exchange.now(), layers=(layer,))

    async def _read(self) -> None:
        async for message in self._socket:
            if self.is_frozen:
                await asyncio.Event().wait()  # until the client or the server gives up
            now = self._loop.time()
            if message.type is WSMsgType.TEXT:
                self.heard_at = now
                if not self._is_flooding(now):
                    self.exchange.heard(self, message.data)
            elif message.type is WSMsgType.PONG and not self.is_deaf:
                self.ponged_at = now
            elif message.type is WSMsgType.PING and not self.is_deaf:
                self.heard_at = now
                await self._socket.pong(message.data)
            elif message.type is WSMsgType.BINARY:
                self.close(1003, "text only")

    def _is_flooding(self, now: float) -> bool:
        """Tell whether the client says more in a second than the exchange takes, and throw it out."""
        if not self.exchange.counts_words:
            return False
        self._recent.append(now)
        while self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) <= self.exchange.limits.messages_per_second:
            return False
        self.close(POLICY_VIOLATION, "Too many requests")
        return True

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while True:
                await self._waiting.wait()
                self._waiting.clear()
                while self._outbox and not self.is_frozen:
                    item = self._outbox.popleft()
                    if isinstance(item, str):
                        await self._socket.send_str(item)
                    elif isinstance(item, _Ping):
                        await self._socket.ping(item.payload)
                    else:
                        await self._socket.close(code=item.code, message=item.reason.encode())
                        return
