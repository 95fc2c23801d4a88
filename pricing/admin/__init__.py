"""Staff pages of the pricing app: history, batches, quarantine, fee schedules, exchange rates, sources."""

from .fees import FeeScheduleAdmin, FxRateAdmin
from .history import PriceBatchAdmin, PriceHistoryAdmin, PriceSourceAdmin
from .quarantine import QuarantinedPriceAdmin

__all__ = [
    "FeeScheduleAdmin",
    "FxRateAdmin",
    "PriceBatchAdmin",
    "PriceHistoryAdmin",
    "PriceSourceAdmin",
    "QuarantinedPriceAdmin",
]
