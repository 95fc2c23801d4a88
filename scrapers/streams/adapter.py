"""What all adapters share: names of pairs, the judging of a quote, and how a book is given up."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from quant.spreads.messages import Quote, Withdrawn
from quant.spreads.symbols import crypto_symbol

from .books import Book
from .protocol import NOTHING, Counts, Event, Leave, Send
from .validation import CROSSED, ONE_SIDED, SKEW, flaw_of

LEVELS_SENT: Final = 10
"""Levels per side that travel with a quote: as deep as the engine's size calculation looks."""
MOST_SAID: Final = 200
REFUSED: Final = "refused"
RESYNC_STORM: Final = "resync_storm"
MOST_RESYNCS: Final = 12
STORM_NS: Final = 60_000_000_000
"""So many resyncs within a minute are a storm."""


class BaseAdapter:
    """The part of `protocol.Adapter` that is the same everywhere.

    Args:
        pairs: what to watch, such as `BTC/USDT`.
        counts: goes on counting for a former connection's.

    Raises:
        ValueError: if a pair is none.
    """

    exchange: ClassVar[str] = ""
    path: ClassVar[str] = "/"
    rest_path: ClassVar[str] = ""
    keepalive_seconds: ClassVar[float] = 20.0
    ping_text: ClassVar[str] = ""
    sends_per_second: ClassVar[float] = 4.0
    is_complete: bool = True

    def __init__(self, pairs: Sequence[str], counts: Counts | None = None) -> None:
        for pair in pairs:
            crypto_symbol(pair)
        self.pairs = tuple(dict.fromkeys(pairs))
        self.counts = Counts() if counts is None else counts
        self.latest: dict[str, Quote] = {}
        self.said = ""
        self._pair_of = {self.wire_name(pair): pair for pair in self.pairs}
        self._refused = 0
        self._missing: list[str] = []
        self._again: set[str] = set()
        self._resyncs: deque[int] = deque(maxlen=MOST_RESYNCS)

    def wire_name(self, pair: str) -> str:
        """Return what the exchange calls a pair."""
        raise NotImplementedError

    def snapshot(self, _pair: str, _raw: bytes, _received: int) -> Sequence[Event]:
        """Ignore a snapshot nobody asked for."""
        return NOTHING

    def judged(self, quote: Quote) -> Sequence[Event]:
        """Return a valid quote, or what becomes of the pair because this one breaks a rule."""
        flaw = flaw_of(quote)
        if not flaw:
            self.latest[quote.symbol] = quote
            self.counts.quotes += 1
            return (quote,)
        self.counts.invalid += 1
        if flaw == CROSSED:
            self.counts.crossed += 1
            return self.lost(quote.symbol, CROSSED, quote.received)
        if flaw == SKEW:
            self.counts.skewed += 1
        return self.withdrawn(quote.symbol, flaw, quote.received)

    def booked(self, pair: str, book: Book[Any], *, timestamp: int, received: int) -> Sequence[Event]:
        """Return the quote of a book; nothing when the levels that travel are as they were.

        Args:
            pair: whose book it is.
            book: after the update.
            timestamp: the venue's time, Unix milliseconds; 0 for none.
            received: our wall clock, Unix nanoseconds.
        """
        bids, asks = book.bids.quoted(LEVELS_SENT), book.asks.quoted(LEVELS_SENT)
        if not (bids and asks):
            return self.withdrawn(pair, ONE_SIDED, received)
        last = self.latest.get(pair)
        if last is not None and last.bids == bids and last.asks == asks:
            return NOTHING
        (bid, bid_size), (ask, ask_size) = bids[0], asks[0]
        middle = (bid + ask) / 2
        return self.judged(
            Quote(
                self.exchange, pair, middle, 0.0, timestamp, bid, ask, bid_size, ask_size, received,
                bids, asks,
            )
        )  # fmt: skip

    def withdrawn(self, pair: str, reason: str, received: int) -> Sequence[Event]:
        """Take a pair out of the comparison, if it is in."""
        if self.latest.pop(pair, None) is None:
            return NOTHING
        return (Withdrawn(self.exchange, pair, reason, received),)

    def lost(self, pair: str, reason: str, received: int) -> Sequence[Event]:
        """Give a book up: out of the comparison first, then whatever brings it back.

        A connection whose books have to be brought back again and again is given up itself: venues count
        what they are asked for, and something is wrong that asking does not mend.
        """
        self.latest.pop(pair, None)
        again = self.resync(pair)
        if again and self._is_storm(received):
            again = (Leave(RESYNC_STORM),)
        return (Withdrawn(self.exchange, pair, reason, received), *again)

    def _is_storm(self, received: int) -> bool:
        self._resyncs.append(received)
        is_full = len(self._resyncs) == self._resyncs.maxlen
        return is_full and received - self._resyncs[0] < STORM_NS

    def unreadable(self, pair: str, received: int) -> Sequence[Event]:
        """Count a message about a book that makes no sense; the book missed it, so it is given up."""
        self.counts.invalid += 1
        return self.lost(pair, "unreadable", received)

    def resync(self, _pair: str) -> Sequence[Event]:
        """Return what brings a given-up book back; nothing where the next message is whole by itself."""
        return NOTHING

    def asked_again(self, pair: str) -> Sequence[Event]:
        """Return the messages that end a pair's subscription and begin it anew, with a snapshot."""
        self._again.add(pair)
        name = self.wire_name(pair)
        return (Send(self.request("unsubscribe", name)), Send(self.request("subscribe", name)))

    def request(self, verb: str, name: str) -> str:
        """Return the message that subscribes or unsubscribes what the exchange calls `name`."""
        raise NotImplementedError

    def unknown(self) -> Sequence[Event]:
        """Count a message nobody asked for; venues add types whenever they like."""
        self.counts.unknown += 1
        return NOTHING

    def invalid(self) -> Sequence[Event]:
        """Count a message that cannot be read."""
        self.counts.invalid += 1
        return NOTHING

    def refused(self, text: str, pair: str = "") -> Sequence[Event]:
        """Note a refused subscription.

        A pair the exchange does not list is refused at the start and costs nobody else anything. A pair that
        was there before must come back, and a connection without any subscription is useless: both give
        the connection up.
        """
        self.counts.refused += 1
        self._refused += 1
        is_again = pair in self._again if pair else bool(self._again)
        if is_again or self._refused >= len(self.pairs):
            self.said = text[:MOST_SAID]
            return (Leave(REFUSED),)
        self._missing.append(pair or text)
        self.said = f"not offered: {', '.join(self._missing)}"[:MOST_SAID]
        return NOTHING


def milliseconds(moment: datetime | None) -> int:
    """Return Unix milliseconds of a venue's ISO time; 0 for none."""
    return 0 if moment is None else int(moment.timestamp() * 1_000)
