"""Everything that writes prices, quarantine decisions, fee schedules and exchange rates."""

from .fees import clone_fee_schedule, save_fee_schedule
from .fx import FxReport, check_rate, record_fx_rates
from .importing import FORMATS, ImportOptions, ImportReport, import_price_files
from .partitions import maintain_partitions
from .quarantine import reject_price, release_price
from .record import record_prices

__all__ = [
    "FORMATS",
    "FxReport",
    "ImportOptions",
    "ImportReport",
    "check_rate",
    "clone_fee_schedule",
    "import_price_files",
    "maintain_partitions",
    "record_fx_rates",
    "record_prices",
    "reject_price",
    "release_price",
    "save_fee_schedule",
]
