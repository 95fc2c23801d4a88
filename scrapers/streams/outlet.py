"""The way out: ZeroMQ PUSH towards the signal engine, which never makes an exchange wait.

A full queue (or no engine) drops what is oldest: of each pair only the newest message waits, so that the
engine gets the present first when it comes back, and a withdrawn book can never be forgotten.
"""

import asyncio
from typing import Final, Self

import zmq

from quant.spreads.messages import Beat, Message, encode

RETRY_SECONDS: Final = 0.01
LAST_WORDS_MS: Final = 200
ANY: Final = ""
_BEAT: Final = "beat"


class EndpointTaken(Exception):
    """The address the messages go out at cannot be bound."""


class Outlet:
    """A bound PUSH socket. Used from one event loop; `close` ends it.

    Args:
        endpoint: ZeroMQ address to bind, such as `tcp://127.0.0.1:5555`.
        high_water_mark: messages ZeroMQ keeps for an engine that is behind.

    Raises:
        EndpointTaken: if it cannot be bound.
    """

    def __init__(self, endpoint: str, *, high_water_mark: int = 1_000) -> None:
        self.sent = 0
        self.dropped: dict[str, int] = {}
        self._waiting: dict[tuple[str, str], bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.PUSH)
        self._socket.setsockopt(zmq.SNDHWM, high_water_mark)
        try:
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self._context.destroy(linger=0)
            msg = f"cannot send at {endpoint}: {error.strerror}"
            raise EndpointTaken(msg) from error
        self.endpoint = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: Message) -> None:
        """Send a message, or keep it until there is room; never waits."""
        frame = encode(message)
        if self._waiting and not self.flush():
            self._keep(message, frame)
            return
        try:
            self._socket.send(frame, zmq.NOBLOCK)
        except zmq.Again:
            self._keep(message, frame)
        else:
            self.sent += 1

    def flush(self) -> bool:
        """Send what waits, oldest first, and tell whether all of it went."""
        waiting = self._waiting
        for key in list(waiting):
            try:
                self._socket.send(waiting[key], zmq.NOBLOCK)
            except zmq.Again:
                return False
            del waiting[key]
            self.sent += 1
        return True

    def close(self) -> None:
        """Close the socket; an engine that listens still gets the last words, what waits for one is lost."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._context.destroy(linger=LAST_WORDS_MS)

    def _keep(self, message: Message, frame: bytes) -> None:
        exchange = message.exchange
        symbol = _BEAT if isinstance(message, Beat) else message.symbol
        if symbol == ANY:  # a withdrawal of everything: nothing older may follow it
            for key in [key for key in self._waiting if key[0] == exchange and key[1] != _BEAT]:
                self._drop(key)
        elif (exchange, symbol) in self._waiting:
            self._drop((exchange, symbol))
        self._waiting[exchange, symbol] = frame
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(RETRY_SECONDS, self._retry)

    def _drop(self, key: tuple[str, str]) -> None:
        del self._waiting[key]
        if key[1] != _BEAT:
            self.dropped[key[0]] = self.dropped.get(key[0], 0) + 1

    def _retry(self) -> None:
        self._timer = None
        if not self.flush():
            self._timer = asyncio.get_running_loop().call_later(RETRY_SECONDS, self._retry)
