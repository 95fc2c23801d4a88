"""Everything that writes prices, quarantine decisions, fee schedules and exchange rates."""

from .importing import FORMATS, ImportOptions, ImportReport, import_price_files
from .record import record_prices

__all__ = [
    "FORMATS",
    "ImportOptions",
    "ImportReport",
    "import_price_files",
    "record_prices",
]
