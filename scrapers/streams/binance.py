"""Binance spot: `bookTicker` for the best bid and ask, or the whole book from diffs and a REST snapshot.

The book follows the venue's own rule: buffer diffs, fetch a snapshot, drop what it already holds, and begin
with the diff that spans it; from then on each diff must begin where the last one ended. A pair nobody trades
has no diffs: where none came for a few seconds, a snapshot fetched since is the book.
"""

import json
from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import msgspec

from quant.spreads.messages import Quote

from .adapter import BaseAdapter
from .books import Book
from .protocol import NOTHING, Counts, Event, Leave, NeedSnapshot

MOST_BUFFERED: Final = 10_000
STREAMS_PER_REQUEST: Final = 200
QUIET_NS: Final = 3_000_000_000
"""Subscribed for so long without a diff: far longer than the REST interface lags behind the stream."""


class _Ticker(msgspec.Struct, gc=False):
    """A `bookTicker`: it has neither a type nor a time."""

    u: int
    s: str
    bid: float = msgspec.field(name="b")
    bid_size: float = msgspec.field(name="B")
    ask: float = msgspec.field(name="a")
    ask_size: float = msgspec.field(name="A")


class _Diff(msgspec.Struct, gc=False):
    """A `depthUpdate`: first and last update id, then levels with their new sizes."""

    event_time: int = msgspec.field(name="E")
    s: str
    first: int = msgspec.field(name="U")
    last: int = msgspec.field(name="u")
    bids: list[tuple[float, float]] = msgspec.field(name="b")
    asks: list[tuple[float, float]] = msgspec.field(name="a")


class _Snapshot(msgspec.Struct, gc=False):
    last: int = msgspec.field(name="lastUpdateId")
    bids: list[tuple[float, float]]
    asks: list[tuple[float, float]]


class _Other(msgspec.Struct, gc=False):
    """Whatever else comes: an envelope, an answer, an announcement."""

    data: msgspec.Raw = msgspec.Raw(b"")
    event: str = msgspec.field(name="e", default="")
    id: int | str | None = None
    error: dict[str, Any] | None = None
    code: int | None = None
    msg: str = ""


_TICKER: Final = msgspec.json.Decoder(_Ticker, strict=False)
_DIFF: Final = msgspec.json.Decoder(_Diff, strict=False)
_SNAPSHOT: Final = msgspec.json.Decoder(_Snapshot, strict=False)
_OTHER: Final = msgspec.json.Decoder(_Other)


class _Depth:
    """Where one pair's book stands; `least` is the id that a snapshot must have reached to be joined."""

    __slots__ = ("book", "buffer", "first", "is_synced", "last", "least", "subscribed")

    def __init__(self) -> None:
        self.book: Book[tuple[float, float]] = Book()
        self.last = self.subscribed = 0
        self.forget()

    def forget(self) -> None:
        self.is_synced = False
        self.least = self.last
        self.first: int | None = None
        self.buffer: deque[_Diff] = deque(maxlen=MOST_BUFFERED)


