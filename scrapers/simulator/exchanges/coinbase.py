"""Coinbase Exchange: tickers at trades, batched level 2, heartbeats; subscribe within five seconds."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from .connection import Connection
from .exchange import Exchange, ExchangeBook, Topic, Trade, Update, iso_micros

_CHANNELS: Final = frozenset({"ticker", "ticker_batch", "level2_batch", "heartbeat", "matches"})
_SNAPSHOT_LEVELS: Final = 10_000


class Coinbase(Exchange):
    """The exchange of `coinbase_ws`."""

    code = "coinbase"
    endpoint = "coinbase_ws"
    insists_on_subscription = True

    def heard(self, connection: Connection, text: str) -> None:
        """Answer `subscribe` and `unsubscribe` with the list of what the client listens to."""
        try:
            asked = json.loads(text)
        except ValueError:
            connection.send(_error("Malformed JSON", ""))
            return
        kind = asked.get("type") if isinstance(asked, dict) else None
        if kind not in ("subscribe", "unsubscribe"):
            connection.send(_error("Type has to be either subscribe or unsubscribe", ""))
            return
        pairs, reason = self._pairs(asked)
        if reason:
            connection.send(_error("Failed to subscribe", reason))
            return
        if kind == "unsubscribe":
            for channel, product in pairs:
                connection.topics.pop(f"{channel}:{product}", None)
            connection.send(_subscriptions(connection))
            return
        topics = [
            Topic(channel, self.by_native[product].listing.symbol, f"{channel}:{product}")
            for channel, product in pairs
        ]
        if not connection.listen(*topics):
            connection.send(_error("Failed to subscribe", "rate limit exceeded"))
            return
        connection.send(_subscriptions(connection))
        for topic in topics:
            for message in self._opening(topic):
                connection.send_data(topic.symbol, message)

    def render(self, connection: Connection, topic: Topic, update: Update) -> Iterable[str]:
        """Tell of level 2 always, of ticker and match only when there was a trade."""
        if topic.channel == "level2_batch" and update.changes:
            yield _l2update(update)
        elif topic.channel in ("ticker", "ticker_batch") and update.trade is not None:
            yield _ticker(update.book, at=iso_micros(update.at), kind="ticker")
        elif topic.channel == "matches" and update.trade is not None:
            yield _match(update, update.trade)

    def beat(self, connection: Connection) -> None:
        """Send the heartbeat of each pair that asked for it."""
        for topic in connection.topics.values():
            if topic.channel == "heartbeat":
                book = self.books[topic.symbol]
                beat = {
                    "type": "heartbeat", "last_trade_id": book.trades, "product_id": book.listing.native,
                    "sequence": book.sequence, "time": iso_micros(self.now()),
                }  # fmt: skip
                connection.send_data(topic.symbol, _encode(beat))

    def stranger(self, connection: Connection) -> Iterable[str]:
        """Return a ticker of a pair nobody asked for."""
        yield _encode(
            {
                "type": "ticker", "sequence": 1, "product_id": "XYZ-USD", "price": "1.05", "best_bid": "1",
                "best_bid_size": "9", "best_ask": "1.1", "best_ask_size": "9", "side": "buy",
                "time": iso_micros(self.now()), "trade_id": 1, "last_size": "1",
            }
        )  # fmt: skip

    def _pairs(self, asked: Mapping[str, Any]) -> tuple[list[tuple[str, str]], str]:
        """Return channels with their products, or why they cannot be had."""
        common, pairs = asked.get("product_ids") or [], []
        for channel in asked.get("channels") or []:
            name = channel.get("name") if isinstance(channel, dict) else channel
            products = (channel.get("product_ids") if isinstance(channel, dict) else None) or common
            if name in ("level2", "full", "user"):
                return [], f"{name} requires authentication"
            if name not in _CHANNELS:
                return [], f"{name} is not a valid channel"
            for product in products:
                if product not in self.by_native:
                    return [], f"{product} is not a valid product"
                pairs.append((str(name), str(product)))
        return pairs, "" if pairs else "No channels or product IDs provided"

    def _opening(self, topic: Topic) -> Iterable[str]:
        book = self.books[topic.symbol]
        at = iso_micros(self.now())
        if topic.channel == "level2_batch":
            yield _encode(
                {
                    "type": "snapshot", "product_id": book.listing.native,
                    "asks": book.levels(_SNAPSHOT_LEVELS, is_bid=False),
                    "bids": book.levels(_SNAPSHOT_LEVELS, is_bid=True), "time": at,
                }
            )  # fmt: skip
        elif topic.channel in ("ticker", "ticker_batch"):
            yield _ticker(book, at=at, kind="ticker")


def _ticker(book: ExchangeBook, *, at: str, kind: str) -> str:
    best, listing, trade = book.book.best, book.listing, book.trade
    price = listing.price_text(trade.ticks if trade else best.bid)
    return _encode(
        {
            "type": kind, "sequence": book.sequence, "product_id": listing.native, "price": price,
            "open_24h": price, "volume_24h": "9321.02", "low_24h": price, "high_24h": price,
            "volume_30d": "280123.5",
            "best_bid": listing.price_text(best.bid), "best_bid_size": listing.size_text(best.bid_lots),
            "best_ask": listing.price_text(best.ask), "best_ask_size": listing.size_text(best.ask_lots),
            "side": "buy" if trade is None or trade.is_buy else "sell", "time": at,
            "trade_id": trade.number if trade else 0,
            "last_size": listing.size_text(trade.lots if trade else 1),
        }
    )  # fmt: skip


def _l2update(update: Update) -> str:
    listing = update.book.listing
    changes = [
        ("buy" if one.is_bid else "sell", listing.price_text(one.ticks), listing.size_text(one.lots))
        for one in update.changes
    ]
    return _encode(
        {"type": "l2update", "product_id": listing.native, "changes": changes, "time": iso_micros(update.at)}
    )


def _match(update: Update, trade: Trade) -> str:
    listing = update.book.listing
    return _encode(
        {
            "type": "match", "trade_id": trade.number,
            "maker_order_id": f"00000000-0000-4000-8000-{trade.number:012d}",
            "taker_order_id": f"00000000-0000-4000-9000-{trade.number:012d}",
            "side": "sell" if trade.is_buy else "buy", "size": listing.size_text(trade.lots),
            "price": listing.price_text(trade.ticks), "product_id": listing.native,
            "sequence": update.book.sequence, "time": iso_micros(update.at),
        }
    )  # fmt: skip


def _subscriptions(connection: Connection) -> str:
    channels: dict[str, list[str]] = {}
    for name in connection.topics:
        channel, _, product = name.partition(":")
        channels.setdefault(channel, []).append(product)
    listed = [{"name": name, "product_ids": ids, "account_ids": None} for name, ids in channels.items()]
    return _encode({"type": "subscriptions", "channels": listed})


def _error(message: str, reason: str) -> str:
    return _encode({"type": "error", "message": message, **({"reason": reason} if reason else {})})


def _encode(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
