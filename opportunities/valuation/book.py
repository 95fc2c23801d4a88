"""Which prices an analysis sees: the current ones, or those that were known at a replayed moment."""

from dataclasses import dataclass
from datetime import datetime

from .mapping import MappingArrays


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Where accepted prices are read.

    Args:
        table: a table with the columns of `current_prices`; from code, never from input.
        until: prices count as held in quarantine as was known at this time; None: as is known now.
        mapping: packed contents that are already loaded; None loads them for every valuation.
    """

    table: str = "current_prices"
    until: datetime | None = None
    mapping: MappingArrays | None = None


CURRENT_BOOK = PriceBook()
