"""Live quotes in Redis: a hash per symbol, and the symbols by their last quote."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import structlog
from redis.exceptions import RedisError

from common.errors import TemporarilyUnavailable
from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis

from .quote import LiveQuote, quote_json, read_quote_json

logger = structlog.get_logger(__name__)

KEPT_SECONDS: Final = 86_400
DEFAULT_LIMIT: Final = 1_000


class QuotesUnreadable(TemporarilyUnavailable):
    """The live quotes cannot be read, so nothing is known about now."""

    default_code = "quotes_unreadable"


def queue_quotes(pipeline: Any, quotes: Iterable[LiveQuote]) -> int:
    """Queue the commands that store quotes on a pipeline (of either client); return how many quotes.

    Args:
        pipeline: of redis or redis.asyncio; the caller executes it.
        quotes: in any order; the last of one symbol and venue stays.
    """
    fields: dict[str, dict[str, bytes]] = {}
    received: dict[str, int] = {}
    count = 0
    for quote in quotes:
        fields.setdefault(quote.symbol, {})[quote.venue] = quote_json(quote)
        received[quote.symbol] = max(quote.received_ms, received.get(quote.symbol, 0))
        count += 1
    for symbol, venues in fields.items():
        pipeline.hset(f"{QUOTES_PREFIX}{symbol}", mapping=venues)
        pipeline.expire(f"{QUOTES_PREFIX}{symbol}", KEPT_SECONDS)
    if received:
        pipeline.zadd(SYMBOLS_KEY, received)
        oldest = max(received.values()) - KEPT_SECONDS * 1_000
        pipeline.zremrangebyscore(SYMBOLS_KEY, "-inf", f"({oldest}")
    return count


def quotes_of(symbol: str) -> list[LiveQuote]:
    """Return all quotes of a symbol, by venue, of any age and state.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    try:
        rows: dict[bytes, bytes] = shared_redis().hgetall(f"{QUOTES_PREFIX}{symbol}")  # type: ignore[assignment]
    except (RedisError, OSError) as error:
        raise _unreadable(error) from error
    return _read(symbol, rows)


def quoted_symbols(market: str | None = None) -> list[str]:
    """Return the symbols quoted within the last day, in alphabetical order.

    Args:
        market: `giftcard` or `crypto`; None for both.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    return sorted(_newest_symbols(market))


def quotes_by_symbol(symbols: Sequence[str]) -> dict[str, list[LiveQuote]]:
    """Return the quotes of some symbols, in their order; an empty list where there is none.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    try:
        pipeline = shared_redis().pipeline(transaction=False)
        for symbol in symbols:
            pipeline.hgetall(f"{QUOTES_PREFIX}{symbol}")
        hashes = pipeline.execute()
    except (RedisError, OSError) as error:
        raise _unreadable(error) from error
    return {symbol: _read(symbol, rows) for symbol, rows in zip(symbols, hashes, strict=True)}


def all_quotes(market: str | None = None, limit: int = DEFAULT_LIMIT) -> dict[str, list[LiveQuote]]:
    """Return the quotes of the symbols that were quoted last, by symbol in alphabetical order.

    Args:
        market: `giftcard` or `crypto`; None for both.
        limit: most symbols returned; those quoted last are taken first.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    found = quotes_by_symbol(sorted(_newest_symbols(market)[:limit]))
    return {symbol: quotes for symbol, quotes in found.items() if quotes}


def _newest_symbols(market: str | None) -> list[str]:
    try:
        names: list[bytes] = shared_redis().zrevrange(SYMBOLS_KEY, 0, -1)  # type: ignore[assignment]
    except (RedisError, OSError) as error:
        raise _unreadable(error) from error
    symbols = (name.decode() for name in names)
    return [symbol for symbol in symbols if market is None or symbol.startswith(f"{market}:")]


def _unreadable(error: Exception) -> QuotesUnreadable:
    return QuotesUnreadable(detail=f"The live quotes cannot be read: {type(error).__name__}.")


def _read(symbol: str, rows: dict[bytes, bytes]) -> list[LiveQuote]:
    """Leave out damaged entries, since no quote is better than a wrong one, and those a day behind others.

    A hash goes a day after its last change, so that what a venue left behind would stay as long as any other
    venue quotes the same symbol.
    """
    quotes = []
    for venue, raw in sorted(rows.items()):
        try:
            quotes.append(read_quote_json(symbol, venue.decode(), raw))
        except ValueError as error:
            logger.warning("quotes.damaged", symbol=symbol, venue=venue.decode(), error=str(error))
    newest = max((quote.received_ms for quote in quotes), default=0)
    return [quote for quote in quotes if newest - quote.received_ms <= KEPT_SECONDS * 1_000]
