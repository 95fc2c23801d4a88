"""What the sink is told about a route: exact figures with the quotes they follow from, as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from opportunities.choices import LiveMarketKind, SpreadFlag
from quant.spreads.depth import merge
from quant.spreads.exact import exact
from quant.spreads.messages import Level, Quote
from quant.spreads.net import NetSpread, net_spread
from quant.spreads.symbols import route_id

from .terms import NS_PER_MS, EngineTerms, Venue

OPEN: Final = "open"
SEEN: Final = "seen"
CLOSED: Final = "closed"
_LEVELS: Final = 10


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a route: a venue's quote, and by how much its prices are multiplied to be comparable.

    Args:
        venue: where.
        pair: what it quotes, such as `BTC/USDT`.
        quote: the newest.
        ask_rate: what asks are multiplied by, 1 where nothing is converted.
        bid_rate: what bids are multiplied by.
    """

    venue: Venue
    pair: str
    quote: Quote
    ask_rate: Decimal = Decimal(1)
    bid_rate: Decimal = Decimal(1)

    @property
    def ask(self) -> Decimal:
        """Exact price we buy at, in the route's currency."""
        return exact(self.quote.ask) * self.ask_rate

    @property
    def bid(self) -> Decimal:
        """Exact price we sell at, in the route's currency."""
        return exact(self.quote.bid) * self.bid_rate


@dataclass(frozen=True, slots=True)
class SightedRoute:
    """A route at one moment, with all figures.

    Args:
        symbol: route symbol, which with both venues makes the id.
        currency: of every amount.
        buy: leg we buy at.
        sell: leg we sell at.
        spread: figures of one unit.
        size: units that both books take at a profit; None where a venue does not say.
        total_profit: what those leave; None likewise.
        flags: what a person should know.
        basis: how a leg was converted; empty if none was.
        rate: the quote it was converted by; None if none was.
    """

    symbol: str
    currency: str
    buy: Leg
    sell: Leg
    spread: NetSpread
    size: Decimal | None
    total_profit: Decimal | None
    flags: tuple[str, ...]
    basis: Mapping[str, str]
    rate: Quote | None = None

    @property
    def oldest_ns(self) -> int:
        """Receipt of the oldest quote that it rests on, Unix nanoseconds."""
        quotes = (self.buy.quote, self.sell.quote, self.rate)
        return min(quote.received for quote in quotes if quote is not None)

    @property
    def key(self) -> tuple[str, str, str]:
        """Symbol, buying venue and selling venue."""
        return (self.symbol, self.buy.venue.code, self.sell.venue.code)

    @property
    def id(self) -> str:
        """The route's id, the same in every process."""
        return str(route_id(*self.key))


def sighted_route(  # noqa: PLR0913 - a route has this many sides
    symbol: str,
    currency: str,
    buy: Leg,
    sell: Leg,
    *,
    flags: Sequence[str] = (),
    basis: Mapping[str, str] = MappingProxyType({}),
    rate: Quote | None = None,
) -> SightedRoute:
    """Work out all figures of a route.

    Args:
        symbol: route symbol.
        currency: of the amounts.
        buy: leg we buy at.
        sell: leg we sell at.
        flags: those already known; what sizes and times add is added.
        basis: how a leg was converted.
        rate: the quote it was converted by.
    """
    spread = net_spread(buy.ask, sell.bid, buy.venue.terms, sell.venue.terms)
    size, total, flag = _room(buy, sell)
    found = [*flags, *([flag] if flag else [])]
    if not (buy.quote.timestamp and sell.quote.timestamp):
        found.append(SpreadFlag.NO_VENUE_TIME.value)
    return SightedRoute(symbol, currency, buy, sell, spread, size, total, tuple(found), basis, rate)


