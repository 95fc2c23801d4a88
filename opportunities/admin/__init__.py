"""Staff pages of the opportunities app."""

from .backtest import BacktestAdmin
from .finding import ContentsFindingAdmin
from .opportunity import OpportunityAdmin

__all__ = ["BacktestAdmin", "ContentsFindingAdmin", "OpportunityAdmin"]
