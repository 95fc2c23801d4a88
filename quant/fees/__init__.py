"""What selling costs: fee schedules as data, and the net proceeds of a sale (MATHS 1.3)."""

from .components import FeeBase, FeeComponent, FeeKind, InvalidFeeSchedule, Surcharge, Threshold, Tier
from .sales import FeeCharge, Order, net_proceeds, order_fees, sale_fees
from .schedule import FeeSchedule, flat_rate

__all__ = [
    "FeeBase",
    "FeeCharge",
    "FeeComponent",
    "FeeKind",
    "FeeSchedule",
    "InvalidFeeSchedule",
    "Order",
    "Surcharge",
    "Threshold",
    "Tier",
    "flat_rate",
    "net_proceeds",
    "order_fees",
    "sale_fees",
]
