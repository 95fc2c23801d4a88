"""Distributors' price lists: any CSV or XLSX, read by a mapping of its columns to ours.

`read_table` gives headers and cells, `guess_mapping` proposes which header is which of our `COLUMNS`, and
`parse_price_list` reads the rows by a mapping that a person has seen. Nothing is guessed that would change a
price: the decimal mark, the currency and what a cost is for are options.
"""

from .columns import COLUMNS, check_mapping, guess_mapping
from .options import CostIsFor, ListOptions, guess_decimal_mark
from .parsing import ParsedPriceList, parse_price_list
from .rows import PriceListRow
from .table import MAX_FILE_BYTES, Table, read_table

__all__ = [
    "COLUMNS",
    "MAX_FILE_BYTES",
    "CostIsFor",
    "ListOptions",
    "ParsedPriceList",
    "PriceListRow",
    "Table",
    "check_mapping",
    "guess_decimal_mark",
    "guess_mapping",
    "parse_price_list",
    "read_table",
]
