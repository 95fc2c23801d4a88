"""Which routes are open: looked at ten times a second, told to the sink when they open, go on and close.

Signals follow every tick; rows in a database need not. A gap that came and went between two looks is told as
opened and closed. A gap that a price closes is given half a second to come back before it counts as closed,
so that a price trembling at the threshold does not make an episode per look; a stale or withdrawn quote
closes at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from quant.spreads.messages import Quote

from .deciding import decide
from .engine import SignalEngine
from .pair_book import LIVE, PairBook
from .sighting import CLOSED, OPEN, SEEN, Leg, SightedRoute, sighted_route, sighting_json
from .terms import NS_PER_MS, EngineTerms

SEEN_MS: Final = 1_000
GRACE_MS: Final = 500
_SET_BACK_MS: Final = 30_000
GONE: Final = "gone"
BELOW: Final = "below_threshold"

RouteKey = tuple[str, str, str]
Tell = Callable[[SightedRoute, Mapping[str, Any]], None]
"""Takes the route and its sighting."""


@dataclass(slots=True)
class _Watched:
    route: SightedRoute
    told_ms: int
    look: int
    missing_since: int | None = None


class RouteWatch:
    """The open routes of all symbols.

    Between `begin` and `finish` of one look, `see` names every route that is there.

    Args:
        terms: the engine's.
        tell: where sightings go.
    """

    def __init__(self, terms: EngineTerms, *, tell: Tell) -> None:
        self.open: dict[RouteKey, _Watched] = {}
        self._terms = terms
        self._tell = tell
        self._last_ms: dict[RouteKey, int] = {}
        self._seen_ms = min(SEEN_MS, max(1, terms.max_age_ms // 2))
        self._look = 0

    def forget_told(self) -> None:
        """Tell every open route anew at the next look: whoever was told may have lost it."""
        for watched in self.open.values():
            watched.told_ms = 0

    def begin(self) -> None:
        """Start a look."""
        self._look += 1

    def see_book(self, engine: SignalEngine, book: PairBook, now_ns: int) -> None:
        """See the routes of one symbol: those there now, and those that came and went since the last look."""
        now_ms = now_ns // NS_PER_MS
        if book.best.best_bid > book.best.best_ask:
            for buy, sell in engine.profitable_routes(book, now_ns):
                route = self._direct(book, buy, sell, book.quotes[buy], book.quotes[sell])
                if route is not None:
                    self.see(route, now_ms)
        for (buy, sell), (at_ms, bought, sold) in book.sighted.items():
            venues = self._terms.venues
            if (book.route_symbol, venues[buy].code, venues[sell].code) in self.open:
                continue
            route = self._direct(book, buy, sell, bought, sold)
            if route is not None:
                self._say(route, OPEN, at_ms)
                self._say(route, CLOSED, now_ms, _why(engine, route) or GONE)
        book.sighted.clear()

    def _direct(self, book: PairBook, buy: int, sell: int, bought: Quote, sold: Quote) -> SightedRoute | None:
        venues = self._terms.venues
        buyer, seller = venues[buy], venues[sell]
        if decide(bought, sold, buyer, seller, self._terms.threshold_pct) is None:
            return None
        legs = Leg(buyer, book.symbol, bought), Leg(seller, book.symbol, sold)
        return sighted_route(book.route_symbol, book.currency, *legs)

    def see(self, route: SightedRoute, now_ms: int) -> None:
        """Note that a route is there: it opens, or is told again when its last telling is old enough."""
        watched = self.open.get(route.key)
        if watched is None:
            self.open[route.key] = _Watched(route, now_ms, self._look)
            self._say(route, OPEN, now_ms)
            return
        watched.route, watched.look, watched.missing_since = route, self._look, None
        if now_ms - watched.told_ms >= self._seen_ms:
            event = SEEN if watched.told_ms else OPEN
            watched.told_ms = now_ms
            self._say(route, event, now_ms)

    def finish(self, engine: SignalEngine, now_ms: int) -> None:
        """End a look: close what was not seen in it."""
        for key, watched in list(self.open.items()):
            if watched.look == self._look:
                continue
            reason = _why(engine, watched.route)
            if reason:
                self._close(key, reason, now_ms)
                continue
            if watched.missing_since is None:
                watched.missing_since = now_ms
            if now_ms - watched.missing_since >= GRACE_MS:
                self._close(key, _why_price(engine, watched.route), now_ms)

    def close_all(self, reason: str, now_ms: int) -> None:
        """Close every route: the process ends."""
        for key in list(self.open):
            self._close(key, reason, now_ms)

    def _close(self, key: RouteKey, reason: str, now_ms: int) -> None:
        self._say(self.open.pop(key).route, CLOSED, now_ms, reason)

    def _say(self, route: SightedRoute, event: str, at_ms: int, reason: str = "") -> None:
        last = self._last_ms.get(route.key, 0)
        # Times of a route only go forward, unless the clock was set back by more than a trembling.
        later = max(at_ms, last + 1) if last - at_ms < _SET_BACK_MS else at_ms
        self._last_ms[route.key] = later
        self._tell(route, sighting_json(route, event, at_ms=later, terms=self._terms, reason=reason))


def _why(engine: SignalEngine, route: SightedRoute) -> str:
    """Return why a route cannot be compared any more; empty if both of its quotes still are."""
    for leg in (route.buy, route.sell):
        book = engine.books.get(leg.pair)
        state = LIVE if book is None else book.states[leg.venue.index]
        if state != LIVE:
            return state
    return _why_rate(engine, route)


def _why_rate(engine: SignalEngine, route: SightedRoute) -> str:
    """Return why what a leg was converted by does not count any more; empty if it does, or none was."""
    book = engine.books.get(route.basis.get("rate_pair", ""))
    venue = engine.terms.by_code.get(route.basis.get("rate_venue", ""))
    if book is None or venue is None:
        return ""
    state = book.states[venue.index]
    return "" if state == LIVE else state


def _why_price(engine: SignalEngine, route: SightedRoute) -> str:
    """Return what the prices did: the gross gap is gone, or too narrow."""
    ask = _quote_now(engine, route.buy).ask * float(route.buy.ask_rate)
    bid = _quote_now(engine, route.sell).bid * float(route.sell.bid_rate)
    return BELOW if bid > ask else GONE


def _quote_now(engine: SignalEngine, leg: Leg) -> Quote:
    return engine.books[leg.pair].quotes[leg.venue.index]
