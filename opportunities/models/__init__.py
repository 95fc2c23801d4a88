"""The tables of the opportunities app."""

from .alert import AlertChannel, AlertDelivery, AlertFiring, AlertRule, Notification
from .backtest import Backtest, BacktestSignal
from .cross_venue import CrossVenueOpportunity, SpreadEpisode
from .finding import ContentsFinding
from .opportunity import Opportunity, OpportunityQuerySet
from .packed import PackedMapping
from .personal import Scenario, Watch
from .quote import OpportunityQuote

__all__ = [
    "AlertChannel",
    "AlertDelivery",
    "AlertFiring",
    "AlertRule",
    "Backtest",
    "BacktestSignal",
    "ContentsFinding",
    "CrossVenueOpportunity",
    "Notification",
    "Opportunity",
    "OpportunityQuerySet",
    "OpportunityQuote",
    "PackedMapping",
    "Scenario",
    "SpreadEpisode",
    "Watch",
]
