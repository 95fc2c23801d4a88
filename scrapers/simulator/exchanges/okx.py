"""OKX v5: books with sequence numbers and checksums, best bid and ask, tickers; pings are plain texts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from .checksums import okx_checksum
from .connection import Connection
from .exchange import Exchange, ExchangeBook, Topic, Trade, Update, milliseconds

_CHANNELS: Final = frozenset({"books", "books5", "bbo-tbt", "tickers", "trades"})
_BOOK_LEVELS: Final = 400
_CHECKED_LEVELS: Final = 25
_CONNECTION: Final = "a4d3ae55"


class Okx(Exchange):
    """The exchange of `okx_ws`."""

    code = "okx"
    endpoint = "okx_ws"
    wants_words = True
    impatient_code = 4004

    def heard(self, connection: Connection, text: str) -> None:
        """Answer the text `ping`, `subscribe` and `unsubscribe`; each channel is answered on its own."""
        if text == "ping":
            if not connection.is_deaf:
                connection.send("pong")
            return
        try:
            asked = json.loads(text)
        except ValueError:
            asked = None
        operation = asked.get("op") if isinstance(asked, dict) else None
        if operation not in ("subscribe", "unsubscribe") or not isinstance(asked.get("args"), list):
            connection.send(_error("60012", f"Illegal request: {text[:200]}"))
            return
        for argument in asked["args"]:
            self._answer_one(connection, operation, argument)

    def render(self, connection: Connection, topic: Topic, update: Update) -> Iterable[str]:
        """Tell of book changes, of new best prices, of tickers and trades."""
        book, argument = update.book, {"channel": topic.channel, "instId": update.book.listing.native}
        if topic.channel == "books":
            yield _encode({"arg": argument, "action": "update", "data": [_difference(update)]})
        elif topic.channel == "books5":
            row = {
                **_sides(book, 5),
                "instId": book.listing.native,
                "ts": _stamp(update),
                "seqId": book.last_id,
            }
            yield _encode({"arg": argument, "data": [row]})
        elif topic.channel == "bbo-tbt" and update.has_new_best:
            row = {**_sides(book, 1), "ts": _stamp(update), "seqId": book.last_id}
            yield _encode({"arg": argument, "data": [row]})
        elif topic.channel == "tickers" and (update.has_new_best or update.trade):
            yield _encode({"arg": argument, "data": [_ticker(book, _stamp(update))]})
        elif topic.channel == "trades" and update.trade is not None:
            yield _encode({"arg": argument, "data": [_trade(update, update.trade)]})

    def stranger(self, connection: Connection) -> Iterable[str]:
        """Return best prices of a pair nobody asked for."""
        row = {
            "asks": [["1.1", "9", "0", "1"]], "bids": [["1", "9", "0", "1"]],
            "ts": str(milliseconds(self.now())), "seqId": 1,
        }  # fmt: skip
        yield _encode({"arg": {"channel": "bbo-tbt", "instId": "XYZ-USDT"}, "data": [row]})

    def farewell(self, connection: Connection) -> str:
        """Return the notice of a service upgrade."""
        text = "The connection will soon be closed for a service upgrade. Please reconnect."
        return _encode({"event": "notice", "code": "64008", "msg": text, "connId": _CONNECTION})

    def _answer_one(self, connection: Connection, operation: str, argument: object) -> None:
        wanted = argument if isinstance(argument, dict) else {}
        channel, native = str(wanted.get("channel", "")), str(wanted.get("instId", ""))
        book = self.by_native.get(native)
        if book is None or channel not in _CHANNELS:
            text = f"Wrong URL or channel:{channel},instId:{native} doesn't exist."
            connection.send(_error("60018", f"{text} Please use the correct URL, channel and parameters."))
            return
        topic = Topic(channel, book.listing.symbol, f"{channel}:{native}")
        if operation == "unsubscribe":
            connection.topics.pop(topic.text, None)
        elif not connection.listen(topic):
            connection.send(_error("60014", "Requests too frequent. Please retry later."))
            return
        arg = {"channel": channel, "instId": native}
        connection.send(_encode({"event": operation, "arg": arg, "connId": _CONNECTION}))
        if operation == "subscribe":
            for message in self._opening(topic, arg):
                connection.send_data(topic.symbol, message)

    def _opening(self, topic: Topic, argument: Mapping[str, str]) -> Iterable[str]:
        book, at = self.books[topic.symbol], str(milliseconds(self.now()))
        if topic.channel == "books":
            row = {
                **_sides(book, _BOOK_LEVELS), "ts": at, "checksum": _checksum(book), "prevSeqId": -1,
                "seqId": book.last_id,
            }  # fmt: skip
            yield _encode({"arg": argument, "action": "snapshot", "data": [row]})
        elif topic.channel in ("books5", "bbo-tbt"):
            row = {**_sides(book, 5 if topic.channel == "books5" else 1), "ts": at, "seqId": book.last_id}
            yield _encode({"arg": argument, "data": [row]})
        elif topic.channel == "tickers":
            yield _encode({"arg": argument, "data": [_ticker(book, at)]})


def _sides(book: ExchangeBook, depth: int) -> dict[str, Any]:
    return {
        "asks": [_level(*level) for level in book.levels(depth, is_bid=False)],
        "bids": [_level(*level) for level in book.levels(depth, is_bid=True)],
    }


def _level(price: str, size: str) -> tuple[str, str, str, str]:
    """Return a level with its two further members: always 0, and the number of orders."""
    return price, size, "0", "0" if size == "0" else "1"


def _difference(update: Update) -> dict[str, Any]:
    book = update.book
    listing = book.listing
    sides: dict[bool, list[tuple[str, str, str, str]]] = {True: [], False: []}
    for one in update.changes:
        sides[one.is_bid].append(_level(listing.price_text(one.ticks), listing.size_text(one.lots)))
    return {
        "asks": sides[False], "bids": sides[True], "ts": _stamp(update), "checksum": _checksum(book),
        "prevSeqId": update.previous_id, "seqId": book.last_id,
    }  # fmt: skip


def _checksum(book: ExchangeBook) -> int:
    return okx_checksum(book.levels(_CHECKED_LEVELS, is_bid=True), book.levels(_CHECKED_LEVELS, is_bid=False))


def _ticker(book: ExchangeBook, at: str) -> dict[str, str]:
    best, listing, trade = book.book.best, book.listing, book.trade
    last = listing.price_text(trade.ticks if trade else best.bid)
    return {
        "instType": "SPOT", "instId": listing.native, "last": last,
        "lastSz": listing.size_text(trade.lots if trade else 1),
        "askPx": listing.price_text(best.ask), "askSz": listing.size_text(best.ask_lots),
        "bidPx": listing.price_text(best.bid), "bidSz": listing.size_text(best.bid_lots),
        "open24h": last, "high24h": last, "low24h": last, "volCcy24h": "525802090.6", "vol24h": "17602.1",
        "sodUtc0": last, "sodUtc8": last, "ts": at,
    }  # fmt: skip


def _trade(update: Update, trade: Trade) -> dict[str, str]:
    listing = update.book.listing
    return {
        "instId": listing.native, "tradeId": str(trade.number), "px": listing.price_text(trade.ticks),
        "sz": listing.size_text(trade.lots), "side": "buy" if trade.is_buy else "sell", "ts": _stamp(update),
        "count": "1",
    }  # fmt: skip


def _stamp(update: Update) -> str:
    return str(milliseconds(update.at))


def _error(code: str, text: str) -> str:
    return _encode({"event": "error", "code": code, "msg": text, "connId": _CONNECTION})


def _encode(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