class BinanceStream(BaseAdapter):
    """One connection to Binance.

    Args:
        pairs: what to watch.
        counts: goes on counting for a former connection's.
        has_books: the whole book instead of its best level.
    """

    exchange: ClassVar[str] = "binance"
    path: ClassVar[str] = "/ws"
    rest_path: ClassVar[str] = "/api/v3/depth?symbol={symbol}&limit=5000"
    keepalive_seconds: ClassVar[float] = 60.0  # the venue pings us every 20 s itself
    sends_per_second: ClassVar[float] = 4.0  # 5 are allowed, pings and pongs included

    def __init__(
        self, pairs: Sequence[str], counts: Counts | None = None, *, has_books: bool = False
    ) -> None:
        super().__init__(pairs, counts)
        self._has_books = has_books
        self._seen: dict[str, int] = {}
        self._depths = {pair: _Depth() for pair in self.pairs} if has_books else {}

    def wire_name(self, pair: str) -> str:
        """Return `BTCUSDT` for `BTC/USDT`."""
        return pair.replace("/", "")

    def subscriptions(self) -> Sequence[str]:
        """Return requests for all streams."""
        channel = "depth@100ms" if self._has_books else "bookTicker"
        streams = [f"{name.lower()}@{channel}" for name in self._pair_of]
        return [
            json.dumps(
                {"method": "SUBSCRIBE", "params": streams[at : at + STREAMS_PER_REQUEST], "id": at + 1}
            )
            for at in range(0, len(streams), STREAMS_PER_REQUEST)
        ]

    def receive(self, raw: bytes, received: int) -> Sequence[Event]:
        """Take one frame."""
        if self._has_books:
            try:
                diff = _DIFF.decode(raw)
            except msgspec.DecodeError:
                return self._other(raw, received)
            return self._on_diff(diff, received)
        try:
            ticker = _TICKER.decode(raw)
        except msgspec.DecodeError:
            return self._other(raw, received)
        pair = self._pair_of.get(ticker.s)
        if pair is None:
            return self.unknown()
        if ticker.u <= self._seen.get(pair, -1):
            self.counts.repeated += 1
            return NOTHING
        self._seen[pair] = ticker.u
        bid, ask = ticker.bid, ticker.ask
        return self.judged(
            Quote(
                "binance", pair, (bid + ask) / 2, 0.0, 0, bid, ask, ticker.bid_size, ticker.ask_size, received
            )
        )  # fmt: skip

    def _other(self, raw: bytes, received: int) -> Sequence[Event]:
        try:
            other = _OTHER.decode(raw)
        except msgspec.DecodeError:
            return self.invalid()
        data = bytes(other.data)
        if data[:1] == b"{":
            return self.receive(data, received)
        if other.event == "serverShutdown":
            return (Leave("server_shutdown", is_planned=True),)
        if other.error is not None or other.code is not None:
            return self.refused(str(other.error or other.msg))
        if other.id is not None:
            return self._on_subscribed(other.id, received)
        is_ours = other.event == "depthUpdate" if self._has_books else b'"B"' in raw and not other.event
        return self.invalid() if is_ours else self.unknown()

    def _on_subscribed(self, request: int | str, received: int) -> Sequence[Event]:
        """Ask for the snapshots of one request's books now: a quiet pair has no diff to ask at."""
        if not isinstance(request, int) or not self._depths:
            return NOTHING
        events: list[Event] = []
        for pair in self.pairs[max(0, request - 1) : max(0, request - 1) + STREAMS_PER_REQUEST]:
            depth = self._depths[pair]
            depth.subscribed = depth.subscribed or received
            if not depth.is_synced:
                events.append(NeedSnapshot(pair))
        return events

    def _on_diff(self, diff: _Diff, received: int) -> Sequence[Event]:
        pair = self._pair_of.get(diff.s)
        if pair is None:
            return self.unknown()
        depth = self._depths[pair]
        if not depth.is_synced:
            return self._buffer(pair, depth, diff)
        if diff.last <= depth.last:
            self.counts.repeated += 1
            return NOTHING
        if diff.first > depth.last + 1:
            self.counts.gaps += 1
            return self._restart(pair, depth, diff, received)
        self.counts.proven += 1
        depth.last = diff.last
        try:
            depth.book.apply(diff.bids, diff.asks)
        except ValueError:
            return self.unreadable(pair, received)
        return self.booked(pair, depth.book, timestamp=diff.event_time, received=received)

    def _buffer(self, pair: str, depth: _Depth, diff: _Diff) -> Sequence[Event]:
        is_first = depth.first is None
        if depth.first is None:
            depth.first = depth.least = diff.first
        depth.buffer.append(diff)
        return (NeedSnapshot(pair),) if is_first else NOTHING

    def _restart(self, pair: str, depth: _Depth, diff: _Diff, received: int) -> Sequence[Event]:
        """Give the book up; the diff that showed the gap is the first of the next buffer."""
        events = self.lost(pair, "gap", received)
        depth.first = depth.least = diff.first
        depth.buffer.append(diff)
        return events

    def resync(self, pair: str) -> Sequence[Event]:
        """Begin again with an empty buffer and a new snapshot."""
        depth = self._depths.get(pair)
        if depth is None:
            return NOTHING
        depth.forget()
        return (NeedSnapshot(pair),)

    def snapshot(self, pair: str, raw: bytes, received: int) -> Sequence[Event]:
        """Join a REST snapshot with the buffered diffs.

        A snapshot from before the first diff, or from before what a given-up book had reached, cannot be
        joined, so another one is asked for.
        """
        depth = self._depths.get(pair)
        if depth is None or depth.is_synced:
            return NOTHING
        try:
            snapshot = _SNAPSHOT.decode(raw)
        except msgspec.DecodeError:
            return self._no_snapshot(pair, depth, raw)
        if snapshot.last < depth.least or not self._is_sure(depth, received):
            return (NeedSnapshot(pair),)
        try:
            return self._join(pair, depth, snapshot, received)
        except ValueError:
            return self.unreadable(pair, received)

    def _no_snapshot(self, pair: str, depth: _Depth, raw: bytes) -> Sequence[Event]:
        """Ask again, unless the venue says that it does not have a pair of which nothing ever came."""
        try:
            refusal = _OTHER.decode(raw)
        except msgspec.DecodeError:
            refusal = _Other()
        if refusal.code is not None and not depth.least:
            return self.refused(refusal.msg, pair)
        self.counts.invalid += 1
        return (NeedSnapshot(pair),)

    def _is_sure(self, depth: _Depth, received: int) -> bool:
        """Tell whether a snapshot cannot lack what happened just before the stream began."""
        return depth.least > 0 or not 0 <= received - depth.subscribed < QUIET_NS

    def _join(self, pair: str, depth: _Depth, snapshot: _Snapshot, received: int) -> Sequence[Event]:
        """Apply what was buffered to the snapshot; what it already holds is dropped."""
        depth.book.replace(snapshot.bids, snapshot.asks)
        depth.last, depth.is_synced = snapshot.last, True
        waiting, depth.buffer = depth.buffer, deque(maxlen=MOST_BUFFERED)
        timestamp = 0
        while waiting:
            diff = waiting.popleft()
            if diff.last <= depth.last:
                continue
            if diff.first > depth.last + 1:
                self.counts.gaps += 1
                events = self._restart(pair, depth, diff, received)
                depth.buffer.extend(waiting)
                return events
            self.counts.proven += 1
            depth.last, timestamp = diff.last, diff.event_time
            depth.book.apply(diff.bids, diff.asks)
        return self.booked(pair, depth.book, timestamp=timestamp, received=received)
