"""Writes of the trading app."""

from .announcing import announce_execution
from .changing import add_limit, add_missing_limits, cancel_execution, change_limit, note_execution
from .executing import execute_opportunity
from .kill_switch import engage_kill_switch, release_kill_switch
from .request import ExecutionRequest
from .settling import settle_due, settle_execution

__all__ = [
    "ExecutionRequest",
    "add_limit",
    "add_missing_limits",
    "announce_execution",
    "cancel_execution",
    "change_limit",
    "engage_kill_switch",
    "execute_opportunity",
    "note_execution",
    "release_kill_switch",
    "settle_due",
    "settle_execution",
]
