"""Live quotes of gift-card desks and exchanges: in an engine's memory, on their way, and read back.

Engines keep a `QuoteBook` and write what changed to Redis; pages, checks before an order and the sampler read
it back with `quotes_of` and `all_quotes`. What is read is believed only if `is_fresh` says so.
"""

from .book import QuoteBook, best_of, is_crossed
from .freshness import fresh_until_ms, is_fresh
from .quote import CRYPTO, GIFT_CARD, LIVE, STALE, WITHDRAWN, LiveQuote, quote_json, read_quote_json
from .storing import (
    QuotesUnreadable,
    all_quotes,
    queue_quotes,
    quoted_symbols,
    quotes_by_symbol,
    quotes_of,
)

__all__ = [
    "CRYPTO",
    "GIFT_CARD",
    "LIVE",
    "STALE",
    "WITHDRAWN",
    "LiveQuote",
    "QuoteBook",
    "QuotesUnreadable",
    "all_quotes",
    "best_of",
    "fresh_until_ms",
    "is_crossed",
    "is_fresh",
    "queue_quotes",
    "quote_json",
    "quoted_symbols",
    "quotes_by_symbol",
    "quotes_of",
    "read_quote_json",
]
