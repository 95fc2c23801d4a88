"""Staff pages of the opportunities app."""

from .alert_pages import AlertChannelAdmin, AlertDeliveryAdmin, AlertRuleAdmin, NotificationAdmin
from .backtest import BacktestAdmin
from .cross_venue import CrossVenueOpportunityAdmin, SpreadEpisodeAdmin
from .finding import ContentsFindingAdmin
from .opportunity import OpportunityAdmin

__all__ = [
    "AlertChannelAdmin",
    "AlertDeliveryAdmin",
    "AlertRuleAdmin",
    "BacktestAdmin",
    "ContentsFindingAdmin",
    "CrossVenueOpportunityAdmin",
    "NotificationAdmin",
    "OpportunityAdmin",
    "SpreadEpisodeAdmin",
]
