"""One venue's live quote of one instrument, and its JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

Level: TypeAlias = tuple[Decimal, Decimal]
"""Price and size."""

GIFT_CARD: Final = "giftcard"
CRYPTO: Final = "crypto"
LIVE: Final = "live"
STALE: Final = "stale"
WITHDRAWN: Final = "withdrawn"
MAX_LEVELS: Final = 10
_STATES: Final = frozenset({LIVE, STALE, WITHDRAWN})
_MARKETS: Final = frozenset({GIFT_CARD, CRYPTO})


@dataclass(frozen=True, slots=True)
class LiveQuote:
    """What a venue pays and asks for one unit of an instrument.

    Args:
        symbol: route key (`quant.spreads.symbols`).
        venue: code of the venue.
        market: `giftcard` or `crypto`.
        bid: price the venue buys at, in `currency`; None where it does not buy.
        ask: price the venue sells at; None where it does not sell.
        bid_size: units it takes at the bid; None where unknown.
        ask_size: units it has at the ask; None where unknown.
        venue_time_ms: when the venue says it quoted, Unix milliseconds; None where it does not say.
        received_ms: when we received it, Unix milliseconds of our clock.
        state: `live`, `stale`, or `withdrawn` (must not be compared: crossed, gap, connection lost).
        quote_id: the venue's name of this quote, to be given with an order; empty where it has none.
        expires_ms: when the venue takes it back; None where it does not say.
        currency: of the prices.
        bids: best levels, best first, where the venue shows them.
        asks: best levels, best first.
    """

    symbol: str
    venue: str
    market: str
    bid: Decimal | None
    ask: Decimal | None
    bid_size: Decimal | None
    ask_size: Decimal | None
    venue_time_ms: int | None
    received_ms: int
    state: str = LIVE
    quote_id: str = ""
    expires_ms: int | None = None
    currency: str = ""
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()


def quote_json(quote: LiveQuote) -> bytes:
    """Return the JSON of a quote, without symbol and venue, which are the names it is kept under."""
    body = {
        "market": quote.market,
        "bid": _text(quote.bid),
        "ask": _text(quote.ask),
        "bid_size": _text(quote.bid_size),
        "ask_size": _text(quote.ask_size),
        "venue_time_ms": quote.venue_time_ms,
        "received_ms": quote.received_ms,
        "state": quote.state,
        "quote_id": quote.quote_id,
        "expires_ms": quote.expires_ms,
        "currency": quote.currency,
        "bids": _texts(quote.bids),
        "asks": _texts(quote.asks),
    }
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _texts(levels: Iterable[Level]) -> list[list[str]]:
    return [[f"{price:f}", f"{size:f}"] for price, size in tuple(levels)[:MAX_LEVELS]]


def read_quote_json(symbol: str, venue: str, raw: bytes | str) -> LiveQuote:
    """Return the quote that `quote_json` wrote.

    Args:
        symbol: route key it is kept under.
        venue: code of the venue it is kept under.
        raw: the JSON.

    Raises:
        ValueError: if it is none; nothing of it may be used then.
    """
    try:
        body = json.loads(raw)
        return _quote(symbol, venue, body)
    except (KeyError, TypeError, ValueError, InvalidOperation, RecursionError) as error:
        msg = f"no live quote of {symbol} at {venue}: {type(error).__name__}"
        raise ValueError(msg) from error


def _quote(symbol: str, venue: str, body: Mapping[str, Any]) -> LiveQuote:
    quote = LiveQuote(
        symbol=symbol,
        venue=venue,
        market=body["market"],
        bid=_price(body["bid"]),
        ask=_price(body["ask"]),
        bid_size=_size(body["bid_size"]),
        ask_size=_size(body["ask_size"]),
        venue_time_ms=_moment(body["venue_time_ms"]),
        received_ms=_whole(body["received_ms"]),
        state=body["state"],
        quote_id=str(body["quote_id"]),
        expires_ms=_moment(body["expires_ms"]),
        currency=str(body["currency"]),
        bids=_levels(body["bids"]),
        asks=_levels(body["asks"]),
    )
    if quote.state not in _STATES or quote.market not in _MARKETS:
        raise ValueError(quote.state)
    return quote


def _price(text: str | None) -> Decimal | None:
    if text is None:
        return None
    number = _size(text)
    if not number:
        raise ValueError(text)
    return number


def _size(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not isinstance(text, str):  # a float has lost digits already
        raise TypeError(text)
    number = Decimal(text)
    if not number.is_finite() or number < 0:
        raise ValueError(text)
    return number


def _moment(value: int | None) -> int | None:
    return None if value is None else _whole(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _levels(rows: Iterable[tuple[str, str]]) -> tuple[Level, ...]:
    return tuple((Decimal(price), Decimal(size)) for price, size in rows)