def _room(buy: Leg, sell: Leg) -> tuple[Decimal | None, Decimal | None, str]:
    """Return size, total profit and flag of a route by as much of the books as is known."""
    has_depth = bool(buy.quote.asks) and bool(sell.quote.bids)
    asks = _levels(buy.quote.asks, buy.quote.ask, buy.quote.ask_size, buy.ask_rate)
    bids = _levels(sell.quote.bids, sell.quote.bid, sell.quote.bid_size, sell.bid_rate)
    if not (asks and bids):
        return None, None, SpreadFlag.SIZE_UNKNOWN.value
    fill = merge(asks, bids, buy.venue.terms, sell.venue.terms)
    return fill.size, fill.profit, "" if has_depth else SpreadFlag.TOP_ONLY.value


def _levels(levels: list[Level], price: float, size: float, rate: Decimal) -> list[tuple[Decimal, Decimal]]:
    known = levels or ([(price, size)] if size > 0.0 else [])
    return [(exact(level) * rate, exact(amount)) for level, amount in known[:_LEVELS]]


def sighting_json(
    route: SightedRoute, event: str, *, at_ms: int, terms: EngineTerms, reason: str = ""
) -> dict[str, Any]:
    """Return a sighting as it goes onto the stream; amounts as text, unrounded up to 12 places.

    Args:
        route: with its newest figures; for `closed` the last ones.
        event: `open`, `seen` or `closed`.
        at_ms: when, Unix milliseconds; later than the one before of the same route.
        terms: the engine's.
        reason: why it closed.
    """
    spread = route.spread
    return {
        "event": event, "market": LiveMarketKind.CRYPTO.value, "symbol": route.symbol,
        "buy_venue": route.buy.venue.code, "sell_venue": route.sell.venue.code, "currency": route.currency,
        "buy_price": _text(route.buy.ask), "sell_price": _text(route.sell.bid),
        "cost": _text(spread.cost), "proceeds": _text(spread.proceeds), "cushion": _text(spread.cushion),
        "gross_profit": _text(spread.gross_profit), "net_profit": _text(spread.profit),
        "loss_reserve": "0", "expected_profit": _text(spread.profit),
        "gross_bps": _bps(spread.gross_bps), "net_bps": _bps(spread.net_bps),
        "size": None if route.size is None else _text(route.size),
        "total_profit": None if route.total_profit is None else _text(route.total_profit),
        "threshold_bps": _bps(terms.threshold_bps), "flags": list(route.flags),
        "at_ms": at_ms, "expires_ms": route.oldest_ns // NS_PER_MS + terms.max_age_ms, "reason": reason,
        "inputs": {
            "buy": _leg(route.buy), "sell": _leg(route.sell),
            "buy_fee_bps": str(route.buy.venue.terms.fee_bps),
            "sell_fee_bps": str(route.sell.venue.terms.fee_bps), **route.basis,
        },
    }  # fmt: skip


def as_bytes(sighting: Mapping[str, Any]) -> bytes:
    """Return the JSON text of a sighting."""
    return json.dumps(sighting, separators=(",", ":")).encode()


def _text(amount: Decimal) -> str:
    text = f"{amount:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _bps(amount: Decimal) -> str:
    return f"{amount:.4f}"


def _leg(leg: Leg) -> dict[str, Any]:
    quote = leg.quote
    return {
        "pair": leg.pair, "bid": f"{exact(quote.bid):f}", "ask": f"{exact(quote.ask):f}",
        "bid_size": _size(quote.bid_size), "ask_size": _size(quote.ask_size),
        "venue_time_ms": quote.timestamp or None, "received_ms": quote.received // NS_PER_MS,
        "bids": _shown(quote.bids), "asks": _shown(quote.asks),
    }  # fmt: skip


def _size(size: float) -> str | None:
    return f"{exact(size):f}" if size > 0.0 else None


def _shown(levels: list[Level]) -> list[list[str]]:
    return [[f"{exact(price):f}", f"{exact(size):f}"] for price, size in levels[:_LEVELS]]
