"""Live quotes in an engine's memory, by symbol and venue."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from .freshness import is_fresh
from .quote import LIVE, STALE, WITHDRAWN, LiveQuote


class QuoteBook:
    """The newest quote of each venue, per symbol. Symbols never mix: a quote is only ever best of its own.

    Args:
        max_age_ms: oldest quote that counts.
        max_skew_ms: how far a time may lie ahead of our clock.
    """

    def __init__(self, *, max_age_ms: int, max_skew_ms: int) -> None:
        self._max_age_ms = max_age_ms
        self._max_skew_ms = max_skew_ms
        self._quotes: dict[str, dict[str, LiveQuote]] = {}

    def __len__(self) -> int:
        return sum(len(venues) for venues in self._quotes.values())

    def put(self, quote: LiveQuote) -> LiveQuote:
        """Keep a quote in place of the venue's former one; return it as kept.

        A venue that pays more than it asks has bad data: its quote is kept as withdrawn. Equal prices (a
        locked book) are legal. What is put last counts, whatever its time: clocks are set back now and then.
        """
        if is_crossed(quote):
            quote = replace(quote, state=WITHDRAWN)
        self._quotes.setdefault(quote.symbol, {})[quote.venue] = quote
        return quote

    def withdraw(self, *, venue: str, symbol: str = "") -> list[LiveQuote]:
        """Take a venue's quotes (of one symbol, or all) out of every comparison; return what changed."""
        changed = []
        for name in [symbol] if symbol else list(self._quotes):
            quote = self._quotes.get(name, {}).get(venue)
            if quote is not None and quote.state != WITHDRAWN:
                self._quotes[name][venue] = replace(quote, state=WITHDRAWN)
                changed.append(self._quotes[name][venue])
        return changed

    def get(self, symbol: str, venue: str) -> LiveQuote | None:
        """Return the quote of a venue as kept, whatever its state."""
        return self._quotes.get(symbol, {}).get(venue)

    def quotes(self, symbol: str) -> tuple[LiveQuote, ...]:
        """Return all quotes of a symbol as kept, by venue."""
        venues = self._quotes.get(symbol, {})
        return tuple(venues[name] for name in sorted(venues))

    def fresh(self, symbol: str, *, now_ms: int) -> tuple[LiveQuote, ...]:
        """Return the quotes of a symbol that may be compared now, by venue."""
        return tuple(quote for quote in self.quotes(symbol) if self._is_fresh(quote, now_ms))

    def best_bid(self, symbol: str, *, now_ms: int) -> LiveQuote | None:
        """Return the fresh quote with the highest bid; of equal ones the first by venue code."""
        found: LiveQuote | None = None
        best = Decimal(0)
        for quote in self.fresh(symbol, now_ms=now_ms):
            if quote.bid is not None and quote.bid > best:
                found, best = quote, quote.bid
        return found

    def best_ask(self, symbol: str, *, now_ms: int) -> LiveQuote | None:
        """Return the fresh quote with the lowest ask; of equal ones the first by venue code."""
        found: LiveQuote | None = None
        best = Decimal("Infinity")
        for quote in self.fresh(symbol, now_ms=now_ms):
            if quote.ask is not None and quote.ask < best:
                found, best = quote, quote.ask
        return found

    def purge(self, *, now_ms: int) -> list[LiveQuote]:
        """Mark live quotes that are not fresh any more as stale; return those that changed."""
        changed = []
        for venues in self._quotes.values():
            for name, quote in venues.items():
                if quote.state == LIVE and not self._is_fresh(quote, now_ms):
                    venues[name] = replace(quote, state=STALE)
                    changed.append(venues[name])
        return changed

    def forget(self, *, before_ms: int) -> int:
        """Drop quotes received before a time, so that delisted cards do not pile up; return how many."""
        count = 0
        for symbol in list(self._quotes):
            venues = self._quotes[symbol]
            for name in [name for name, quote in venues.items() if quote.received_ms < before_ms]:
                del venues[name]
                count += 1
            if not venues:
                del self._quotes[symbol]
        return count

    def symbols(self) -> list[str]:
        """Return the symbols with any quote, sorted."""
        return sorted(self._quotes)

    def snapshot(self) -> Mapping[str, tuple[LiveQuote, ...]]:
        """Return all quotes as kept now, by symbol and venue; later changes do not show in it."""
        return {symbol: self.quotes(symbol) for symbol in self.symbols()}

    def _is_fresh(self, quote: LiveQuote, now_ms: int) -> bool:
        return is_fresh(quote, now_ms=now_ms, max_age_ms=self._max_age_ms, max_skew_ms=self._max_skew_ms)


def is_crossed(quote: LiveQuote) -> bool:
    """Tell whether a venue pays more than it asks, which no venue means."""
    return quote.bid is not None and quote.ask is not None and quote.bid > quote.ask


def best_of(quotes: Iterable[LiveQuote]) -> tuple[LiveQuote | None, LiveQuote | None]:
    """Return the quotes with the highest bid and the lowest ask among some; the first of equal ones."""
    bid: LiveQuote | None = None
    ask: LiveQuote | None = None
    for quote in quotes:
        if quote.bid is not None and (bid is None or bid.bid is None or quote.bid > bid.bid):
            bid = quote
        if quote.ask is not None and (ask is None or ask.ask is None or quote.ask < ask.ask):
            ask = quote
    return bid, ask
