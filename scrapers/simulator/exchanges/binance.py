"""Binance spot: raw and combined streams, best prices, depth differences, trades, and the REST snapshot."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from aiohttp import web

from scrapers.simulator.answers import json_answer

from .book import Change
from .connection import Connection
from .exchange import Exchange, ExchangeBook, Topic, Trade, Update, milliseconds

MOST_LEVELS: Final = 5_000
MOST_STREAMS: Final = 1_024
_CHANNELS: Final = frozenset({"bookTicker", "depth", "trade"})
_METHODS: Final = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS")


class Binance(Exchange):
    """The exchange of `binance_ws` and `binance_rest`."""

    code = "binance"
    endpoint = "binance_ws"
    pings = True
    counts_words = True

    def opened_with(self, connection: Connection, *, streams: Iterable[str], is_combined: bool) -> None:
        """Subscribe to the streams that stand in the address."""
        connection.facts["is_combined"] = is_combined
        connection.listen(*map(self._topic, streams))

    def heard(self, connection: Connection, text: str) -> None:
        """Answer SUBSCRIBE, UNSUBSCRIBE and LIST_SUBSCRIPTIONS; unknown streams are accepted, but quiet."""
        try:
            asked = json.loads(text)
        except ValueError:
            connection.send(_error(3, "Invalid JSON: expected value at line 1 column 1"))
            return
        if not isinstance(asked, dict) or asked.get("method") not in _METHODS:
            connection.send(
                _error(2, "Invalid request: unknown variant, expected one of SUBSCRIBE, UNSUBSCRIBE")
            )
            return
        number, names = asked.get("id"), asked.get("params", [])
        if asked["method"] == "LIST_SUBSCRIPTIONS":
            connection.send(_encode({"result": list(connection.topics), "id": number}))
            return
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            connection.send(_error(2, "Invalid request: params must be an array of strings", number))
            return
        if asked["method"] == "UNSUBSCRIBE":
            for name in names:
                connection.topics.pop(name, None)
        elif not connection.listen(*map(self._topic, names)):
            connection.send(_error(0, "Unknown property", number))
            return
        connection.send(_encode({"result": None, "id": number}))

    def render(self, connection: Connection, topic: Topic, update: Update) -> Iterable[str]:
        """Tell of best prices when they changed, of depth always, of trades when there was one."""
        if topic.channel == "bookTicker" and update.has_new_best:
            yield _wrap(connection, topic, _book_ticker(update.book))
        elif topic.channel == "depth":
            yield _wrap(connection, topic, _depth_update(update))
        elif topic.channel == "trade" and update.trade is not None:
            yield _wrap(connection, topic, _trade(update, update.trade))

    def stranger(self, connection: Connection) -> Iterable[str]:
        """Return best prices of a pair nobody asked for."""
        data = {
            "u": 1,
            "s": "XYZUSDT",
            "b": "1.00000000",
            "B": "9.00000000",
            "a": "1.10000000",
            "A": "9.00000000",
        }
        yield _wrap(connection, Topic("bookTicker", "XYZ/USDT", "xyzusdt@bookTicker"), data)

    def farewell(self, connection: Connection) -> str:
        """Return the `serverShutdown` event; combined connections know it as `!serverShutdown`."""
        event = {"e": "serverShutdown", "E": milliseconds(self.now())}
        if connection.facts.get("is_combined"):
            return _encode({"stream": "!serverShutdown", "data": event})
        return _encode(event)

    def depth(self, request: web.Request) -> web.Response:
        """Answer the REST snapshot of a book; its `lastUpdateId` is the last one the streams told of."""
        book = self.by_native.get(request.query.get("symbol", ""))
        if book is None:
            return json_answer({"code": -1121, "msg": "Invalid symbol."}, status=400)
        limit = request.query.get("limit", "100")
        if not limit.isdecimal() or not int(limit):
            text = f"Illegal characters found in parameter 'limit'; legal range is '1' to '{MOST_LEVELS}'."
            return json_answer({"code": -1100, "msg": text}, status=400)
        levels = min(int(limit), MOST_LEVELS)
        weight = next(cost for most, cost in ((100, 5), (500, 25), (1000, 50), (5000, 250)) if levels <= most)
        return json_answer(
            {
                "lastUpdateId": book.last_id,
                "bids": book.levels(levels, is_bid=True),
                "asks": book.levels(levels, is_bid=False),
            },
            headers={"x-mbx-used-weight-1m": str(weight)},
        )

    def _topic(self, name: str) -> Topic:
        """Return what a stream's name means; one that means nothing gets a topic that stays quiet."""
        native, _, channel = name.partition("@")
        book = self.by_native.get(native.upper())
        channel = channel.removesuffix("@100ms").removesuffix("@1000ms")
        if book is None or channel not in _CHANNELS or native != native.lower():
            return Topic("", "", name)
        return Topic(channel, book.listing.symbol, name)


def _wrap(connection: Connection, topic: Topic, data: Mapping[str, Any]) -> str:
    if connection.facts.get("is_combined"):
        return _encode({"stream": topic.text, "data": data})
    return _encode(data)


def _book_ticker(book: ExchangeBook) -> dict[str, Any]:
    best, listing = book.book.best, book.listing
    return {
        "u": book.last_id, "s": listing.native,
        "b": listing.price_text(best.bid), "B": listing.size_text(best.bid_lots),
        "a": listing.price_text(best.ask), "A": listing.size_text(best.ask_lots),
    }  # fmt: skip


def _depth_update(update: Update) -> dict[str, Any]:
    book = update.book
    return {
        "e": "depthUpdate", "E": milliseconds(update.at), "s": book.listing.native,
        "U": update.first_id, "u": book.last_id,
        "b": _levels(book, update.changes, is_bid=True), "a": _levels(book, update.changes, is_bid=False),
    }  # fmt: skip


def _levels(book: ExchangeBook, changes: Iterable[Change], *, is_bid: bool) -> list[tuple[str, str]]:
    listing = book.listing
    return [
        (listing.price_text(one.ticks), listing.size_text(one.lots))
        for one in changes
        if one.is_bid is is_bid
    ]


def _trade(update: Update, trade: Trade) -> dict[str, Any]:
    listing, at = update.book.listing, milliseconds(update.at)
    return {
        "e": "trade", "E": at, "s": listing.native, "t": trade.number, "p": listing.price_text(trade.ticks),
        "q": listing.size_text(trade.lots), "T": at, "m": not trade.is_buy, "M": True,
    }  # fmt: skip


def _error(code: int, text: str, number: object = None) -> str:
    return _encode({"error": {"code": code, "msg": text}, "id": number})


def _encode(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
