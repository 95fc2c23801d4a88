"""What travels from the ingest process to the signal engine: R001's normalised message, typed and extended.

On the wire each message is a MessagePack array whose first element names its kind (`encode`, `decode`).
Prices are floats here: they keep every digit a venue sends (at most 17 significant ones), and the final
decision is made on `Decimal(repr(price))`, which is the venue's own text again.
"""

from typing import Final, TypeAlias

import msgspec

Level: TypeAlias = tuple[float, float]
"""Price and size."""


class Quote(msgspec.Struct, array_like=True, tag="ticker", gc=False):
    """Best bid and ask of one symbol at one exchange (R001's fields, then ours).

    Args:
        exchange: code of the venue.
        symbol: base and quote asset, such as `BTC/USDT`; the quote asset is never renamed.
        price: last trade where the venue tells it, else the middle.
        volume: of the last trade; 0 where unknown.
        timestamp: the venue's time, Unix milliseconds; 0 where it tells none.
        bid: best price somebody buys at.
        ask: best price somebody sells at.
        bid_size: at the best bid, in the base asset; 0 where unknown.
        ask_size: at the best ask; 0 where unknown.
        received: our wall clock when the frame arrived, Unix nanoseconds.
        bids: the best levels, best first, where the venue has a book; empty otherwise.
        asks: the best levels, best first.
    """

    exchange: str
    symbol: str
    price: float
    volume: float
    timestamp: int
    bid: float
    ask: float
    bid_size: float
    ask_size: float
    received: int
    bids: list[Level] = []
    asks: list[Level] = []


class Withdrawn(msgspec.Struct, array_like=True, tag="withdrawn", gc=False):
    """A book that must not be compared any more: a gap, a wrong checksum, a crossed book, a lost connection.

    Args:
        exchange: code of the venue.
        symbol: the pair; empty for all of the exchange.
        reason: a short code such as `gap`, `checksum`, `crossed`, `disconnected`, `stale`.
        received: our wall clock, Unix nanoseconds.
    """

    exchange: str
    symbol: str
    reason: str
    received: int


class Beat(msgspec.Struct, array_like=True, tag="beat", gc=False):
    """Sent every second and at each change of state, so that silence and death can be told apart.

    Args:
        exchange: code of the venue.
        state: `connecting`, `syncing`, `live`, `stale` or `stopped`.
        received: our wall clock, Unix nanoseconds.
        lag_ms: newest venue time to receipt; -1 where unknown.
        messages: received since the start.
        invalid: messages dropped since the start.
        dropped: messages not sent because the queue was full.
        reconnects: since the start.
        last_error: short text; empty if none.
    """

    exchange: str
    state: str
    received: int
    lag_ms: int = -1
    messages: int = 0
    invalid: int = 0
    dropped: int = 0
    reconnects: int = 0
    last_error: str = ""


Message: TypeAlias = Quote | Withdrawn | Beat

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Message)


def encode(message: Message) -> bytes:
    """Return a message as it travels."""
    return _ENCODER.encode(message)


def decode(frame: bytes) -> Message:
    """Return the message of a frame.

    Raises:
        msgspec.DecodeError: if it is none.
    """
    message: Message = _DECODER.decode(frame)
    return message
