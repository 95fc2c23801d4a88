"""Whether a quote may still be believed."""

from .quote import GIFT_CARD, LIVE, LiveQuote


def is_fresh(quote: LiveQuote, *, now_ms: int, max_age_ms: int, max_skew_ms: int) -> bool:
    """Tell whether a quote is live and young enough to act on.

    Its age counts from our receipt; from the venue's own time as well where a gift-card desk tells one, since
    a desk may answer promptly with an old list (clocks of exchanges are judged where their streams are read).
    A time in seconds where milliseconds are due reads as half a century old, never as young.

    Args:
        quote: what is asked about.
        now_ms: our clock, Unix milliseconds.
        max_age_ms: oldest that is still fresh (inclusive).
        max_skew_ms: how far a time may lie ahead of our clock (inclusive).
    """
    if quote.state != LIVE:
        return False
    if not -max_skew_ms <= now_ms - quote.received_ms <= max_age_ms:
        return False
    if quote.expires_ms is not None and now_ms >= quote.expires_ms:
        return False
    if quote.market != GIFT_CARD or quote.venue_time_ms is None:
        return True
    return -max_skew_ms <= now_ms - quote.venue_time_ms <= max_age_ms


def fresh_until_ms(quote: LiveQuote, *, max_age_ms: int) -> int:
    """Return the last Unix millisecond at which a live quote is fresh by `is_fresh`."""
    ends = [quote.received_ms + max_age_ms]
    if quote.expires_ms is not None:
        ends.append(quote.expires_ms - 1)
    if quote.market == GIFT_CARD and quote.venue_time_ms is not None:
        ends.append(quote.venue_time_ms + max_age_ms)
    return min(ends)
