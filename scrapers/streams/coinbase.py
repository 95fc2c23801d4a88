"""Coinbase Exchange: `ticker` for the best bid and ask, or the `level2_batch` book; heartbeats beside them.

A ticker is sent with each match only, so a quiet market looks alive and its quote grows old: it is never
confirmed by silence. The heartbeat names the last match; a quote that did not see it is taken out.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

import msgspec

from quant.spreads.messages import Quote

from .adapter import BaseAdapter, milliseconds
from .books import Book
from .protocol import NOTHING, Counts, Event


class _Ticker(msgspec.Struct, tag="ticker", gc=False):
    product_id: str
    price: float
    best_bid: float
    best_ask: float
    sequence: int = -1
    best_bid_size: float = 0.0
    best_ask_size: float = 0.0
    last_size: float = 0.0
    trade_id: int = 0
    time: datetime | None = None


class _Heartbeat(msgspec.Struct, tag="heartbeat", gc=False):
    product_id: str
    last_trade_id: int = 0


class _Snapshot(msgspec.Struct, tag="snapshot", gc=False):
    product_id: str
    bids: list[tuple[float, float]]
    asks: list[tuple[float, float]]


class _Update(msgspec.Struct, tag="l2update", gc=False):
    product_id: str
    changes: list[tuple[str, float, float]]
    time: datetime | None = None


class _Subscriptions(msgspec.Struct, tag="subscriptions", gc=False):
    """What is subscribed now."""


class _Error(msgspec.Struct, tag="error", gc=False):
    message: str = ""
    reason: str = ""


class _Typed(msgspec.Struct, gc=False):
    type: str = ""


_MESSAGE: Final = msgspec.json.Decoder(
    _Ticker | _Heartbeat | _Snapshot | _Update | _Subscriptions | _Error, strict=False
)
_TYPED: Final = msgspec.json.Decoder(_Typed)
_KNOWN: Final = frozenset({"ticker", "heartbeat", "snapshot", "l2update", "subscriptions", "error"})


class CoinbaseStream(BaseAdapter):
    """One connection to Coinbase Exchange.

    Args:
        pairs: what to watch.
        counts: goes on counting for a former connection's.
        has_books: the whole book instead of the ticker.
    """

    exchange: ClassVar[str] = "coinbase"
    path: ClassVar[str] = "/"
    sends_per_second: ClassVar[float] = 20.0

    def __init__(
        self, pairs: Sequence[str], counts: Counts | None = None, *, has_books: bool = False
    ) -> None:
        super().__init__(pairs, counts)
        self._has_books = self.is_complete = has_books
        self._sequences: dict[str, int] = {}
        self._trades: dict[str, int] = {}
        self._unseen: dict[str, int] = {}
        self._books: dict[str, Book[tuple[float, float]]] = {}

    def wire_name(self, pair: str) -> str:
        """Return `BTC-USD` for `BTC/USD`."""
        return pair.replace("/", "-")

    def subscriptions(self) -> Sequence[str]:
        """Return one request for each product: a wrong one would take the others of its request along."""
        return [self.request("subscribe", name) for name in self._pair_of]

    def request(self, verb: str, name: str) -> str:
        """Return a message about one product."""
        channels = ["level2_batch" if self._has_books else "ticker", "heartbeat"]
        return json.dumps({"type": verb, "product_ids": [name], "channels": channels})

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame."""
        try:
            message = _MESSAGE.decode(raw)
        except msgspec.DecodeError:
            return self._unreadable(raw)
        if isinstance(message, _Subscriptions):
            return NOTHING
        if isinstance(message, _Error):
            return self.refused(f"{message.message}: {message.reason}")
        pair = self._pair_of.get(message.product_id)
        return self.unknown() if pair is None else self._on(pair, message, received)

    def _on(
        self, pair: str, message: _Ticker | _Heartbeat | _Snapshot | _Update, received: int
    ) -> Sequence[Event]:
        is_book = isinstance(message, _Snapshot | _Update)
        if is_book != self._has_books:  # heartbeats and tickers say nothing about a book, nor it about them
            return self.unknown() if is_book else NOTHING
        if isinstance(message, _Ticker):
            return self._on_ticker(pair, message, received)
        if isinstance(message, _Heartbeat):
            return self._on_heartbeat(pair, message, received)
        return self._on_book(pair, message, received)

    def _unreadable(self, raw: bytes) -> Sequence[Event]:
        try:
            is_known = _TYPED.decode(raw).type in _KNOWN
        except msgspec.DecodeError:
            is_known = True
        return self.invalid() if is_known else self.unknown()

    def _on_ticker(self, pair: str, ticker: _Ticker, received: int) -> Sequence[Event]:
        if 0 <= ticker.sequence <= self._sequences.get(pair, -1):
            self.counts.repeated += 1
            return NOTHING
        self._sequences[pair] = ticker.sequence
        self._trades[pair] = ticker.trade_id
        self._unseen.pop(pair, None)
        return self.judged(
            Quote(
                "coinbase", pair, ticker.price, ticker.last_size, milliseconds(ticker.time), ticker.best_bid,
                ticker.best_ask, ticker.best_bid_size, ticker.best_ask_size, received,
            )
        )  # fmt: skip

    def _on_heartbeat(self, pair: str, heartbeat: _Heartbeat, received: int) -> Sequence[Event]:
        """Take the quote out when a match before the last heartbeat still has not shown up in a ticker."""
        known = self._trades.get(pair, 0)
        if not known or heartbeat.last_trade_id <= known:
            return NOTHING
        missed = self._unseen.get(pair)
        self._unseen[pair] = missed or heartbeat.last_trade_id
        if missed is None or missed <= known or pair not in self.latest:
            return NOTHING
        self.counts.gaps += 1
        return self.lost(pair, "gap", received)

    def _on_book(self, pair: str, message: _Snapshot | _Update, received: int) -> Sequence[Event]:
        book = Book() if isinstance(message, _Snapshot) else self._books.get(pair)
        if book is None:  # on its way out: its snapshot was asked for
            return NOTHING
        try:
            if isinstance(message, _Snapshot):
                book.replace(message.bids, message.asks)
                self._books[pair], time = book, None
            else:
                book.apply(_side("buy", message), _side("sell", message))
                time = message.time
        except ValueError:
            return self.unreadable(pair, received)
        return self.booked(pair, book, timestamp=milliseconds(time), received=received)

    def resync(self, pair: str) -> Sequence[Event]:
        """Ask for the book anew; a ticker is whole by itself."""
        if not self._has_books:
            return NOTHING
        self._books.pop(pair, None)
        return self.asked_again(pair)


def _side(side: str, update: _Update) -> list[tuple[float, float]]:
    return [(price, size) for one, price, size in update.changes if one == side]
