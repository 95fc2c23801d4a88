"""Staff pages of trading: executions, limits, kill switches, the ledger."""

from .desk import ExposureLimitAdmin, KillSwitchAdmin
from .execution import ExecutionAdmin
from .ledger import LedgerPostingAdmin
from .spread import SpreadExecutionAdmin

__all__ = [
    "ExecutionAdmin",
    "ExposureLimitAdmin",
    "KillSwitchAdmin",
    "LedgerPostingAdmin",
    "SpreadExecutionAdmin",
]
