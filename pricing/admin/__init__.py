"""Staff pages of pricing: distributors, history, batches, quarantine, fees, exchange rates, sources."""

from .distributor import DistributorOfferAdmin, PriceListAdmin
from .fees import FeeScheduleAdmin, FxRateAdmin
from .history import PriceBatchAdmin, PriceHistoryAdmin, PriceSourceAdmin
from .quarantine import QuarantinedPriceAdmin
from .sales import SaleRecordAdmin
from .unmatched import UnmatchedArticleAdmin

__all__ = [
    "DistributorOfferAdmin",
    "FeeScheduleAdmin",
    "FxRateAdmin",
    "PriceBatchAdmin",
    "PriceHistoryAdmin",
    "PriceListAdmin",
    "PriceSourceAdmin",
    "QuarantinedPriceAdmin",
    "SaleRecordAdmin",
    "UnmatchedArticleAdmin",
]
