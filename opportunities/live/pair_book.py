"""All venues' quotes of one symbol, and what the engine remembers about them."""

from typing import Final

from quant.spreads.best_two import BestTwo
from quant.spreads.messages import Quote
from quant.spreads.symbols import crypto_symbol

LIVE: Final = "live"
STALE: Final = "stale"
WITHDRAWN: Final = "withdrawn"
NO_QUOTE: Final = Quote("", "", 0.0, 0.0, 0, 0.0, 0.0, 0.0, 0.0, 0)


class PairBook:
    """One symbol over all venues. Fields are public: the engine is the only user, and every access counts.

    Attributes:
        symbol: the pair, such as `BTC/USDT`.
        route_symbol: its instrument symbol, such as `crypto:BTC/USDT`.
        best: effective prices, fees folded in, of the venues that are compared now.
        quotes: the newest quote of each venue by index, `NO_QUOTE` before its first.
        states: `live`, `stale` or `withdrawn` by venue.
        reasons: why a venue is not live, by venue.
        changed: bit mask of the venues that news are due of.
        last_signal: route and prices of the signal that is standing; None when there is no gap.
        newest_signal: id of the route and JSON of the newest signal that control rooms were not told of.
        sighted: routes decided on since the last flush -> time, quotes.
    """

    __slots__ = (
        "base", "best", "changed", "currency", "last_signal", "newest_signal", "quotes", "reasons",
        "route_symbol", "sighted", "states", "symbol",
    )  # fmt: skip

    def __init__(self, symbol: str, size: int) -> None:
        """Start with no quotes.

        Raises:
            ValueError: if the symbol is no pair.
        """
        self.symbol = symbol
        self.route_symbol = crypto_symbol(symbol)
        self.base, _, self.currency = symbol.partition("/")
        self.best = BestTwo(size)
        self.quotes = [NO_QUOTE] * size
        self.states = [WITHDRAWN] * size
        self.reasons = [""] * size
        self.changed = 0
        self.last_signal: tuple[int, int, float, float] | None = None
        self.newest_signal: tuple[str, bytes] | None = None
        self.sighted: dict[tuple[int, int], tuple[int, Quote, Quote]] = {}

    def withdraw(self, venue: int, state: str, reason: str) -> bool:
        """Take a venue out of the comparison; return whether it was in it."""
        if self.states[venue] == state:
            return False
        was_live = self.states[venue] == LIVE
        self.states[venue] = state
        self.reasons[venue] = reason
        self.best.withdraw(venue)
        if self.quotes[venue] is not NO_QUOTE:
            self.changed |= 1 << venue
        return was_live

    def mark_all(self) -> None:
        """Mark every venue that has quoted, so that news of all of them are due."""
        for venue, quote in enumerate(self.quotes):
            if quote is not NO_QUOTE:
                self.changed |= 1 << venue

    def live_quotes(self) -> list[tuple[int, Quote]]:
        """Return the quotes that are compared, by venue index."""
        return [(venue, quote) for venue, quote in enumerate(self.quotes) if self.states[venue] == LIVE]
