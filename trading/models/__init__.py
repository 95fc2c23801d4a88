"""The tables of the trading app."""

from .execution import Execution, Fill, Order
from .ledger import LedgerEntry, LedgerPosting
from .limits import ExposureLimit, ExposureReservation, ExposureUse, KillSwitch
from .opening import Opening, PulledCard, Sale
from .spread import LegFill, LegOrder, SpreadExecution

__all__ = [
    "Execution",
    "ExposureLimit",
    "ExposureReservation",
    "ExposureUse",
    "Fill",
    "KillSwitch",
    "LedgerEntry",
    "LedgerPosting",
    "LegFill",
    "LegOrder",
    "Opening",
    "Order",
    "PulledCard",
    "Sale",
    "SpreadExecution",
]
