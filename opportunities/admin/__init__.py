"""Staff pages of the opportunities app."""

from .alert_pages import AlertChannelAdmin, AlertDeliveryAdmin, AlertRuleAdmin, NotificationAdmin
from .backtest import BacktestAdmin
from .finding import ContentsFindingAdmin
from .opportunity import OpportunityAdmin

__all__ = [
    "AlertChannelAdmin",
    "AlertDeliveryAdmin",
    "AlertRuleAdmin",
    "BacktestAdmin",
    "ContentsFindingAdmin",
    "NotificationAdmin",
    "OpportunityAdmin",
]
