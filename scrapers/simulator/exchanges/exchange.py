"""What every simulated exchange has: books with their counters, connections, and ticks that reach them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from scrapers.simulator.faults.script import FaultScript
from scrapers.simulator.faults.table import Layer
from scrapers.simulator.walks import chance_of

from .book import Best, Change, SimulatedBook, Steps
from .checksums import Level
from .limits import Limits
from .listings import LISTINGS, Listing
from .prices import PriceProcess

if TYPE_CHECKING:
    from .connection import Connection

USUAL_SIZES: Final[Mapping[str, float]] = {"BTC": 0.6, "ETH": 9.0, "USDT": 40_000.0}
"""Usual size of a level in the base asset."""
FIRST_ID: Final = 1_000_000
TRADE_SHARE: Final = 0.5
"""Of the ticks come with a trade."""


class Topic(NamedTuple):
    """What a connection listens to: a channel of a pair, as the client asked for it in `text`."""

    channel: str
    symbol: str
    text: str
    depth: int = 0


class Trade(NamedTuple):
    """A trade at one of the best prices."""

    number: int
    is_buy: bool
    ticks: int
    lots: int


@dataclass(slots=True)
class ExchangeBook:
    """A pair's book with the counters of its exchange."""

    listing: Listing
    book: SimulatedBook
    last_id: int
    sequence: int
    trades: int = 0
    ticks: int = FIRST_ID
    trade: Trade | None = None

    def levels(self, depth: int, *, is_bid: bool) -> list[Level]:
        """Return the best levels of one side, best first, as the exchange writes them."""
        listing = self.listing
        return [
            (listing.price_text(ticks), listing.size_text(lots))
            for ticks, lots in self.book.top(depth, is_bid=is_bid)
        ]


@dataclass(slots=True)
class Update:
    """One tick of a book.

    Args:
        book: which one, as it is after the tick.
        changes: levels that changed.
        first_id: of the changes; the one before it is the last of the update before.
        previous_id: the book's last id before.
        before: best levels before.
        sides: all bids and asks before.
        at: the exchange's time.
        trade: that came with it.
        seen: what `within` found already, by depth.
    """

    book: ExchangeBook
    changes: list[Change]
    first_id: int
    previous_id: int
    before: Best
    sides: tuple[dict[int, int], dict[int, int]]
    at: datetime
    trade: Trade | None
    seen: dict[int, list[Change]] = field(default_factory=dict)

    @property
    def symbol(self) -> str:
        """Return the pair."""
        return self.book.listing.symbol

    @property
    def has_new_best(self) -> bool:
        """Tell whether best bid or ask changed."""
        return self.before != self.book.book.best

    def within(self, depth: int, *, tells_pushed_out: bool) -> list[Change]:
        """Return what changed among the best `depth` levels of each side, those that moved up among them.

        Args:
            depth: of the topic.
            tells_pushed_out: whether levels that were pushed beyond the depth count as gone.
        """
        if depth not in self.seen:
            self.seen[depth] = list(self._within(depth, tells_pushed_out))
        return self.seen[depth]

    def _within(self, depth: int, tells_pushed_out: bool) -> Iterable[Change]:
        book = self.book.book
        for is_bid, before, now in ((True, self.sides[0], book.bids), (False, self.sides[1], book.asks)):
            old = dict(sorted(before.items(), reverse=is_bid)[:depth])
            new = dict(book.top(depth, is_bid=is_bid))
            for ticks in old.keys() - new.keys():
                if tells_pushed_out or ticks not in now:
                    yield Change(is_bid, ticks, 0)
            for ticks, lots in new.items():
                if old.get(ticks) != lots:
                    yield Change(is_bid, ticks, lots)
        known = (book.bids.keys() | self.sides[0].keys(), book.asks.keys() | self.sides[1].keys())
        yield from (one for one in self.changes if one.ticks not in known[0 if one.is_bid else 1])


