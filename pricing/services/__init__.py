"""Everything that writes prices, quarantine decisions, fee schedules and exchange rates."""

from .fees import clone_fee_schedule, save_fee_schedule
from .fx import FxReport, check_rate, record_fx_rates
from .importing import FORMATS, ImportOptions, ImportReport, import_price_files
from .outliers import mark_outlier
from .partitions import maintain_partitions
from .quarantine import reject_price, release_price
from .quote_samples import forget_quote_samples
from .record import record_prices
from .sales import SalesReport, record_sales
from .suggestions import suggest_matches
from .unmatched import confirm_match, ignore_unmatched, name_unmatched, note_unmatched

__all__ = [
    "FORMATS",
    "FxReport",
    "ImportOptions",
    "ImportReport",
    "SalesReport",
    "check_rate",
    "clone_fee_schedule",
    "confirm_match",
    "forget_quote_samples",
    "ignore_unmatched",
    "import_price_files",
    "maintain_partitions",
    "mark_outlier",
    "name_unmatched",
    "note_unmatched",
    "record_fx_rates",
    "record_prices",
    "record_sales",
    "reject_price",
    "release_price",
    "save_fee_schedule",
    "suggest_matches",
]
