"""What things cost: observations, the newest accepted price, quarantine, fees and exchange rates."""

from .fees import FeeSchedule
from .fx import FxRate
from .history import CurrentPrice, PriceHistory, PriceRecord
from .quarantine import QuarantinedPrice
from .sales import SaleRecord
from .source import PriceBatch, PriceSource, PriceVariant
from .unmatched import UnmatchedArticle

__all__ = [
    "CurrentPrice",
    "FeeSchedule",
    "FxRate",
    "PriceBatch",
    "PriceHistory",
    "PriceRecord",
    "PriceSource",
    "PriceVariant",
    "QuarantinedPrice",
    "SaleRecord",
    "UnmatchedArticle",
]
