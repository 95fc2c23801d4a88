"""Bybit v5 spot: `orderbook.50`, chained by `u`; the venue may send a new snapshot at any time."""

import json
from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec

from .adapter import BaseAdapter
from .books import Book
from .protocol import NOTHING, Counts, Event

TOPIC: Final = "orderbook.50."


class _Book(msgspec.Struct, gc=False):
    s: str
    bids: list[tuple[float, float]] = msgspec.field(name="b")
    asks: list[tuple[float, float]] = msgspec.field(name="a")
    update: int = msgspec.field(name="u")


class _Books(msgspec.Struct, gc=False):
    topic: str
    type: str
    ts: int
    data: _Book


class _Other(msgspec.Struct, gc=False):
    topic: str = ""
    op: str = ""
    success: bool = True
    ret_msg: str = ""
    req_id: str = ""


_BOOKS: Final = msgspec.json.Decoder(_Books, strict=False)
_OTHER: Final = msgspec.json.Decoder(_Other)


class BybitStream(BaseAdapter):
    """One connection to Bybit's public spot stream."""

    exchange: ClassVar[str] = "bybit"
    path: ClassVar[str] = "/v5/public/spot"
    keepalive_seconds: ClassVar[float] = 20.0
    ping_text: ClassVar[str] = '{"op":"ping"}'

    def __init__(self, pairs: Sequence[str], counts: Counts | None = None) -> None:
        super().__init__(pairs, counts)
        self._books: dict[str, Book[tuple[float, float]]] = {}
        self._last: dict[str, int] = {}

    def wire_name(self, pair: str) -> str:
        """Return `BTCUSDT` for `BTC/USDT`."""
        return pair.replace("/", "")

    def subscriptions(self) -> Sequence[str]:
        """Return one request for each pair: the venue refuses all of a request for one wrong topic."""
        return [self.request("subscribe", name) for name in self._pair_of]

    def request(self, verb: str, name: str) -> str:
        """Return a message about one pair; its id comes back with the answer."""
        return json.dumps({"op": verb, "req_id": f"{verb}:{name}", "args": [f"{TOPIC}{name}"]})

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame."""
        try:
            message = _BOOKS.decode(raw)
        except msgspec.DecodeError:
            return self._other(raw)
        pair = self._pair_of.get(message.data.s)
        if pair is None or not message.topic.startswith("orderbook."):
            return self.unknown()
        try:
            return self._on_book(pair, message, received)
        except ValueError:
            return self.unreadable(pair, received)

    def _on_book(self, pair: str, message: _Books, received: int) -> Sequence[Event]:
        data = message.data
        if message.type == "snapshot":
            book = self._books[pair] = Book()
            book.replace(data.bids, data.asks)
        else:
            known = self._books.get(pair)
            if known is None:  # on its way out: its snapshot was asked for
                return NOTHING
            last = self._last[pair]
            if data.update == last:
                self.counts.repeated += 1
                return NOTHING
            if data.update != last + 1:  # also a lower one: the service began to count anew
                self.counts.gaps += 1
                return self.lost(pair, "gap", received)
            self.counts.proven += 1
            book = known
            book.apply(data.bids, data.asks)
        self._last[pair] = data.update
        return self.booked(pair, book, timestamp=message.ts, received=received)

    def _other(self, raw: bytes) -> Sequence[Event]:
        try:
            other = _OTHER.decode(raw)
        except msgspec.DecodeError:
            return self.invalid()
        if not other.success and not other.req_id.startswith("unsubscribe:"):
            name = other.req_id.partition(":")[2] or other.ret_msg.rpartition(".")[2]
            return self.refused(other.ret_msg, self._pair_of.get(name, ""))
        if other.op:
            return NOTHING
        return self.invalid() if other.topic.startswith(TOPIC) else self.unknown()

    def resync(self, pair: str) -> Sequence[Event]:
        """Subscribe anew: the first message of a subscription is a snapshot."""
        self._books.pop(pair, None)
        return self.asked_again(pair)
