"""Quotes for tests of the book."""

from decimal import Decimal
from typing import Any

from pricing.quotebook import GIFT_CARD, LiveQuote

NOW_MS = 1_790_000_000_000
SYMBOL = "giftcard:amazon:50:USD:US"


def quote(venue: str = "alpha", *, bid: Any = None, ask: Any = None, **more: Any) -> LiveQuote:
    """Return a fresh quote of a card."""
    facts: dict[str, Any] = {
        "symbol": SYMBOL, "venue": venue, "market": GIFT_CARD, "bid_size": None, "ask_size": None,
        "venue_time_ms": None, "received_ms": NOW_MS, "currency": "USD", **more,
    }  # fmt: skip
    return LiveQuote(
        bid=None if bid is None else Decimal(str(bid)),
        ask=None if ask is None else Decimal(str(ask)),
        **facts,
    )
