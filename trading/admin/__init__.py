"""Staff pages of trading: executions, limits, kill switches, the ledger."""

from .desk import ExposureLimitAdmin, KillSwitchAdmin
from .execution import ExecutionAdmin
from .ledger import LedgerPostingAdmin

__all__ = ["ExecutionAdmin", "ExposureLimitAdmin", "KillSwitchAdmin", "LedgerPostingAdmin"]
