"""Back-tests: replay stored history with the live analysis, and judge what its signals would have brought."""

from .listing import backtest_list, signal_list
from .requesting import MAX_DAYS, MAX_HORIZON, Period, open_backtest, request_backtest
from .running import RUN_TASK, Watch, abandon_backtest, run_backtest, run_backtest_slice
from .terms import BacktestTerms

__all__ = [
    "MAX_DAYS",
    "MAX_HORIZON",
    "RUN_TASK",
    "BacktestTerms",
    "Period",
    "Watch",
    "abandon_backtest",
    "backtest_list",
    "open_backtest",
    "request_backtest",
    "run_backtest",
    "run_backtest_slice",
    "signal_list",
]
