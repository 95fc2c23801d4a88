"""Compares the desks' quotes, card by card, and remembers which routes are open.

No clock, no network, no database: quotes and times come in, `News` comes out. Work is done per card that
changed; nothing is ever compared across cards, because a book holds one card only.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pricing.quotebook import LIVE, WITHDRAWN, LiveQuote, QuoteBook, is_crossed

from .desk import Desk, Policy
from .routes import Route, routes_of
from .sightings import book_news, closed, sighting, spread_news, symbol_parts

REFRESH_MS: Final = 5_000
"""A book whose prices stand still is told again after this long, so that its age is known."""
REFRESHED_AT_ONCE: Final = 50
FORGOTTEN_AGES: Final = 40
"""Quotes older than this many times the allowed age are dropped."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class News:
    """What changed since the last look.

    Args:
        quotes: to be stored, as kept in the book.
        sightings: for the sink, in order.
        spreads: for control rooms, by route id.
        books: for control rooms, by symbol.
    """

    quotes: list[LiveQuote] = field(default_factory=list)
    sightings: list[dict[str, Any]] = field(default_factory=list)
    spreads: dict[str, dict[str, Any]] = field(default_factory=dict)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.quotes or self.sightings or self.books)


@dataclass(slots=True)
class _Open:
    """A route that is open: what was told of it last, and when."""

    told: dict[str, Any]
    id: str


