"""What things cost: observations, the newest accepted price, quarantine, fees and exchange rates."""

from .distributor import DistributorOffer, PriceList
from .fees import FeeSchedule
from .fx import FxRate
from .history import CurrentPrice, PriceHistory, PriceRecord
from .quarantine import QuarantinedPrice
from .quote_sample import QuoteSample
from .sales import SaleRecord
from .source import PriceBatch, PriceSource, PriceVariant
from .unmatched import UnmatchedArticle

__all__ = [
    "CurrentPrice",
    "DistributorOffer",
    "FeeSchedule",
    "FxRate",
    "PriceBatch",
    "PriceHistory",
    "PriceList",
    "PriceRecord",
    "PriceSource",
    "PriceVariant",
    "QuarantinedPrice",
    "QuoteSample",
    "SaleRecord",
    "UnmatchedArticle",
]
