"""Kraken v2: books with checksums, tickers, trades; prices and sizes are numbers with all their zeros."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from .book import Change
from .checksums import kraken_checksum
from .connection import Connection
from .exchange import Exchange, ExchangeBook, Topic, Trade, Update, iso_micros

DEPTHS: Final = (10, 25, 100, 500, 1000)
_CHANNELS: Final = frozenset({"book", "ticker", "trade"})


class Kraken(Exchange):
    """The exchange of `kraken_ws`."""

    code = "kraken"
    endpoint = "kraken_ws"

    def greet(self, connection: Connection) -> None:
        """Say that the exchange is open, as the first message."""
        connection.send(_status("online"))

    def farewell(self, connection: Connection) -> str:
        """Return the status of maintenance."""
        return _status("maintenance")

    def heard(self, connection: Connection, text: str) -> None:
        """Answer `ping`, `subscribe` and `unsubscribe`; each pair is answered on its own."""
        try:
            asked = json.loads(text)
        except ValueError:
            connection.send(self._refusal("Malformed request", {}))
            return
        method = asked.get("method") if isinstance(asked, dict) else None
        if method == "ping":
            connection.send(self._answer({"method": "pong"}, asked))
        elif method in ("subscribe", "unsubscribe") and isinstance(asked.get("params"), dict):
            self._subscribe(connection, method, asked)
        else:
            connection.send(self._refusal("Unsupported method", asked if isinstance(asked, dict) else {}))

    def render(self, connection: Connection, topic: Topic, update: Update) -> Iterable[str]:
        """Tell of book changes within the depth, of tickers at new best prices, of trades."""
        if topic.channel == "book":
            changes = update.within(topic.depth, tells_pushed_out=False)
            if changes:
                yield _book(update.book, topic.depth, changes, at=iso_micros(update.at))
        elif topic.channel == "ticker" and (update.has_new_best or update.trade):
            yield _ticker(update.book, "update", at=iso_micros(update.at))
        elif topic.channel == "trade" and update.trade is not None:
            yield _trade(update, update.trade)

    def beat(self, connection: Connection) -> None:
        """Send a heartbeat to everybody who listens to anything."""
        if connection.topics:
            connection.send('{"channel":"heartbeat"}')

    def stranger(self, connection: Connection) -> Iterable[str]:
        """Return a ticker of a pair nobody asked for."""
        row = {
            "symbol": "XYZ/USD", "bid": 1.0, "bid_qty": 9.0, "ask": 1.1, "ask_qty": 9.0, "last": 1.05,
            "volume": 1.0, "vwap": 1.0, "low": 1.0, "high": 1.1, "change": 0.0, "change_pct": 0.0,
        }  # fmt: skip
        yield _encode({"channel": "ticker", "type": "update", "data": [row]})

    def _subscribe(self, connection: Connection, method: str, asked: Mapping[str, Any]) -> None:
        params = asked["params"]
        channel, symbols = params.get("channel"), params.get("symbol")
        depth = params.get("depth", 10)
        if channel not in _CHANNELS:
            connection.send(self._refusal("Channel not found", asked))
            return
        if not isinstance(symbols, list) or not symbols:
            connection.send(self._refusal("Symbol(s) not found", asked))
            return
        if channel == "book" and depth not in DEPTHS:
            connection.send(self._refusal("Depth not supported", asked))
            return
        for symbol in symbols:
            self._answer_pair(
                connection, method, asked, Topic(channel, str(symbol), f"{channel}:{symbol}", depth)
            )

    def _answer_pair(
        self, connection: Connection, method: str, asked: Mapping[str, Any], topic: Topic
    ) -> None:
        if topic.symbol not in self.books:
            text = f"Currency pair not supported {topic.symbol}"
            connection.send(self._refusal(text, asked, symbol=topic.symbol))
            return
        if method == "unsubscribe":
            connection.topics.pop(topic.text, None)
        elif topic.text in connection.topics:
            connection.send(self._refusal("Already subscribed", asked, symbol=topic.symbol))
            return
        elif not connection.listen(topic):
            connection.send(self._refusal("Exceeded msg rate", asked, symbol=topic.symbol))
            return
        result: dict[str, Any] = {"channel": topic.channel, "symbol": topic.symbol}
        if topic.channel == "book":
            result["depth"] = topic.depth
        if method == "subscribe":
            result["snapshot"] = True
        connection.send(self._answer({"method": method, "result": result, "success": True}, asked))
        if method == "subscribe":
            for message in self._opening(topic):
                connection.send_data(topic.symbol, message)

    def _opening(self, topic: Topic) -> Iterable[str]:
        book, at = self.books[topic.symbol], iso_micros(self.now())
        if topic.channel == "book":
            yield _book(book, topic.depth, None, at=at)
        elif topic.channel == "ticker":
            yield _ticker(book, "snapshot", at=at)

    def _answer(self, answer: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
        at = iso_micros(self.now())
        number = {"req_id": asked["req_id"]} if "req_id" in asked else {}
        return _encode({**answer, **number, "time_in": at, "time_out": at})

    def _refusal(self, text: str, asked: Mapping[str, Any], **more: str) -> str:
        method = asked.get("method", "subscribe")
        return self._answer({"error": text, "method": method, "success": False, **more}, asked)


def _book(book: ExchangeBook, depth: int, changes: list[Change] | None, *, at: str) -> str:
    """Return a snapshot (no changes given) or an update, with the checksum of the ten best levels."""
    bids, asks = book.levels(depth, is_bid=True), book.levels(depth, is_bid=False)
    checksum = kraken_checksum(bids, asks)
    if changes is not None:
        listing = book.listing
        bids, asks = (
            [
                (listing.price_text(one.ticks), listing.size_text(one.lots))
                for one in changes
                if one.is_bid is is_bid
            ]
            for is_bid in (True, False)
        )
    row = {
        "symbol": book.listing.symbol, "bids": _levels(bids), "asks": _levels(asks), "checksum": checksum,
        "timestamp": at,
    }  # fmt: skip
    return _encode({"channel": "book", "type": "snapshot" if changes is None else "update", "data": [row]})


def _levels(levels: Iterable[tuple[str, str]]) -> list[dict[str, msgspec.Raw]]:
    return [{"price": _number(price), "qty": _number(size)} for price, size in levels]


def _ticker(book: ExchangeBook, kind: str, *, at: str) -> str:
    best, listing, trade = book.book.best, book.listing, book.trade
    last = _number(listing.price_text(trade.ticks if trade else best.bid))
    row = {
        "symbol": listing.symbol,
        "bid": _number(listing.price_text(best.bid)), "bid_qty": _number(listing.size_text(best.bid_lots)),
        "ask": _number(listing.price_text(best.ask)), "ask_qty": _number(listing.size_text(best.ask_lots)),
        "last": last, "volume": 163.28908096, "vwap": last, "low": last, "high": last, "change": 0.0,
        "change_pct": 0.0, "timestamp": at,
    }  # fmt: skip
    return _encode({"channel": "ticker", "type": kind, "data": [row]})


def _trade(update: Update, trade: Trade) -> str:
    listing = update.book.listing
    row = {
        "symbol": listing.symbol, "side": "buy" if trade.is_buy else "sell",
        "price": _number(listing.price_text(trade.ticks)), "qty": _number(listing.size_text(trade.lots)),
        "ord_type": "market", "trade_id": trade.number, "timestamp": iso_micros(update.at),
    }  # fmt: skip
    return _encode({"channel": "trade", "type": "update", "data": [row]})


def _status(system: str) -> str:
    row = {"version": "2.0.10", "system": system, "api_version": "v2", "connection_id": 12723953915850338}
    return _encode({"channel": "status", "type": "update", "data": [row]})


def _number(text: str) -> msgspec.Raw:
    """Return a JSON number with exactly these digits."""
    return msgspec.Raw(text.encode())


def _encode(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
