"""What a book's own best prices say about it."""

from decimal import Decimal
from typing import TypeVar

Price = TypeVar("Price", float, Decimal)


def is_crossed(bid: Price | None, ask: Price | None) -> bool:
    """Tell whether a venue buys above the price it sells at: bad data, to be kept out of any comparison."""
    return bid is not None and ask is not None and bid > ask


def is_locked(bid: Price | None, ask: Price | None) -> bool:
    """Tell whether bid and ask are equal: rare, and legal."""
    return bid is not None and ask is not None and bid == ask
