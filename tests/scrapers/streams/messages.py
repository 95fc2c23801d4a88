"""Messages in the venues' own shapes, and what an adapter makes of them."""

import json
from typing import Any
from zlib import crc32

from quant.spreads.messages import Quote, Withdrawn
from scrapers.streams.adapter import BaseAdapter
from scrapers.streams.protocol import Event

NOW = 1_770_000_000_000_000_000
"""A time of receipt in Unix nanoseconds, and what the messages below were sent around."""
NOW_MS = NOW // 1_000_000


def hear(adapter: BaseAdapter, *messages: Any, received: int = NOW) -> list[Event]:
    """Give an adapter messages and return all it says."""
    events: list[Event] = []
    for message in messages:
        raw = message if isinstance(message, bytes) else json.dumps(message).encode()
        events += adapter.receive(raw, received)  # type: ignore[attr-defined]
    return events


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def only(events: list[Event], kind: type) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def quotes(events: list[Event]) -> list[tuple[float, float]]:
    return [(quote.bid, quote.ask) for quote in only(events, Quote)]


def reasons(events: list[Event]) -> list[str]:
    return [one.reason for one in only(events, Withdrawn)]


# Binance


def book_ticker(
    update: int, bid: str = "100.5", ask: str = "100.6", symbol: str = "BTCUSDT"
) -> dict[str, Any]:
    return {"u": update, "s": symbol, "b": bid, "B": "1.5", "a": ask, "A": "2"}


def binance_diff(
    first: int, last: int, bids: Any = (), asks: Any = (), *, sent_ms: int = NOW_MS
) -> dict[str, Any]:
    return {"e": "depthUpdate", "E": sent_ms, "s": "BTCUSDT", "U": first, "u": last, "b": bids, "a": asks}


def binance_snapshot(last: int, bids: Any = (("99", "1"),), asks: Any = (("101", "1"),)) -> bytes:
    return json.dumps({"lastUpdateId": last, "bids": bids, "asks": asks}).encode()


# Coinbase


def coinbase_ticker(sequence: int, bid: str = "100.5", ask: str = "100.6", **more: Any) -> dict[str, Any]:
    return {
        "type": "ticker", "sequence": sequence, "product_id": "BTC-USD", "price": "100.55", "open_24h": "99",
        "best_bid": bid, "best_bid_size": "1.5", "best_ask": ask, "best_ask_size": "2", "side": "buy",
        "time": "2026-02-02T02:40:00.123456Z", "trade_id": sequence, "last_size": "0.25", **more,
    }  # fmt: skip


# Kraken


def kraken_book(
    kind: str, bids: Any = (), asks: Any = (), *, checksum: int | None = None, more: str = ""
) -> bytes:
    """Return a v2 message; levels are texts, written as the numbers they are."""

    def side(levels: Any) -> str:
        return ",".join(f'{{"price":{price},"qty":{qty}}}' for price, qty in levels)

    checked = f',"checksum":{checksum}' if checksum is not None else ""
    return (
        f'{{"channel":"book","type":"{kind}","data":[{{"symbol":"BTC/USD","bids":[{side(bids)}],'
        f'"asks":[{side(asks)}]{checked}{more}}}]}}'
    ).encode()


# OKX


def okx_book(
    action: str, bids: Any = (), asks: Any = (), *, sequence: int = 1, previous: int = -1, **more: Any
) -> dict[str, Any]:
    def side(levels: Any) -> list[list[str]]:
        return [[price, size, "0", "1"] for price, size in levels]

    data = {
        "bids": side(bids),
        "asks": side(asks),
        "ts": str(NOW_MS),
        "seqId": sequence,
        "prevSeqId": previous,
    }
    return {"arg": {"channel": "books", "instId": "BTC-USDT"}, "action": action, "data": [{**data, **more}]}


def signed_crc(text: str) -> int:
    """Return a CRC32 as OKX sends it."""
    unsigned = crc32(text.encode())
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


# Bybit


def bybit_book(
    kind: str, update: int, bids: Any = (), asks: Any = (), *, sent_ms: int = NOW_MS
) -> dict[str, Any]:
    return {
        "topic": "orderbook.50.BTCUSDT", "type": kind, "ts": sent_ms, "cts": sent_ms - 3,
        "data": {"s": "BTCUSDT", "b": bids, "a": asks, "u": update, "seq": update + 1_000},
    }  # fmt: skip
