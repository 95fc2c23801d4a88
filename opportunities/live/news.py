"""What changed, as commands for Redis: quotes as others read them, and news for open control rooms."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from common.events import Topic
from common.live import MARKETS_KEY, QUOTES_PREFIX, SYMBOLS_KEY
from pricing.quotebook import CRYPTO, LiveQuote, quote_json
from quant.spreads.exact import exact
from quant.spreads.messages import Beat, Level, Quote

from .pair_book import LIVE, NO_QUOTE, PairBook
from .resp import add_news, command
from .terms import NS_PER_MS, Venue

KEPT_SECONDS: Final = 86_400
_SHOWN_LEVELS: Final = 10
_DOWN: Final = "down"


def quote_commands(book: PairBook, venues: tuple[Venue, ...]) -> tuple[bytes, int]:
    """Return the commands that tell of the changed quotes of one symbol, and how many they are.

    Args:
        book: with the venues that changed marked; the marks are cleared.
        venues: all of them, by index.
    """
    changed = [venue for venue in venues if book.changed >> venue.index & 1]
    book.changed = 0
    fields: list[bytes | str] = []
    newest = 0
    for venue in changed:
        quote = book.quotes[venue.index]
        fields += [venue.code, quote_json(_live_quote(book, quote, venue.code, book.states[venue.index]))]
        newest = max(newest, quote.received // NS_PER_MS)
    key = QUOTES_PREFIX + book.route_symbol
    told = json.dumps(_book_news(book, venues), separators=(",", ":")).encode()
    pieces = [
        command("HSET", key, *fields),
        command("EXPIRE", key, str(KEPT_SECONDS)),
        command("ZADD", SYMBOLS_KEY, str(newest), book.route_symbol),
        add_news(Topic.QUOTE, book.route_symbol, told),
    ]
    return b"".join(pieces), len(pieces)


def forget_old_symbols(now_ms: int) -> bytes:
    """Return the command that takes symbols without a quote for a day out of the list."""
    return command("ZREMRANGEBYSCORE", SYMBOLS_KEY, "-inf", f"({now_ms - KEPT_SECONDS * 1_000}")


def _live_quote(book: PairBook, quote: Quote, venue: str, state: str) -> LiveQuote:
    return LiveQuote(
        symbol=book.route_symbol,
        venue=venue,
        market=CRYPTO,
        bid=exact(quote.bid),
        ask=exact(quote.ask),
        bid_size=exact(quote.bid_size) if quote.bid_size > 0.0 else None,
        ask_size=exact(quote.ask_size) if quote.ask_size > 0.0 else None,
        venue_time_ms=quote.timestamp or None,
        received_ms=quote.received // NS_PER_MS,
        state=state,
        currency=book.currency,
        bids=tuple(_exact_levels(quote.bids)),
        asks=tuple(_exact_levels(quote.asks)),
    )


def _exact_levels(levels: list[Level]) -> Iterator[Any]:
    return ((exact(price), exact(size)) for price, size in levels[:_SHOWN_LEVELS])


def _book_news(book: PairBook, venues: tuple[Venue, ...]) -> dict[str, Any]:
    live = [(venue.code, book.quotes[venue.index]) for venue in venues if book.states[venue.index] == LIVE]
    bidder = max(live, key=lambda one: one[1].bid, default=None)
    asker = min(live, key=lambda one: one[1].ask, default=None)
    return {
        "name": "book",
        "symbol": book.route_symbol,
        "market": CRYPTO,
        "base": book.base,
        "quote": book.currency,
        "best_bid": None if bidder is None else _best(bidder[0], bidder[1].bid, bidder[1].bid_size),
        "best_ask": None if asker is None else _best(asker[0], asker[1].ask, asker[1].ask_size),
        "venues": [
            _venue_news(venue.code, book.quotes[venue.index], book.states[venue.index])
            for venue in venues
            if book.quotes[venue.index] is not NO_QUOTE
        ],
    }


def _best(venue: str, price: float, size: float) -> dict[str, str | None]:
    return {"venue": venue, "price": f"{exact(price):f}", "size": _size(size)}


def _venue_news(code: str, quote: Quote, state: str) -> dict[str, Any]:
    return {
        "venue": code,
        "bid": f"{exact(quote.bid):f}",
        "ask": f"{exact(quote.ask):f}",
        "bid_size": _size(quote.bid_size),
        "ask_size": _size(quote.ask_size),
        "received_ms": quote.received // NS_PER_MS,
        "state": state,
    }


def _size(size: float) -> str | None:
    return f"{exact(size):f}" if size > 0.0 else None


def market_facts(beat: Beat, *, is_silent: bool, last_quote_ms: int | None, now_ms: int) -> dict[str, Any]:
    """Return the health of one exchange's connection, as gift-card desks tell theirs.

    Args:
        beat: its last sign of life.
        is_silent: whether that is too long ago: nobody reads the exchange any more.
        last_quote_ms: receipt of its newest quote, Unix milliseconds.
        now_ms: our clock.
    """
    state = _DOWN if is_silent or beat.state == "stopped" else beat.state
    return {
        "code": beat.exchange,
        "state": state,
        "latency_ms": beat.lag_ms if beat.lag_ms >= 0 else None,
        "last_quote_ms": last_quote_ms,
        "quotes": beat.messages,
        "errors": beat.reconnects,
        "reconnects": beat.reconnects,
        "invalid": beat.invalid,
        "refused": {},
        "dropped": beat.dropped,
        "last_error": "No sign of life from run_ingest." if is_silent else beat.last_error,
        "breaker": "closed",
        "at": now_ms,
    }


def market_commands(facts: Mapping[str, Any]) -> tuple[bytes, int]:
    """Return the commands that tell of an exchange's health, and how many they are."""
    code = facts["code"]
    body = json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode()
    told = json.dumps({**facts, "name": "health"}, separators=(",", ":"), ensure_ascii=False).encode()
    return command("HSET", MARKETS_KEY, code, body) + add_news(Topic.MARKET, code, told), 2


def named(name: str, body: bytes) -> bytes:
    """Return a JSON object with `name` put first."""
    return b'{"name":"%b",%b' % (name.encode(), body[1:])
