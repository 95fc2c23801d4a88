"""Kraken v2: the `book` channel, each update proven by its CRC32.

Prices and sizes come as JSON numbers whose trailing zeros belong to the checksum, so their text is kept as
it came.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar, Final

import msgspec

from .adapter import BaseAdapter, milliseconds
from .books import Book
from .checksums import KRAKEN_LEVELS, TextLevel, kraken_checksum, text_level
from .protocol import NOTHING, Counts, Event

DEPTHS: Final = (10, 25, 100, 500, 1_000)
_ONLINE: Final = "online"


class _Level(msgspec.Struct, gc=False):
    price: msgspec.Raw
    qty: msgspec.Raw


class _Book(msgspec.Struct, gc=False):
    symbol: str
    bids: list[_Level]
    asks: list[_Level]
    checksum: int | None = None
    timestamp: datetime | None = None


class _Books(msgspec.Struct, gc=False):
    channel: str
    type: str
    data: list[_Book]


class _Status(msgspec.Struct, gc=False):
    system: str = _ONLINE


class _Other(msgspec.Struct, gc=False):
    channel: str = ""
    method: str = ""
    success: bool = True
    error: str = ""
    symbol: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")


_BOOKS: Final = msgspec.json.Decoder(_Books)
_OTHER: Final = msgspec.json.Decoder(_Other)
_STATUS: Final = msgspec.json.Decoder(list[_Status])


class KrakenStream(BaseAdapter):
    """One connection to Kraken's public v2 stream.

    Args:
        pairs: what to watch.
        counts: goes on counting for a former connection's.
        depth: levels per side, one of `DEPTHS`; ten are what the checksum covers.
    """

    exchange: ClassVar[str] = "kraken"
    path: ClassVar[str] = "/v2"
    keepalive_seconds: ClassVar[float] = 30.0
    ping_text: ClassVar[str] = '{"method":"ping"}'

    def __init__(self, pairs: Sequence[str], counts: Counts | None = None, *, depth: int = DEPTHS[0]) -> None:
        super().__init__(pairs, counts)
        self._depth = depth
        self._depth_of: dict[str, int] = {}
        self._books: dict[str, Book[TextLevel]] = {}
        self._is_online = True

    def wire_name(self, pair: str) -> str:
        """Return the pair itself: v2 writes it as we do."""
        return pair

    def subscriptions(self) -> Sequence[str]:
        """Return one request for all pairs; the venue answers for each."""
        return [self._message("subscribe", list(self._pair_of))]

    def request(self, verb: str, name: str) -> str:
        """Return a message about one pair."""
        return self._message(verb, [name])

    def _message(self, verb: str, names: list[str]) -> str:
        params = {"channel": "book", "symbol": names, "depth": self._depth}
        return json.dumps({"method": verb, "params": params})

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame."""
        try:
            message = _BOOKS.decode(raw)
        except msgspec.DecodeError:
            return self._other(raw, received)
        if message.channel != "book":
            return self.unknown()
        events: list[Event] = []
        for data in message.data:
            events += self._on_book(message.type, data, received)
        return events

    def _on_book(self, kind: str, data: _Book, received: int) -> Sequence[Event]:
        pair = self._pair_of.get(data.symbol)
        if pair is None:
            return self.unknown()
        try:
            return self._apply(pair, kind, data, received)
        except ValueError:
            return self.unreadable(pair, received)

    def _apply(self, pair: str, kind: str, data: _Book, received: int) -> Sequence[Event]:
        bids, asks = _levels(data.bids), _levels(data.asks)
        if kind == "snapshot":
            book = self._books[pair] = Book()
            book.replace(bids, asks)
            self._depth_of[pair] = _depth_for(max(len(bids), len(asks), self._depth))
        else:
            known = self._books.get(pair)
            if known is None:  # on its way out: its snapshot was asked for
                return NOTHING
            book = known
            book.apply(bids, asks)
        book.truncate(self._depth_of[pair])
        if data.checksum is not None:
            if data.checksum != _checksum(book):
                self.counts.checksums += 1
                return self.lost(pair, "checksum", received)
            self.counts.proven += 1
        if not self._is_online:
            return self.withdrawn(pair, "maintenance", received)
        return self.booked(pair, book, timestamp=milliseconds(data.timestamp), received=received)

    def _other(self, raw: bytes, received: int) -> Sequence[Event]:
        try:
            other = _OTHER.decode(raw)
        except msgspec.DecodeError:
            return self.invalid()
        if other.channel == "status":
            return self._on_status(bytes(other.data), received)
        if other.error or not other.success:
            return self._on_error(other)
        if other.channel == "heartbeat" or other.method:
            return NOTHING
        return self.invalid() if other.channel == "book" else self.unknown()

    def _on_error(self, other: _Other) -> Sequence[Event]:
        if other.method == "unsubscribe":  # it was none: what we wanted
            return NOTHING
        return self.refused(other.error or f"{other.method} refused", self._pair_of.get(other.symbol, ""))

    def _on_status(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take everything out while the venue does not match orders."""
        try:
            statuses = _STATUS.decode(raw)
        except msgspec.DecodeError:
            return self.invalid()
        self._is_online = all(status.system == _ONLINE for status in statuses)
        if self._is_online:
            self.said = ""
            events: list[Event] = []
            for pair, book in list(self._books.items()):  # a crossed one goes
                events += self.booked(pair, book, timestamp=0, received=received)
            return events
        self.said = f"system {statuses[-1].system}"
        return [event for pair in self.pairs for event in self.withdrawn(pair, "maintenance", received)]

    def resync(self, pair: str) -> Sequence[Event]:
        """Subscribe anew: the first message of a subscription is a snapshot."""
        self._books.pop(pair, None)
        return self.asked_again(pair)


def _levels(levels: Iterable[_Level]) -> list[TextLevel]:
    return [text_level(bytes(level.price).decode(), bytes(level.qty).decode()) for level in levels]


def _depth_for(levels: int) -> int:
    """Return the subscribed depth that a snapshot of so many levels can come from."""
    return next((depth for depth in DEPTHS if depth >= levels), levels)


def _checksum(book: Book[TextLevel]) -> int:
    return kraken_checksum(book.asks.best(KRAKEN_LEVELS), book.bids.best(KRAKEN_LEVELS))
