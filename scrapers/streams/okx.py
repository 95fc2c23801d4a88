"""OKX v5: the `books` channel, chained by sequence numbers and, where it is sent, proven by a CRC32."""

import json
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

import msgspec

from .adapter import BaseAdapter
from .books import Book
from .checksums import OKX_LEVELS, TextLevel, okx_checksum, text_level
from .protocol import NOTHING, Counts, Event, Leave

_PONG: Final = b"pong"


class _Level(msgspec.Struct, array_like=True, gc=False):
    """Price and size; a retired field and the number of orders follow."""

    price: str
    size: str


class _Book(msgspec.Struct, gc=False):
    bids: list[_Level]
    asks: list[_Level]
    ts: int = 0
    checksum: int | None = None
    sequence: int | None = msgspec.field(name="seqId", default=None)
    predecessor: int | None = msgspec.field(name="prevSeqId", default=None)


class _Argument(msgspec.Struct, gc=False):
    channel: str = ""
    name: str = msgspec.field(name="instId", default="")


class _Books(msgspec.Struct, gc=False):
    arg: _Argument
    action: str
    data: list[_Book]


class _Other(msgspec.Struct, gc=False):
    event: str = ""
    arg: _Argument = msgspec.field(default_factory=_Argument)
    code: str = ""
    msg: str = ""


_BOOKS: Final = msgspec.json.Decoder(_Books, strict=False)
_OTHER: Final = msgspec.json.Decoder(_Other)


class OkxStream(BaseAdapter):
    """One connection to OKX's public stream."""

    exchange: ClassVar[str] = "okx"
    path: ClassVar[str] = "/ws/v5/public"
    keepalive_seconds: ClassVar[float] = 20.0  # the venue hangs up after 30 s without a word
    ping_text: ClassVar[str] = "ping"

    def __init__(self, pairs: Sequence[str], counts: Counts | None = None) -> None:
        super().__init__(pairs, counts)
        self._books: dict[str, Book[TextLevel]] = {}
        self._last: dict[str, int] = {}

    def wire_name(self, pair: str) -> str:
        """Return `BTC-USDT` for `BTC/USDT`."""
        return pair.replace("/", "-")

    def subscriptions(self) -> Sequence[str]:
        """Return one request for each pair, so that one the venue lacks costs the others nothing."""
        return [self.request("subscribe", name) for name in self._pair_of]

    def request(self, verb: str, name: str) -> str:
        """Return a message about one pair."""
        return json.dumps({"op": verb, "args": [{"channel": "books", "instId": name}]})

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame."""
        if raw == _PONG:
            return NOTHING
        try:
            message = _BOOKS.decode(raw)
        except msgspec.DecodeError:
            return self._other(raw)
        pair = self._pair_of.get(message.arg.name)
        if pair is None or message.arg.channel != "books":
            return self.unknown()
        events: list[Event] = []
        for data in message.data:
            events += self._on_book(pair, message.action == "snapshot", data, received)
        return events

    def _on_book(self, pair: str, is_snapshot: bool, data: _Book, received: int) -> Sequence[Event]:
        try:
            return self._apply(pair, is_snapshot, data, received)
        except ValueError:
            return self.unreadable(pair, received)

    def _apply(self, pair: str, is_snapshot: bool, data: _Book, received: int) -> Sequence[Event]:
        bids, asks = _levels(data.bids), _levels(data.asks)
        if is_snapshot:
            book = self._books[pair] = Book()
            book.replace(bids, asks)
            self._last.pop(pair, None)
        else:
            known = self._books.get(pair)
            if known is None:  # on its way out: its snapshot was asked for
                return NOTHING
            if not self._follows(pair, data):
                return self._out_of_order(pair, data, received)
            book = known
            book.apply(bids, asks)
        if data.sequence is not None:
            self._last[pair] = data.sequence
        if data.checksum:  # a venue that stopped computing it leaves it out or sends 0
            if data.checksum != _checksum(book):
                self.counts.checksums += 1
                return self.lost(pair, "checksum", received)
            self.counts.proven += 1
        return self.booked(pair, book, timestamp=data.ts, received=received)

    def _follows(self, pair: str, data: _Book) -> bool:
        """Tell whether an update follows the last message; without sequence numbers the checksum decides."""
        last = self._last.get(pair)
        return last is None or data.predecessor in (None, last)

    def _out_of_order(self, pair: str, data: _Book, received: int) -> Sequence[Event]:
        """Drop the very message again; anything else out of order is a gap.

        A sequence may start again at a lower number (maintenance), but its first message still names the
        last one as its predecessor, so only equality says anything.
        """
        if data.sequence == self._last.get(pair):
            self.counts.repeated += 1
            return NOTHING
        self.counts.gaps += 1
        return self.lost(pair, "gap", received)

    def _other(self, raw: bytes) -> Sequence[Event]:
        try:
            other = _OTHER.decode(raw)
        except msgspec.DecodeError:
            return self.invalid()
        if other.event == "error":
            return self.refused(f"{other.code} {other.msg}", self._pair_named_in(other.msg))
        if other.event == "notice":  # the venue restarts this connection within a minute
            self.said = other.msg
            return (Leave("notice", is_planned=True),)
        if other.event:
            return NOTHING
        return self.invalid() if other.arg.channel == "books" else self.unknown()

    def _pair_named_in(self, text: str) -> str:
        return next((pair for name, pair in self._pair_of.items() if name in text), "")

    def resync(self, pair: str) -> Sequence[Event]:
        """Subscribe anew: the first message of a subscription is a snapshot."""
        self._books.pop(pair, None)
        return self.asked_again(pair)


def _levels(levels: Iterable[_Level]) -> list[TextLevel]:
    return [text_level(level.price, level.size) for level in levels]


def _checksum(book: Book[TextLevel]) -> int:
    return okx_checksum(book.asks.best(OKX_LEVELS), book.bids.best(OKX_LEVELS))
