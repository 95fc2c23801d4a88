"""Routes between two quote assets, USDT and USD: each leg at a live rate's worse side, or not at all.

USD is not USDT: a move of the peg by 0.3 % is most of R001's threshold. A coin sold for USD and bought with
USDT is compared only while a live USDT/USD book says what the USDT cost, with a haircut, and what comes out
is flagged `converted`. `ASSUME_PEG` takes both for one instead, as R001 does, flagged `basis_risk`. These
routes are judged ten times a second, not with every tick.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from opportunities.choices import SpreadFlag
from quant.spreads.basis import Factors, Rate, RateLimits, factors
from quant.spreads.exact import exact
from quant.spreads.messages import Quote
from quant.spreads.r001 import is_signal, spread_pct
from quant.spreads.symbols import crypto_symbol

from .deciding import Decision, Fill, is_absurd, may_qualify
from .engine import AddSignal, SignalEngine
from .pair_book import PairBook
from .sighting import Leg, SightedRoute, sighted_route
from .signal_json import SignalWriter
from .terms import NS_PER_MS, Venue

PEGGED: Final = ("USDT", "USDC")
FIAT: Final = "USD"
_ONE: Final = Factors(Decimal(1), Decimal(1))

See = Callable[[SightedRoute, int], None]


@dataclass(frozen=True, slots=True)
class _Basis:
    """How one unit of a pegged asset is worth USD now."""

    asset: str
    factors: Factors
    flag: str
    facts: dict[str, str]
    rate: Quote | None


class BasisRoutes:
    """Finds the routes across USDT and USD and signals the best one of each pair and direction.

    Args:
        engine: whose books are compared.
        add_signal: where signals go.
        see: where routes go, with our clock in Unix milliseconds.
    """

    def __init__(self, engine: SignalEngine, *, add_signal: AddSignal, see: See) -> None:
        self._engine = engine
        self._add_signal = add_signal
        self._see = see
        self._standing: dict[str, tuple[str, str, Decimal, Decimal]] = {}

    def look(self, now_ns: int) -> None:
        """Judge all routes once.

        Args:
            now_ns: our clock, Unix nanoseconds.
        """
        for asset in PEGGED:
            basis = self._basis(asset, now_ns)
            for base in self._bases(asset):
                pegged, fiat = self._engine.books[f"{base}/{asset}"], self._engine.books[f"{base}/{FIAT}"]
                self._judge(pegged, fiat, basis, now_ns)
                self._judge(fiat, pegged, basis, now_ns)

    def _bases(self, asset: str) -> Iterator[str]:
        for symbol, book in list(self._engine.books.items()):
            if book.currency == asset and f"{book.base}/{FIAT}" in self._engine.books:
                yield symbol.partition("/")[0]

    def _judge(self, bought: PairBook, sold: PairBook, basis: _Basis | None, now_ns: int) -> None:
        """See every route that buys from one book and sells into the other; signal the best."""
        name = f"{crypto_symbol(bought.symbol)}~{sold.currency}"
        routes = [] if basis is None else list(self._routes(name, bought, sold, basis, now_ns))
        for route in routes:
            self._see(route, now_ns // NS_PER_MS)
        best = max(routes, key=lambda route: route.spread.net_bps, default=None)
        if best is None or basis is None:
            self._standing.pop(name, None)
            return
        figures = (best.buy.venue.code, best.sell.venue.code, best.buy.ask, best.sell.bid)
        if self._standing.get(name) != figures:
            self._standing[name] = figures
            shown = f"{bought.base}/{basis.asset if basis.rate is None else FIAT}"
            self._signal(shown, best, now_ns)

    def _routes(
        self, name: str, bought: PairBook, sold: PairBook, basis: _Basis, now_ns: int
    ) -> Iterator[SightedRoute]:
        terms = self._engine.terms
        threshold = float(terms.threshold_pct)
        is_pegged_bought = bought.currency == basis.asset
        ask_rate = basis.factors.buy if is_pegged_bought else Decimal(1)
        bid_rate = Decimal(1) if is_pegged_bought else basis.factors.sell
        for buyer, ask in self._fresh(bought, now_ns):
            for seller, bid in self._fresh(sold, now_ns):
                gross = ask.ask * float(ask_rate), bid.bid * float(bid_rate)
                if buyer is seller or not may_qualify(*gross, threshold) or is_absurd(*gross):
                    continue
                route = sighted_route(
                    name,
                    FIAT,
                    Leg(buyer, bought.symbol, ask, ask_rate=ask_rate),
                    Leg(seller, sold.symbol, bid, bid_rate=bid_rate),
                    flags=(basis.flag,),
                    basis=basis.facts,
                    rate=basis.rate,
                )
                percent = spread_pct(route.buy.ask, route.sell.bid)
                if is_signal(percent, terms.threshold_pct) and route.spread.profit > 0:
                    yield route

    def _fresh(self, book: PairBook, now_ns: int) -> list[tuple[Venue, Quote]]:
        venues = self._engine.terms.venues
        return [
            (venues[index], quote)
            for index, quote in book.live_quotes()
            if self._engine.is_fresh(quote, now_ns)
        ]

    def _basis(self, asset: str, now_ns: int) -> _Basis | None:
        """Return what the asset is worth by the tightest fresh book; None without one."""
        terms = self._engine.terms
        if terms.assumes_peg:
            flag, facts = SpreadFlag.BASIS_RISK.value, {"assumed_rate": "1", "rate_pair": ""}
            return _Basis(asset, _ONE, flag, facts, None)
        book = self._engine.books.get(f"{asset}/{FIAT}")
        fresh = [] if book is None else self._fresh(book, now_ns)
        if not fresh:
            return None
        venue, quote = min(fresh, key=lambda one: ((one[1].ask - one[1].bid) / one[1].ask, one[0].code))
        rate = Rate(exact(quote.bid), exact(quote.ask), quote.received // NS_PER_MS)
        limits = RateLimits(terms.max_age_ms, terms.max_skew_ms, terms.haircut_bps)
        found = factors(rate, now_ms=now_ns // NS_PER_MS, limits=limits)
        if found is None:
            return None
        facts = {
            "rate_pair": f"{asset}/{FIAT}", "rate_venue": venue.code, "rate_bid": f"{rate.bid:f}",
            "rate_ask": f"{rate.ask:f}", "rate_received_ms": str(rate.received_ms),
            "haircut_bps": str(terms.haircut_bps),
        }  # fmt: skip
        return _Basis(asset, found, SpreadFlag.CONVERTED.value, facts, quote)

    def _signal(self, shown: str, route: SightedRoute, now_ns: int) -> None:
        spread = route.spread
        decision = Decision(
            buy_price=route.buy.ask, sell_price=route.sell.bid, cost=spread.cost, proceeds=spread.proceeds,
            profit=spread.profit, spread_pct=spread_pct(route.buy.ask, route.sell.bid),
            net_bps=spread.net_bps,
        )  # fmt: skip
        fill = Fill(float(route.size or 0), float(route.total_profit or 0), "")
        since_ns = max(route.buy.quote.received, route.sell.quote.received)
        writer = SignalWriter(shown, route.symbol, route.buy.venue, route.sell.venue)
        body = writer.write(decision, fill, route.flags, since_ns=since_ns, now_ns=now_ns)
        self._engine.signals += 1
        self._add_signal(now_ns // NS_PER_MS, body)