class Engine:
    """Finds routes among the newest quotes of all desks.

    Args:
        policy: the operator's rules.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._book = QuoteBook(max_age_ms=policy.max_age_ms, max_skew_ms=policy.max_skew_ms)
        self._desks: dict[str, Desk] = {}
        self._offered: dict[str, frozenset[str]] = {}
        self._dirty: dict[str, None] = {}
        self._unsent: dict[tuple[str, str], LiveQuote] = {}
        self._open: dict[Key, _Open] = {}
        self._shown: dict[str, tuple[Any, int]] = {}
        self._crossed: Counter[str] = Counter()

    @property
    def quote_count(self) -> int:
        """Return how many quotes are kept."""
        return len(self._book)

    @property
    def open_count(self) -> int:
        """Return how many routes are open."""
        return len(self._open)

    @property
    def crossed_count(self) -> int:
        """Return how many quotes were put aside because a desk paid more than it asked."""
        return self._crossed.total()

    def crossed_of(self, venue: str) -> int:
        """Return how many quotes of one desk were put aside for that."""
        return self._crossed[venue]

    def set_desks(self, desks: Iterable[Desk]) -> None:
        """Take the markets as they are now; quotes of markets that are gone leave every comparison."""
        found = {desk.code: desk for desk in desks}
        for code in set(self._desks) - set(found):
            self._keep(self._book.withdraw(venue=code))
            self._offered.pop(code, None)
        changed = {code for code, desk in found.items() if self._desks.get(code) != desk}
        self._desks = found
        for code in changed:
            self._touch(self._offered.get(code, frozenset()))

    def apply(self, venue: str, quotes: Iterable[LiveQuote]) -> None:
        """Take a desk's whole list; a card that is not on it any more leaves every comparison.

        Args:
            venue: code of a desk; the list of an unknown one is ignored.
            quotes: all it offers and wants now.
        """
        if venue not in self._desks:
            return
        found = {quote.symbol: quote for quote in quotes if quote.venue == venue}
        for symbol in self._offered.get(venue, frozenset()) - found.keys():
            self._keep(self._book.withdraw(venue=venue, symbol=symbol))
        for quote in found.values():
            self._crossed[venue] += is_crossed(quote)
            self._keep([self._book.put(quote)])
        self._offered[venue] = frozenset(found)

    def resend(self) -> None:
        """Tell everything again with the next news: whoever listened may have lost it."""
        for quotes in self._book.snapshot().values():
            self._keep(quotes)
        self._shown.clear()

    def news(self, *, now_ms: int) -> News:
        """Return what changed, at the time given; the next call starts from here.

        Args:
            now_ms: Unix milliseconds.
        """
        self._keep(self._book.purge(now_ms=now_ms))
        news = News()
        dirty, self._dirty = self._dirty, {}
        for symbol in dirty:
            self._compare(symbol, news, now_ms)
            self._show(symbol, news, now_ms)
        self._refresh(news, now_ms)
        news.quotes = list(self._unsent.values())
        self._unsent.clear()
        self._book.forget(before_ms=now_ms - FORGOTTEN_AGES * self._policy.max_age_ms)
        return news

    def end(self, *, now_ms: int) -> News:
        """Withdraw all quotes and close all routes: the process stops, and nobody watches any more."""
        for code in self._desks:
            self._keep(self._book.withdraw(venue=code))
        return self.news(now_ms=now_ms)

    def _keep(self, quotes: Iterable[LiveQuote]) -> None:
        for quote in quotes:
            self._unsent[quote.symbol, quote.venue] = quote
            self._dirty[quote.symbol] = None

    def _touch(self, symbols: Collection[str]) -> None:
        self._dirty.update(dict.fromkeys(symbols))

    def _tradable(self, symbol: str) -> dict[str, Desk]:
        """Return the desks that may trade a card: none if the card itself is out of bounds."""
        parts = symbol_parts(symbol)
        if self._policy.gated(region=parts["region"], currency=parts["quote"]):
            return {}
        return {
            code: desk
            for code, desk in self._desks.items()
            if not self._policy.gated(region=desk.region, currency=desk.currency)
        }

    def _compare(self, symbol: str, news: News, now_ms: int) -> None:
        tradable = self._tradable(symbol)
        fresh = self._book.fresh(symbol, now_ms=now_ms)
        found = {route.key: route for route in routes_of(fresh, tradable, self._policy)}
        for key, route in found.items():
            self._tell(key, route, news, now_ms)
        for key in [key for key in self._open if key[0] == symbol and key not in found]:
            ended = self._open.pop(key)
            reason = self._reason(key, tradable, now_ms)
            entry = closed(ended.told, reason=reason, now_ms=now_ms)
            news.sightings.append(entry)
            news.spreads[ended.id] = spread_news(entry, ended.id)

    def _tell(self, key: Key, route: Route, news: News, now_ms: int) -> None:
        known = self._open.get(key)
        event = "open" if known is None else "seen"
        if known is not None and 0 <= now_ms - known.told["at_ms"] < self._policy.seen_ms:
            self._dirty[key[0]] = None  # what is new is told when it is due
            return
        entry = sighting(route, self._policy, event=event, now_ms=now_ms)
        if known is not None and _same(known.told, entry):
            return
        self._open[key] = _Open(entry, str(route.id))
        news.sightings.append(entry)
        news.spreads[str(route.id)] = spread_news(entry, str(route.id))

    def _reason(self, key: Key, tradable: Mapping[str, Desk], now_ms: int) -> str:
        """Return why a route that was open does not pay any more."""
        symbol, *venues = key
        if any(venue in self._desks and venue not in tradable for venue in venues):
            return "gated"
        fresh = {quote.venue for quote in self._book.fresh(symbol, now_ms=now_ms)}
        for venue, side in zip(venues, ("ask", "bid"), strict=True):
            quote = self._book.get(symbol, venue)
            if venue not in self._desks:
                return "withdrawn"
            if quote is None or symbol not in self._offered.get(venue, ()) or getattr(quote, side) is None:
                return "gone"
            if quote.state == WITHDRAWN:
                return "withdrawn"
            if venue not in fresh:
                return "stale"
        return "below_threshold"

    def _show(self, symbol: str, news: News, now_ms: int) -> None:
        """Tell a book at once when something visible changed, else when it is due."""
        quotes = self._book.quotes(symbol)
        visible = tuple(replace(quote, received_ms=0, venue_time_ms=0, expires_ms=0) for quote in quotes)
        shown, _ = self._shown.get(symbol, (None, 0))
        if shown != visible:
            self._tell_book(symbol, quotes, visible, news, now_ms)

    def _refresh(self, news: News, now_ms: int) -> None:
        due = [symbol for symbol, (_, at_ms) in self._shown.items() if now_ms - at_ms >= REFRESH_MS]
        for symbol in due[:REFRESHED_AT_ONCE]:
            quotes = self._book.quotes(symbol)
            if not any(quote.state == LIVE for quote in quotes):
                del self._shown[symbol]
                continue
            self._tell_book(symbol, quotes, self._shown[symbol][0], news, now_ms)

    def _tell_book(
        self, symbol: str, quotes: tuple[LiveQuote, ...], visible: Any, news: News, now_ms: int
    ) -> None:
        fresh = {quote.venue for quote in self._book.fresh(symbol, now_ms=now_ms)}
        news.books[symbol] = book_news(symbol, quotes, tradable=self._tradable(symbol), now_fresh=fresh)
        self._shown[symbol] = (visible, now_ms)


def _same(told: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Tell whether nothing but the time of telling differs: the quotes have not been renewed."""
    return all(told[name] == value for name, value in entry.items() if name not in ("at_ms", "event"))