class Exchange(ABC):
    """One simulated exchange; its subclasses speak the wire formats.

    `insists_on_subscription`: a client that subscribes to nothing in time is thrown out; `wants_words`: so is
    one that says nothing for long; `pings`: the exchange pings and wants pongs; `counts_words`: it limits how
    often a client speaks; `impatient_code` is what it closes with then. `after_tick` sees every book as it is
    about to be told, for tests that hold what others say against it.

    Args:
        prices: shared by all exchanges.
        faults: the simulator's script.
        now: simulated time.
        limits: how patient it is.
        seed: of books and trades.
    """

    code: ClassVar[str]
    endpoint: ClassVar[str]
    insists_on_subscription: ClassVar[bool] = False
    wants_words: ClassVar[bool] = False
    pings: ClassVar[bool] = False
    counts_words: ClassVar[bool] = False
    impatient_code: ClassVar[int] = 1000

    def __init__(
        self,
        prices: PriceProcess,
        *,
        faults: FaultScript,
        now: Callable[[], datetime],
        limits: Limits,
        seed: int,
    ) -> None:
        self.prices, self.faults, self.now, self.limits = prices, faults, now, limits
        self._chance = chance_of(seed, self.code, "exchange")
        self.connections: set[Connection] = set()
        self.owed = 0.0
        self.burst = 0
        self.after_tick: Callable[[Exchange, ExchangeBook], object] | None = None
        self._turn = 0
        self.books = {one.symbol: self._open_book(one, seed) for one in LISTINGS[self.code]}
        self.by_native = {one.listing.native: one for one in self.books.values()}

    def watched(self) -> list[ExchangeBook]:
        """Return the books that somebody listens to; all of them if nobody listens to any."""
        symbols = {topic.symbol for one in self.connections for topic in one.topics.values()}
        return [book for symbol, book in self.books.items() if symbol in symbols] or list(self.books.values())

    def next_book(self) -> ExchangeBook:
        """Return the book whose turn it is."""
        watched = self.watched()
        self._turn += 1
        return watched[self._turn % len(watched)]

    def tick(self, book: ExchangeBook) -> None:
        """Let a book change once and tell everybody who listens."""
        update = self.evolve(book)
        taken = self.faults.take(
            "TICK", self.route(book.listing.symbol), now=self.now(), layers=(Layer.EXCHANGE,)
        )
        if taken is not None:
            update = taken[0].apply(self, update, taken[1])
        if self.after_tick is not None:
            self.after_tick(self, update.book)
        for connection in tuple(self.connections):
            for topic in tuple(connection.topics.values()):
                if topic.symbol == update.symbol:
                    for text in self.render(connection, topic, update):
                        connection.send_data(topic.symbol, text)

    def evolve(self, book: ExchangeBook) -> Update:
        """Let a book change once and count it; nobody is told."""
        listing = book.listing
        middle = self.prices.middle(self.code, listing.symbol)
        before, sides = book.book.best, (dict(book.book.bids), dict(book.book.asks))
        previous = book.last_id
        changes = list(book.book.evolve(middle, middle * listing.spread_bps / 10_000))
        book.last_id += max(len(changes), 1)
        book.sequence += max(len(changes), 1)
        book.ticks += 1
        book.trade = trade = self._trade(book) if self._chance.random() < TRADE_SHARE else None
        return Update(book, changes, previous + 1, previous, before, sides, self.now(), trade)

    def route(self, symbol: str) -> str:
        """Return the path by which rules of the fault script name a pair of this exchange."""
        return f"/{self.endpoint}/{symbol.replace('/', '-')}"

    def _trade(self, book: ExchangeBook) -> Trade:
        best, is_buy = book.book.best, self._chance.random() < 0.5
        book.trades += 1
        lots = best.ask_lots if is_buy else best.bid_lots
        ticks = best.ask if is_buy else best.bid
        return Trade(
            FIRST_ID + book.trades, is_buy, ticks, max(round(lots * self._chance.uniform(0.01, 0.3)), 1)
        )

    def _open_book(self, listing: Listing, seed: int) -> ExchangeBook:
        base = listing.symbol.split("/")[0]
        steps = Steps(10.0**-listing.price_digits, 10.0**-listing.size_digits, USUAL_SIZES[base])
        chance = chance_of(seed, self.code, listing.symbol)
        middle = self.prices.middle(self.code, listing.symbol)
        book = SimulatedBook(steps, chance, middle=middle, half=middle * listing.spread_bps / 10_000)
        return ExchangeBook(listing, book, FIRST_ID + chance.randint(0, 10**6), 10 * FIRST_ID)

    def greet(self, connection: "Connection") -> None:  # noqa: B027 - most say nothing
        """Say what the exchange says when somebody connects."""

    def beat(self, connection: "Connection") -> None:  # noqa: B027 - most say nothing
        """Say what the exchange says every second."""

    def farewell(self, connection: "Connection") -> str:
        """Return what the exchange says before it closes a connection for maintenance; empty for nothing."""
        return ""

    @abstractmethod
    def heard(self, connection: "Connection", text: str) -> None:
        """Answer a message of a client."""

    @abstractmethod
    def render(self, connection: "Connection", topic: Topic, update: Update) -> Iterable[str]:
        """Return the messages by which a topic tells of an update."""

    @abstractmethod
    def stranger(self, connection: "Connection") -> Iterable[str]:
        """Return a data message of a pair nobody asked for."""


def milliseconds(at: datetime) -> int:
    """Return Unix milliseconds."""
    return int(at.timestamp() * 1000)


def iso_micros(at: datetime) -> str:
    """Return a time as ISO 8601 with six digits and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
