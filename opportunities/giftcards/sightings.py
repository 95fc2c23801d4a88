"""How routes and books look to others: entries for the sink, news for open control rooms."""

import json
from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from catalog.instruments import read_symbol
from pricing.quotebook import GIFT_CARD, LIVE, LiveQuote, best_of, quote_json

from .desk import Desk, Policy
from .routes import Route

GATED: Final = "gated"
_AMOUNT: Final = Decimal("1E-12")
_BPS: Final = Decimal("0.0001")


def amount_text(number: Decimal) -> str:
    """Return an amount with at most 12 places, as the database keeps it, without trailing zeros."""
    rounded = number.quantize(_AMOUNT, ROUND_HALF_EVEN)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") or "0"


def bps_text(number: Decimal) -> str:
    """Return basis points with 4 places."""
    return f"{number.quantize(_BPS, ROUND_HALF_EVEN):f}"


def sighting(route: Route, policy: Policy, *, event: str, now_ms: int) -> dict[str, Any]:
    """Return what is told of a route: its figures per card, and everything they were made from.

    Args:
        route: as it is now.
        policy: the rules it was found by.
        event: `open` or `seen`.
        now_ms: Unix milliseconds.
    """
    spread = route.spread
    net = spread.profit / spread.quantity
    reserve = route.reserve / spread.quantity
    return {
        "event": event,
        "market": GIFT_CARD,
        "symbol": route.buy.symbol,
        "buy_venue": route.buy.venue,
        "sell_venue": route.sell.venue,
        "currency": route.buy.currency,
        "buy_price": amount_text(route.buy.ask or Decimal(0)),
        "sell_price": amount_text(route.sell.bid or Decimal(0)),
        "cost": amount_text(spread.cost),
        "proceeds": amount_text(spread.proceeds),
        "cushion": amount_text(spread.cushion),
        "gross_profit": amount_text(spread.gross_profit / spread.quantity),
        "net_profit": amount_text(net),
        "loss_reserve": amount_text(reserve),
        "expected_profit": amount_text(net - reserve),
        "gross_bps": bps_text(spread.gross_bps),
        "net_bps": bps_text(spread.net_bps),
        "size": None if route.size is None else amount_text(route.size),
        "total_profit": None if route.size is None else amount_text(spread.profit),
        "threshold_bps": bps_text(policy.threshold_bps),
        "flags": route.flags(),
        "at_ms": now_ms,
        "expires_ms": route.expires_ms(max_age_ms=policy.max_age_ms),
        "reason": "",
        "inputs": _inputs(route, policy),
    }


def _inputs(route: Route, policy: Policy) -> dict[str, Any]:
    return {
        "buy": json.loads(quote_json(route.buy)),
        "sell": json.loads(quote_json(route.sell)),
        "fees": {"buy": _terms(route.buyer), "sell": _terms(route.seller)},
        "fx_bps": f"{policy.cushions.fx_bps:f}",
        "network_bps": f"{policy.cushions.network_bps:f}",
        "loss_rate": f"{policy.loss_rate:f}",
        "recovery_rate": f"{policy.recovery_rate:f}",
        "quantity": f"{route.spread.quantity:f}",
        "max_cards": policy.max_cards,
        "max_age_ms": policy.max_age_ms,
    }


def _terms(desk: Desk) -> dict[str, str]:
    return {
        "fee_bps": f"{desk.terms.fee_bps:f}",
        "slippage_bps": f"{desk.terms.slippage_bps:f}",
        "fixed_fee": f"{desk.terms.fixed_fee:f}",
    }


def closed(last: Mapping[str, Any], *, reason: str, now_ms: int) -> dict[str, Any]:
    """Return the end of a route: its last figures, why it ended, and when."""
    return {**last, "event": "closed", "reason": reason, "at_ms": now_ms}


def spread_news(entry: Mapping[str, Any], route_id: str) -> dict[str, Any]:
    """Return a sighting as open control rooms get it; what it was made from stays behind."""
    kept = {name: value for name, value in entry.items() if name not in ("event", "inputs")}
    return {"name": entry["event"], "id": route_id, **symbol_parts(entry["symbol"]), **kept}


def symbol_parts(symbol: str) -> dict[str, str]:
    """Return what a gift card's route key is made of, as JSON shows it."""
    parts = read_symbol(symbol)
    return {
        "base": parts.base,
        "quote": parts.quote,
        "denomination": f"{parts.denomination:f}",
        "region": parts.region,
    }


def book_news(
    symbol: str, quotes: Iterable[LiveQuote], *, tradable: Collection[str], now_fresh: Collection[str]
) -> dict[str, Any]:
    """Return a book as open control rooms get it.

    Args:
        symbol: the route key.
        quotes: of every desk, whatever their state.
        tradable: codes of desks that may trade this card; the others are shown as gated.
        now_fresh: codes of desks whose quote is fresh; best prices are taken from those that may trade.
    """
    shown = list(quotes)
    best_bid, best_ask = best_of(
        quote for quote in shown if quote.venue in tradable and quote.venue in now_fresh
    )
    return {
        "name": "book",
        "symbol": symbol,
        "market": GIFT_CARD,
        **symbol_parts(symbol),
        "best_bid": best_bid and _best(best_bid.venue, best_bid.bid, best_bid.bid_size),
        "best_ask": best_ask and _best(best_ask.venue, best_ask.ask, best_ask.ask_size),
        "venues": [_venue(quote, is_tradable=quote.venue in tradable) for quote in shown],
    }


def _best(venue: str, price: Decimal | None, size: Decimal | None) -> dict[str, Any]:
    return {"venue": venue, "price": _text(price), "size": _text(size)}


def _venue(quote: LiveQuote, *, is_tradable: bool) -> dict[str, Any]:
    return {
        "venue": quote.venue,
        "bid": _text(quote.bid),
        "ask": _text(quote.ask),
        "bid_size": _text(quote.bid_size),
        "ask_size": _text(quote.ask_size),
        "received_ms": quote.received_ms,
        "state": GATED if quote.state == LIVE and not is_tradable else quote.state,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
