"""What an exchange's adapter is, and what it may say about a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, TypeAlias

import msgspec

from quant.spreads.messages import Quote, Withdrawn


class Send(msgspec.Struct, frozen=True):
    """A text the venue should get, within its limits."""

    text: str


class NeedSnapshot(msgspec.Struct, frozen=True):
    """A book that needs the venue's REST snapshot before it is one.

    Args:
        pair: such as `BTC/USDT`.
    """

    pair: str


class Leave(msgspec.Struct, frozen=True):
    """A connection that should be given up.

    Args:
        reason: a short code.
        is_planned: the venue said so in advance and still serves: the next connection is made first.
    """

    reason: str
    is_planned: bool = False


Event: TypeAlias = Quote | Withdrawn | Send | NeedSnapshot | Leave
NOTHING: Final[tuple[Event, ...]] = ()


@dataclass(slots=True)
class Counts:
    """What happened since the start, over all connections to one exchange.

    Args:
        messages: frames with text.
        quotes: messages that gave a valid best bid and ask.
        proven: updates whose checksum or sequence number was compared and held.
        invalid: messages dropped because they break a rule; `skewed` and `crossed` are among them.
        skewed: time further than a minute from ours.
        crossed: bid not below ask in the venue's own book.
        unknown: types, channels and symbols nobody asked for.
        repeated: seen before, or older than what is known.
        gaps: updates that were missing.
        checksums: books that did not have the sum the venue gave.
        refused: subscriptions the venue would not take.
    """

    messages: int = 0
    quotes: int = 0
    proven: int = 0
    invalid: int = 0
    skewed: int = 0
    crossed: int = 0
    unknown: int = 0
    repeated: int = 0
    gaps: int = 0
    checksums: int = 0
    refused: int = 0


class Adapter(Protocol):
    """One connection's view of one exchange: made anew for each connection, without any I/O.

    Attributes:
        exchange: code of the exchange.
        path: below the stream's base address.
        rest_path: below the REST base address, with `{symbol}`; empty where no snapshot is fetched.
        is_complete: every change of the best bid and ask is sent, so silence means that nothing changed.
        keepalive_seconds: how often the venue wants to hear from us at least.
        ping_text: what it wants to hear; empty for a WebSocket ping.
        sends_per_second: how many messages of ours it takes.
        counts: what happened; shared by all connections to the exchange.
        latest: the valid quotes by pair.
        said: the venue's last complaint, for people; empty if none.
    """

    exchange: ClassVar[str]
    path: ClassVar[str]
    rest_path: ClassVar[str]
    is_complete: bool
    keepalive_seconds: ClassVar[float]
    ping_text: ClassVar[str]
    sends_per_second: ClassVar[float]
    counts: Counts
    latest: dict[str, Quote]
    said: str

    def wire_name(self, pair: str) -> str:
        """Return what the exchange calls a pair."""
        ...

    def subscriptions(self) -> Sequence[str]:
        """Return what to send when the connection is open."""
        ...

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame's text; never raises for what a venue may send.

        Args:
            raw: the text as it came.
            received: our wall clock, Unix nanoseconds.
        """
        ...

    def snapshot(self, pair: str, raw: bytes, received: int) -> Sequence[Event]:
        """Take the REST snapshot of one pair."""
        ...
