"""Faults of streams: connections that die or go quiet, messages that get lost, and books that are wrong.

Rules name an exchange's pair by its endpoint and the pair with a dash: `/kraken_ws/BTC-USD`, `/binance_ws/*`.
A connection that opens is named by its path, such as `/kraken_ws/v2`. How many data messages pass first, how
often a fault takes hold and when is said by the rule, as with every other fault.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .table import Firing, Layer, fault

if TYPE_CHECKING:
    from scrapers.simulator.exchanges.connection import Connection, Frame
    from scrapers.simulator.exchanges.exchange import Exchange, Update

_CHECKSUM = re.compile(r'"checksum":(-?\d+)')
_MOST_BURST = 1_000_000


@fault("ws_silent", Layer.SOCKET)
def silent(connection: "Connection", firing: Firing) -> None:
    """The stream opens and acknowledges, but never sends data."""
    connection.is_silent = True


@fault("ws_deaf", Layer.SOCKET)
def deaf(connection: "Connection", firing: Firing) -> None:
    """The stream takes no notice of pings and pongs: no answer to the one, a cut for want of the other."""
    connection.is_deaf = True


@fault("ws_refuse_subscription", Layer.SUBSCRIPTION)
def refuse_subscription(connection: "Connection", firing: Firing) -> None:
    """A subscription is refused in the exchange's words."""


@fault("ws_close", Layer.FRAME)
def close(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """The stream closes with `code` (default 1012; 1006 breaks off without a closing message)."""
    connection.close(int(firing.number("code", 1012)), "")
    return []


@fault("ws_shutdown", Layer.FRAME)
def shut_down(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """The stream announces maintenance in the exchange's words, then closes after `seconds` (default 2)."""
    notice = connection.exchange.farewell(connection)
    if notice:
        connection.send(notice)
    connection.close_later(1001, firing.number("seconds", 2))
    return [frame]


@fault("ws_half_open", Layer.FRAME)
def half_open(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """The stream stays open, but nothing is read or written any more, not even a pong."""
    connection.is_frozen = True
    return []


@fault("ws_drop", Layer.FRAME)
def drop(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message gets lost on the way to one client."""
    return []


@fault("ws_duplicate", Layer.FRAME)
def duplicate(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message comes twice."""
    return [frame, frame]


@fault("ws_reorder", Layer.FRAME)
def reorder(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message comes after the one that followed it."""
    held, connection.held = connection.held, frame
    return [held] if held is not None else []


@fault("ws_late", Layer.FRAME)
def late(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message comes `seconds` (default 1) later, after many that followed it."""
    connection.send_later(frame, firing.number("seconds", 1))
    return []


@fault("ws_crc", Layer.FRAME)
def wrong_checksum(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """The checksum of a book message does not fit its book (Kraken, OKX; others carry none)."""
    text = _CHECKSUM.sub(lambda found: f'"checksum":{int(found[1]) ^ 1}', frame.text)
    return [frame._replace(text=text)]


@fault("ws_garbage", Layer.FRAME)
def garbage(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message is cut off in the middle and is no JSON."""
    return [frame._replace(text=frame.text[: len(frame.text) // 2])]


@fault("ws_unknown_type", Layer.FRAME)
def unknown_type(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A message of a kind that nobody documented comes before a data message."""
    text = '{"type":"surprise","e":"surprise","channel":"surprise","topic":"surprise","data":[{"x":1}]}'
    return [frame._replace(text=text), frame]


@fault("ws_other_symbol", Layer.FRAME)
def other_symbol(connection: "Connection", frame: "Frame", firing: Firing) -> list["Frame"]:
    """A data message of a pair that nobody asked for comes before one that was."""
    strangers = connection.exchange.stranger(connection)
    return [*(frame._replace(text=text) for text in strangers), frame]


@fault("ws_gap", Layer.EXCHANGE)
def gap(exchange: "Exchange", update: "Update", firing: Firing) -> "Update":
    """`updates` (default 3) changes of a book are told to nobody; its counters go on."""
    for _ in range(max(int(firing.number("updates", 3)), 1)):
        update = exchange.evolve(update.book)
    return update


@fault("ws_crossed", Layer.EXCHANGE)
def crossed(exchange: "Exchange", update: "Update", firing: Firing) -> "Update":
    """A bid stands above the best ask for one update, with checksums and counters that are right."""
    update.changes.append(update.book.book.cross())
    return update


@fault("ws_unknown_level", Layer.EXCHANGE)
def unknown_level(exchange: "Exchange", update: "Update", firing: Firing) -> "Update":
    """A level that was never there is taken away with size 0."""
    update.changes.append(update.book.book.unknown_level())
    return update


@fault("ws_burst", Layer.EXCHANGE)
def burst(exchange: "Exchange", update: "Update", firing: Firing) -> "Update":
    """`messages` (default 10,000) updates follow as fast as they can be sent; use it with `count`."""
    exchange.burst = min(exchange.burst + int(firing.number("messages", 10_000)), _MOST_BURST)
    return update


@fault("old_snapshot", Layer.DOCUMENT)
def old_snapshot(document: Any, firing: Firing) -> Any:
    """A book's REST snapshot is `updates` (default 100,000) older than its number should be."""
    if isinstance(document, dict) and isinstance(document.get("lastUpdateId"), int):
        document["lastUpdateId"] -= int(firing.number("updates", 100_000))
    return document


@fault("ws_skew", Layer.EXCHANGE)
def skewed(exchange: "Exchange", update: "Update", firing: Firing) -> "Update":
    """The exchange's clock is `seconds` (default 120; negative: behind) ahead."""
    return replace(update, at=update.at + timedelta(seconds=firing.number("seconds", 120)))
