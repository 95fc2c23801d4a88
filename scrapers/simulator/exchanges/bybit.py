"""Bybit v5 spot: books of 1, 50, 200 or 1,000 levels with their counters, tickers, trades, JSON pings."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from .connection import Connection
from .exchange import Exchange, ExchangeBook, Topic, Trade, Update, milliseconds

DEPTHS: Final = ("1", "50", "200", "1000")
MOST_ARGUMENTS: Final = 10
_CONNECTION: Final = "cejreaspqfm9se7usbrg-2xh"


class Bybit(Exchange):
    """The exchange of `bybit_ws`."""

    code = "bybit"
    endpoint = "bybit_ws"
    wants_words = True

    def heard(self, connection: Connection, text: str) -> None:
        """Answer `ping`, `subscribe` and `unsubscribe`; one bad topic refuses the whole message."""
        try:
            asked = json.loads(text)
        except ValueError:
            asked = None
        operation = asked.get("op") if isinstance(asked, dict) else None
        if operation == "ping":
            if not connection.is_deaf:
                connection.send(_answer(asked, success=True, text="pong"))
            return
        arguments = asked.get("args") if isinstance(asked, dict) else None
        if operation not in ("subscribe", "unsubscribe") or not isinstance(arguments, list):
            connection.send(_answer(asked, success=False, text="error:op or args is missing"))
            return
        if len(arguments) > MOST_ARGUMENTS:
            connection.send(_answer(asked, success=False, text="args size >10"))
            return
        topics = [self._topic(str(name)) for name in arguments]
        unknown = [str(name) for name, topic in zip(arguments, topics, strict=True) if topic is None]
        if unknown:
            connection.send(_answer(asked, success=False, text=f"Invalid topic: {unknown[0]}"))
            return
        self._change(connection, asked, [topic for topic in topics if topic is not None])

    def render(self, connection: Connection, topic: Topic, update: Update) -> Iterable[str]:
        """Tell of book changes within the depth, of tickers at new best prices, of trades."""
        book = update.book
        if topic.channel == "orderbook":
            yield self._change_of(topic, update)
        elif topic.channel == "tickers" and (update.has_new_best or update.trade):
            yield _wrap(topic, "snapshot", milliseconds(update.at), _ticker(book), cs=book.last_id)
        elif topic.channel == "publicTrade" and update.trade is not None:
            yield _wrap(topic, "snapshot", milliseconds(update.at), [_trade(update, update.trade)])

    def stranger(self, connection: Connection) -> Iterable[str]:
        """Return a book of a pair nobody asked for."""
        topic = Topic("orderbook", "XYZ/USDT", "orderbook.1.XYZUSDT", 1)
        data = {"s": "XYZUSDT", "b": [["1.00", "9"]], "a": [["1.10", "9"]], "u": 1, "seq": 1}
        yield _wrap(topic, "snapshot", milliseconds(self.now()), data)

    def _topic(self, name: str) -> Topic | None:
        parts = name.split(".")
        book = self.by_native.get(parts[-1])
        if book is None:
            return None
        if len(parts) == 3 and parts[0] == "orderbook" and parts[1] in DEPTHS:
            return Topic("orderbook", book.listing.symbol, name, int(parts[1]))
        if len(parts) == 2 and parts[0] in ("tickers", "publicTrade"):
            return Topic(parts[0], book.listing.symbol, name)
        return None

    def _change(self, connection: Connection, asked: Mapping[str, Any], topics: list[Topic]) -> None:
        if asked["op"] == "unsubscribe":
            for topic in topics:
                connection.topics.pop(topic.text, None)
            connection.send(_answer(asked, success=True, text=""))
            return
        if not connection.listen(*topics):
            connection.send(_answer(asked, success=False, text="error:request too frequent"))
            return
        connection.send(_answer(asked, success=True, text=""))
        for topic in topics:
            book, at = self.books[topic.symbol], milliseconds(self.now())
            if topic.channel == "orderbook":
                connection.send_data(topic.symbol, self._snapshot(topic, book, at))
            elif topic.channel == "tickers":
                connection.send_data(
                    topic.symbol, _wrap(topic, "snapshot", at, _ticker(book), cs=book.last_id)
                )

    def _snapshot(self, topic: Topic, book: ExchangeBook, at: int) -> str:
        data = {
            "s": book.listing.native, "b": book.levels(topic.depth, is_bid=True),
            "a": book.levels(topic.depth, is_bid=False), "u": book.ticks, "seq": book.sequence,
        }  # fmt: skip
        return _wrap(topic, "snapshot", at, data, cts=at)

    def _change_of(self, topic: Topic, update: Update) -> str:
        """Return what changed; a topic of one level repeats it whole instead."""
        book, listing, at = update.book, update.book.listing, milliseconds(update.at)
        if topic.depth == 1:
            return self._snapshot(topic, book, at)
        sides: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
        for one in update.within(topic.depth, tells_pushed_out=True):
            size = listing.size_text(one.lots) if one.lots else "0"
            sides[one.is_bid].append((listing.price_text(one.ticks), size))
        data = {
            "s": listing.native, "b": sides[True], "a": sides[False], "u": book.ticks, "seq": book.sequence,
        }  # fmt: skip
        return _wrap(topic, "delta", at, data, cts=at)


def _wrap(topic: Topic, kind: str, at: int, data: object, **more: int) -> str:
    return _encode({"topic": topic.text, "type": kind, "ts": at, "data": data, **more})


def _ticker(book: ExchangeBook) -> dict[str, str]:
    listing, trade = book.listing, book.trade
    last = listing.price_text(trade.ticks if trade else book.book.best.bid)
    return {
        "symbol": listing.native, "lastPrice": last, "highPrice24h": last, "lowPrice24h": last,
        "prevPrice24h": last, "volume24h": "4192.5", "turnover24h": "404576250", "price24hPcnt": "0",
        "usdIndexPrice": "",
    }  # fmt: skip


def _trade(update: Update, trade: Trade) -> dict[str, Any]:
    listing = update.book.listing
    return {
        "T": milliseconds(update.at), "s": listing.native, "S": "Buy" if trade.is_buy else "Sell",
        "v": listing.size_text(trade.lots), "p": listing.price_text(trade.ticks),
        "i": f"00000000-0000-4000-8000-{trade.number:012d}", "BT": False,
    }  # fmt: skip


def _answer(asked: object, *, success: bool, text: str) -> str:
    request = asked if isinstance(asked, dict) else {}
    number = {"req_id": str(request["req_id"])} if "req_id" in request else {}
    operation = str(request.get("op", ""))
    return _encode({"success": success, "ret_msg": text, "conn_id": _CONNECTION, **number, "op": operation})


def _encode(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
