"""Reads ingest's messages: a PULL socket drained in bursts, woken by its file descriptor.

zmq.asyncio costs a future and a task switch per message, which is most of R001's time per tick; here a burst
costs one wake-up.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final, cast

import msgspec
import structlog
import zmq

from quant.spreads.messages import Beat, Message, Quote, decode

from .engine import SignalEngine

logger = structlog.get_logger(__name__)

BURST: Final = 256
_DECODE_ERRORS: Final = (msgspec.MsgspecError, UnicodeDecodeError)


class Receiver:
    """Feeds an engine from a ZeroMQ endpoint; `after_burst` is called once per burst, to write.

    Args:
        endpoint: where ingest is bound.
        high_water_mark: messages that may wait here.
        engine: takes the messages.
        after_burst: takes our clock in Unix nanoseconds.
    """

    def __init__(
        self, endpoint: str, *, high_water_mark: int, engine: SignalEngine, after_burst: Callable[[int], None]
    ) -> None:
        self.messages = self.invalid = 0
        self._endpoint = endpoint
        self._engine = engine
        self._after_burst = after_burst
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PULL)
        self._socket.setsockopt(zmq.RCVHWM, high_water_mark)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1_000)
        self._descriptor = cast("int", self._socket.getsockopt(zmq.FD))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_scheduled = self._has_failed = False

    def start(self) -> None:
        """Connect and read from now on, in the running loop.

        Raises:
            zmq.ZMQError: if the endpoint is none.
        """
        self._loop = asyncio.get_running_loop()
        self._socket.connect(self._endpoint)
        self._loop.add_reader(self._descriptor, self.drain)
        self.drain()

    def close(self) -> None:
        """Stop reading; messages that wait stay unread."""
        if self._loop is not None:
            self._loop.remove_reader(self._descriptor)
            self._loop = None
        self._socket.close()
        self._context.term()

    def drain(self) -> None:
        """Take what waits, at most one burst; what is left gets its turn after other callbacks.

        The descriptor signals edges, so reading goes on until the socket says there is nothing.
        """
        loop = self._loop
        if loop is None:
            return
        self._is_scheduled = False
        receive, take, now = self._socket.recv, self._take, time.time_ns
        count = 0
        try:
            while count < BURST:
                take(receive(zmq.NOBLOCK), now())
                count += 1
        except zmq.Again:
            pass
        self.messages += count
        if count:
            self._after_burst(now())
        if count == BURST and not self._is_scheduled:
            self._is_scheduled = True
            loop.call_soon(self.drain)

    def _take(self, frame: bytes, now_ns: int) -> None:
        try:
            self._hand_over(decode(frame), now_ns)
        except _DECODE_ERRORS:
            self.invalid += 1
        except Exception:  # one message must not leave those behind it unread: no edge would tell of them
            self.invalid += 1
            if not self._has_failed:
                self._has_failed = True
                logger.exception("receiver.failed")

    def _hand_over(self, message: Message, now_ns: int) -> None:
        if isinstance(message, Quote):
            self._engine.on_quote(message, now_ns)
        elif isinstance(message, Beat):
            self._engine.on_beat(message, now_ns)
        else:
            self._engine.on_withdrawn(message, now_ns)
