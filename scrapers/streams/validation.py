"""R001's rules for a normalised message: positive prices, a time near ours, and no crossed book."""

from math import inf
from typing import Final

from quant.spreads.messages import Quote

MAX_SKEW_MS: Final = 60_000
LEAST_PRICE: Final = 1e-12
MOST_PRICE: Final = 1e12
"""What a table can hold; a price outside of it is a venue's mistake."""
PRICE: Final = "price"
SIZE: Final = "size"
CROSSED: Final = "crossed"
SKEW: Final = "skew"
ONE_SIDED: Final = "one_sided"


def flaw_of(quote: Quote) -> str:
    """Return why a quote must not be compared; empty if it may.

    NaN fails every comparison, so it falls under `price` or `size`. A time of 0 means that the venue told
    none. The form of the symbol was checked when it was configured: nothing else is ever quoted.
    """
    bid, ask = quote.bid, quote.ask
    if not (LEAST_PRICE <= bid <= MOST_PRICE and LEAST_PRICE <= ask <= MOST_PRICE and 0 < quote.price < inf):
        return PRICE
    if not (0 <= quote.bid_size < inf and 0 <= quote.ask_size < inf and 0 <= quote.volume < inf):
        return SIZE
    if bid >= ask:
        return CROSSED
    if quote.timestamp and abs(quote.timestamp - quote.received // 1_000_000) > MAX_SKEW_MS:
        return SKEW
    return ""
