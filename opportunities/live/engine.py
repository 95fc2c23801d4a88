"""From a message to a signal: the comparison of one symbol over its venues, tick by tick.

Synchronous and without input or output of its own: messages, times and a place to put signals are given to
it, so that a test, a replay and the process run the same code. Per tick the work is a few float operations;
exact arithmetic only begins where there may be a signal.
"""

from collections.abc import Callable
from typing import Final

import structlog

from quant.spreads.messages import Beat, Quote, Withdrawn

from .deciding import decide, fill_of, may_qualify
from .latency import Latencies
from .pair_book import LIVE, STALE, WITHDRAWN, PairBook
from .signal_json import SignalWriter
from .terms import NS_PER_MS, EngineTerms, Venue

logger = structlog.get_logger(__name__)

MAX_BOOKS: Final = 1_000
SILENCE_MS: Final = 3_500
"""Ingest sends a beat per exchange each second; after three missed ones it counts as dead."""
_ENDING: Final = frozenset({"connecting", "stale", "stopped"})

AddSignal = Callable[[int, bytes], None]
"""Takes the time in Unix milliseconds and the JSON."""


class SignalEngine:
    """The books of all symbols and the decision about each tick.

    R001 signals on every tick while a gap is open. So does this engine, except that a tick which changes
    neither the route nor its two prices is not signalled again: it would say the same.

    Args:
        terms: what to compare by.
        add_signal: where signals go.
    """

    def __init__(self, terms: EngineTerms, *, add_signal: AddSignal) -> None:
        self.terms = terms
        self.books: dict[str, PairBook] = {}
        self.beats: dict[str, Beat] = {}
        self.heard: dict[str, int] = {}
        self.latencies = Latencies()
        self.ticks = self.invalid = self.signals = self.conflated = 0
        self._add_signal = add_signal
        self._max_age_ns = terms.max_age_ms * NS_PER_MS
        self._max_skew_ns = terms.max_skew_ms * NS_PER_MS
        self._threshold = float(terms.threshold_pct)
        self._writers: dict[tuple[str, int, int], SignalWriter] = {}
        self._unpublished: list[int] = []
        self._caused_ns = 0  # when the message that is being taken was received

    def on_quote(self, quote: Quote, now_ns: int) -> None:
        """Take one tick.

        Args:
            quote: from ingest.
            now_ns: our clock, Unix nanoseconds.
        """
        self.ticks += 1
        venue = self.terms.by_code.get(quote.exchange)
        book = self.books.get(quote.symbol)
        if book is None:
            book = self._open_book(quote.symbol)
        if venue is None or book is None:
            self.invalid += 1
            return
        self._caused_ns = quote.received
        index = venue.index
        bid, ask = quote.bid, quote.ask
        if not 0.0 < bid <= ask:
            # A crossed book, a missing price or NaN: bad data, whichever of its sides is wrong.
            self.invalid += 1
            book.withdraw(index, WITHDRAWN, "crossed")
            self._settle(book, now_ns)
            return
        book.quotes[index] = quote
        book.states[index] = LIVE
        book.changed |= 1 << index
        try:
            is_open = book.best.update(index, bid * venue.bid_factor, ask * venue.ask_factor, quote.received)
        except ValueError:
            self.invalid += 1
            book.withdraw(index, WITHDRAWN, "crossed")
            is_open = book.best.best_bid > book.best.best_ask
        if is_open:
            self._consider(book, now_ns)
        elif book.last_signal is not None:
            book.last_signal = None

    def on_withdrawn(self, message: Withdrawn, now_ns: int) -> None:
        """Take a venue's book, or all of its books, out of the comparison."""
        venue = self.terms.by_code.get(message.exchange)
        if venue is None:
            self.invalid += 1
            return
        self._caused_ns = message.received
        books = self.books.values() if message.symbol == "" else [self.books.get(message.symbol)]
        for book in books:
            if book is not None and book.withdraw(venue.index, WITHDRAWN, message.reason):
                self._settle(book, now_ns)

    def on_beat(self, beat: Beat, now_ns: int) -> None:
        """Take a sign of life of one exchange's connection."""
        self.beats[beat.exchange] = beat
        self.heard[beat.exchange] = now_ns
        if beat.state in _ENDING:
            self.on_withdrawn(Withdrawn(beat.exchange, "", "disconnected", beat.received), now_ns)

    def sweep(self, now_ns: int) -> None:
        """Take out what nobody vouches for any more: quotes too old or of the future, silent exchanges."""
        self._caused_ns = now_ns
        for code in self.heard:
            venue = self.terms.by_code.get(code)
            if venue is not None and self.is_silent(code, now_ns):
                self._retire(venue.index, now_ns)
        for book in self.books.values():
            late = [index for index, quote in book.live_quotes() if not self.is_fresh(quote, now_ns)]
            for index in late:
                book.withdraw(index, STALE, "stale")
            if late:
                self._settle(book, now_ns)

    def is_silent(self, code: str, now_ns: int) -> bool:
        """Tell whether ingest has not said anything about an exchange for too long."""
        return self.heard.get(code, 0) < now_ns - SILENCE_MS * NS_PER_MS

    def last_quote_ms(self, code: str) -> int | None:
        """Return when the newest quote of an exchange was received, Unix milliseconds."""
        venue = self.terms.by_code.get(code)
        if venue is None:
            return None
        newest = max((book.quotes[venue.index].received for book in self.books.values()), default=0)
        return newest // NS_PER_MS if newest else None

    def _retire(self, venue: int, now_ns: int) -> None:
        silent_since = now_ns - SILENCE_MS * NS_PER_MS
        for book in self.books.values():
            if book.states[venue] == LIVE and book.quotes[venue].received < silent_since:
                book.withdraw(venue, STALE, "stale")
                self._settle(book, now_ns)

    def is_fresh(self, quote: Quote, now_ns: int) -> bool:
        """Tell whether a quote's receipt is neither too old nor too far ahead of our clock."""
        return -self._max_skew_ns <= now_ns - quote.received <= self._max_age_ns

    def _open_book(self, symbol: str) -> PairBook | None:
        if len(self.books) >= MAX_BOOKS:
            return None
        try:
            book = PairBook(symbol, len(self.terms.venues))
        except ValueError:
            return None
        self.books[symbol] = book
        return book

    def _settle(self, book: PairBook, now_ns: int) -> None:
        """Look again after a venue left: the standing signal may be gone, another pair may be the best."""
        if book.best.best_bid > book.best.best_ask:
            self._consider(book, now_ns)
        else:
            book.last_signal = None

    def _consider(self, book: PairBook, now_ns: int) -> None:
        """Signal the best route if there is one; forget the standing signal if there is none."""
        self._drop_stale_best(book, now_ns)
        pair = book.best.pair()
        if pair is None or pair.bid <= pair.ask:
            book.last_signal = None
            return
        if self._try_route(book, pair.buy, pair.sell, now_ns):
            return
        # The best after fees is too narrow before them; another may be wide enough.
        for buy, sell in self.profitable_routes(book, now_ns):
            if self._try_route(book, buy, sell, now_ns):
                return
        book.last_signal = None

    def _drop_stale_best(self, book: PairBook, now_ns: int) -> None:
        """Take late venues out until the best pair is fresh, so that no signal ever rests on an old quote."""
        while (pair := book.best.pair()) is not None and pair.bid > pair.ask:
            late = [venue for venue in (pair.buy, pair.sell) if not self.is_fresh(book.quotes[venue], now_ns)]
            if not late:
                return
            for venue in late:
                book.withdraw(venue, STALE, "stale")

    def profitable_routes(self, book: PairBook, now_ns: int) -> list[tuple[int, int]]:
        """Return the routes with a profit that may pass the threshold, best after fees first."""
        live = [(venue, quote) for venue, quote in book.live_quotes() if self.is_fresh(quote, now_ns)]
        lowest = min((quote.ask for _, quote in live), default=0.0)
        if not live or not may_qualify(lowest, max(quote.bid for _, quote in live), self._threshold):
            return []
        venues = self.terms.venues
        found = []
        for buy, bought in live:
            cost = bought.ask * venues[buy].ask_factor
            for sell, sold in live:
                ratio = sold.bid * venues[sell].bid_factor / cost
                if buy != sell and ratio > 1.0 and may_qualify(bought.ask, sold.bid, self._threshold):
                    found.append((-ratio, buy, sell))
        return [(buy, sell) for _, buy, sell in sorted(found)]

    def _try_route(self, book: PairBook, buy: int, sell: int, now_ns: int) -> bool:
        """Signal a route unless that was just done; return whether it deserves a signal."""
        bought, sold = book.quotes[buy], book.quotes[sell]
        if not may_qualify(bought.ask, sold.bid, self._threshold):
            return False
        figures = (buy, sell, bought.ask, sold.bid)
        if figures == book.last_signal:
            self.conflated += 1
            return True
        buyer, seller = self.terms.venues[buy], self.terms.venues[sell]
        decision = decide(bought, sold, buyer, seller, self.terms.threshold_pct)
        if decision is None:
            return False
        fill = fill_of(bought, sold, buyer, seller)
        writer = self._writer(book, buyer, seller)
        body = writer.write(
            decision, fill, (fill.flag,) if fill.flag else (), since_ns=self._caused_ns, now_ns=now_ns
        )
        now_ms = now_ns // NS_PER_MS
        book.last_signal = figures
        book.newest_signal = (writer.id, body)
        book.sighted[buy, sell] = (now_ms, bought, sold)
        self.signals += 1
        self._unpublished.append(self._caused_ns)
        self._add_signal(now_ms, body)
        return True

    def _writer(self, book: PairBook, buyer: Venue, seller: Venue) -> SignalWriter:
        key = (book.symbol, buyer.index, seller.index)
        writer = self._writers.get(key)
        if writer is None:
            writer = self._writers[key] = SignalWriter(book.symbol, book.route_symbol, buyer, seller)
        return writer

    def published(self, now_ns: int) -> None:
        """Note that the signals so far were written: how long it took since what led to them was received."""
        for received in self._unpublished:
            self.latencies.add((now_ns - received) // 1_000)
        self._unpublished.clear()

    def forget_unpublished(self) -> None:
        """Do not measure the signals so far: they wait for Redis, and an outage is not a latency."""
        self._unpublished.clear()
