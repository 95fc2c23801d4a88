"""Cycles of pairs at one exchange that end with more than they began (`CRYPTO_TRIANGLES`).

Judged ten times a second, net of the taker fee of every step. They are signalled as
`TRIANGULAR_OPPORTUNITY` and not stored as routes: a route has two venues.
"""

import json
from typing import Final

from opportunities.choices import SpreadFlag
from quant.spreads.cycles import Cycle, Step, bought_at, find_cycle
from quant.spreads.exact import exact
from quant.spreads.messages import Quote
from quant.spreads.symbols import route_id

from .engine import AddSignal, SignalEngine
from .terms import NS_PER_MS, Venue

TRIANGLE_TYPE: Final = "TRIANGULAR_OPPORTUNITY"


class Triangles:
    """Finds one paying cycle per exchange and signals it when it changes.

    Args:
        engine: whose books are read.
        add_signal: where signals go.
    """

    def __init__(self, engine: SignalEngine, *, add_signal: AddSignal) -> None:
        self._engine = engine
        self._add_signal = add_signal
        self._standing: dict[str, Cycle] = {}

    def look(self, now_ns: int) -> None:
        """Judge every exchange once, if triangles are asked for.

        Args:
            now_ns: our clock, Unix nanoseconds.
        """
        if not self._engine.terms.finds_triangles:
            return
        for venue in self._engine.terms.venues:
            quotes = self._quotes(venue, now_ns)
            cycle = find_cycle([step for quote in quotes for step in _steps(quote, venue)])
            if cycle is None:
                self._standing.pop(venue.code, None)
            elif cycle != self._standing.get(venue.code):
                self._standing[venue.code] = cycle
                newest = max(quote.received for quote in quotes)
                self._engine.signals += 1
                self._add_signal(now_ns // NS_PER_MS, _signal(venue, cycle, newest, now_ns))

    def _quotes(self, venue: Venue, now_ns: int) -> list[Quote]:
        return [
            quote
            for book in self._engine.books.values()
            for index, quote in book.live_quotes()
            if index == venue.index and self._engine.is_fresh(quote, now_ns)
        ]


def _steps(quote: Quote, venue: Venue) -> tuple[Step, Step]:
    base, _, other = quote.symbol.partition("/")
    fee = venue.terms.fee_bps
    return (
        Step(base, other, exact(quote.bid), fee, venue.code),
        Step(other, base, bought_at(exact(quote.ask)), fee, venue.code),
    )


def _signal(venue: Venue, cycle: Cycle, received_ns: int, now_ns: int) -> bytes:
    """Return the signal of a cycle in R001's fields: prices are units before and after, gain is net."""
    path = ">".join([*(step.give for step in cycle.steps), cycle.steps[0].give])
    bps = cycle.gain_bps
    gain = bps / 10_000
    signal = {
        "type": TRIANGLE_TYPE, "action": f"CYCLE_{venue.code.upper()}", "symbol": path,
        "spread_pct": float(round(bps / 100, 4)), "buy_price": 1.0, "sell_price": float(1 + gain),
        "profit_estimate": float(round(gain, 2)), "timestamp": now_ns // NS_PER_MS,
        "id": str(route_id(f"triangle:{path}", venue.code, venue.code)), "buy_exchange": venue.code,
        "sell_exchange": venue.code, "net_spread_pct": float(round(bps / 100, 4)), "net_bps": f"{bps:.4f}",
        "net_profit": f"{gain:.8f}", "size": None, "total_profit": None,
        "flags": [SpreadFlag.TRIANGULAR.value], "received_ms": received_ns // NS_PER_MS,
        "latency_us": (now_ns - received_ns) // 1_000,
    }  # fmt: skip
    return json.dumps(signal, separators=(",", ":")).encode()
