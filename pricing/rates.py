"""An exchange rate as a source reported it, before it is checked and stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NewRate:
    """The price of one unit of `base` in `quote`: `bid` when selling base, `ask` when buying it."""

    base: str
    quote: str
    bid: Decimal
    ask: Decimal
    source: str
    observed_at: datetime
