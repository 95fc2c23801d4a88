"""Valuing all sealed products at once: packed mappings, one price table per source, vector arithmetic."""

from .arithmetic import ProductValue, SinglesValues, value_all
from .book import CURRENT_BOOK, PriceBook
from .mapping import FINISHES, MappingArrays, load_mapping, refresh_mapping
from .prices import UnitPrices, load_unit_prices

__all__ = [
    "CURRENT_BOOK",
    "FINISHES",
    "MappingArrays",
    "PriceBook",
    "ProductValue",
    "SinglesValues",
    "UnitPrices",
    "load_mapping",
    "load_unit_prices",
    "refresh_mapping",
    "value_all",
]
