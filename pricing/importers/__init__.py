"""Readers of price files: pure functions from bytes to observations, used by `pricing.services`."""

from .cardkingdom import parse_card_kingdom
from .cardmarket import parse_price_guide
from .csv_prices import parse_csv
from .parsed import ParsedPrices, RowProblem
from .tcgcsv import parse_tcgcsv

__all__ = [
    "ParsedPrices", "RowProblem", "parse_card_kingdom", "parse_csv", "parse_price_guide", "parse_tcgcsv",
]  # fmt: skip
