"""Order books of the live markets as pages and the API show them: best prices over the venues that count."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from redis.exceptions import RedisError

from catalog.choices import InstrumentKind
from catalog.instruments import SymbolParts, read_symbol
from catalog.jurisdiction import gated_reason
from common.live import MARKETS_KEY
from common.redis import shared_redis
from pricing.quotebook import (
    CRYPTO,
    LIVE,
    STALE,
    LiveQuote,
    QuotesUnreadable,
    best_of,
    is_fresh,
    quoted_symbols,
    quotes_by_symbol,
)

GATED: Final = "gated"
STATES: Final = ("live", "stale", "withdrawn", GATED)


@dataclass(frozen=True, slots=True)
class BookVenue:
    """One venue's quote with what is to be thought of it.

    Args:
        quote: as kept.
        state: `live`, `stale` (too old by now, whatever was stored), `withdrawn`, or `gated`.
        is_fresh: whether it counts: live, young enough, not gated.
        age_ms: since we received it; never negative.
    """

    quote: LiveQuote
    state: str
    is_fresh: bool
    age_ms: int

    @property
    def received_at(self) -> datetime:
        """When we received it."""
        return datetime.fromtimestamp(self.quote.received_ms / 1_000, tz=UTC)


@dataclass(frozen=True, slots=True)
class Best:
    """The best price of one side, and who quotes it."""

    venue: str
    price: Decimal
    size: Decimal | None


@dataclass(frozen=True, slots=True)
class Book:
    """All venues' quotes of one symbol, and the best of the fresh ones."""

    symbol: str
    parts: SymbolParts
    best_bid: Best | None
    best_ask: Best | None
    venues: tuple[BookVenue, ...]

    @property
    def is_crossed(self) -> bool:
        """Whether somebody pays more than another one asks: a gap, before fees."""
        return (
            self.best_bid is not None
            and self.best_ask is not None
            and self.best_bid.price > self.best_ask.price
        )


def book_symbols(
    *, market: str | None = None, symbol: str | None = None, base: str | None = None
) -> list[str]:
    """Return the symbols quoted within the last day that match, in alphabetical order.

    Args:
        market: `giftcard` or `crypto`.
        symbol: exactly this one.
        base: brand or base asset.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    found = []
    for name in quoted_symbols(market):
        if symbol is not None and name != symbol:
            continue
        try:
            parts = read_symbol(name)
        except ValueError:  # somebody else's key; not ours to show
            continue
        if base is None or parts.base == base:
            found.append(name)
    return found


def books_of(symbols: Iterable[str], *, now_ms: int) -> list[Book]:
    """Return the books of some symbols, in their order.

    Args:
        symbols: of `book_symbols`.
        now_ms: Unix milliseconds.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    gated = _gated_venues()
    return [
        book_of(symbol, quotes, gated=gated, now_ms=now_ms)
        for symbol, quotes in quotes_by_symbol(list(symbols)).items()
    ]


def book_of(symbol: str, quotes: Iterable[LiveQuote], *, gated: Mapping[str, str], now_ms: int) -> Book:
    """Return one book.

    Args:
        symbol: the route key.
        quotes: of every venue.
        gated: code of each venue that is out of bounds, and why.
        now_ms: Unix milliseconds.
    """
    parts = read_symbol(symbol)
    is_gated = parts.kind == InstrumentKind.GIFT_CARD and bool(
        gated_reason(
            region=parts.region,
            currency=parts.quote,
            allowed_regions=settings.ALLOWED_REGIONS,
            allowed_currencies=settings.ALLOWED_CURRENCIES,
        )
    )
    venues = tuple(
        _venue(quote, is_gated=is_gated or quote.venue in gated, now_ms=now_ms) for quote in quotes
    )
    bid, ask = best_of(venue.quote for venue in venues if venue.is_fresh)
    return Book(
        symbol,
        parts,
        best_bid=None if bid is None or bid.bid is None else Best(bid.venue, bid.bid, bid.bid_size),
        best_ask=None if ask is None or ask.ask is None else Best(ask.venue, ask.ask, ask.ask_size),
        venues=venues,
    )


def _venue(quote: LiveQuote, *, is_gated: bool, now_ms: int) -> BookVenue:
    max_age_ms = settings.TICK_MAX_AGE_MS if quote.market == CRYPTO else settings.MAX_QUOTE_AGE_MS
    fresh = is_fresh(quote, now_ms=now_ms, max_age_ms=max_age_ms, max_skew_ms=settings.MAX_QUOTE_SKEW_MS)
    state = STALE if quote.state == LIVE and not fresh else quote.state
    if is_gated and state == LIVE:
        state = GATED
    return BookVenue(quote, state, fresh and not is_gated, max(0, now_ms - quote.received_ms))


def _gated_venues() -> dict[str, str]:
    """Return the venues that the engine keeps out, as it told with their health."""
    try:
        kept: Mapping[bytes, bytes] = shared_redis().hgetall(MARKETS_KEY)  # type: ignore[assignment]
    except (RedisError, OSError) as error:
        raise QuotesUnreadable(detail=f"The live quotes cannot be read: {type(error).__name__}.") from error
    found: dict[str, str] = {}
    for code, raw in kept.items():
        reason = _reason(raw)
        if reason:
            found[code.decode()] = reason
    return found


def _reason(raw: bytes) -> str:
    try:
        body: Any = json.loads(raw)
    except ValueError:
        return ""
    return str(body.get("gated_reason", "")) if isinstance(body, dict) else ""
