"""Acting on opportunities: how far figures may move since they were shown, how the paper broker sells."""

from datetime import timedelta

from .cards import _count, _decimal

__all__ = [
    "EXECUTION_MAX_COST_DRIFT", "EXECUTION_MAX_PROFIT_DRIFT", "EXECUTION_MAX_QUANTITY",
    "PAPER_DEMO_SALE_DELAY", "PAPER_RETRY_DELAY", "PAPER_SALE_DELAY", "PAPER_WRITE_OFF_AFTER",
    "UNWIND_MAX_LOSS_BPS",
]  # fmt: skip

_SECONDS_PER_HOUR = 3600

EXECUTION_MAX_COST_DRIFT = _decimal("EXECUTION_MAX_COST_DRIFT", "0.02", high="1")
EXECUTION_MAX_PROFIT_DRIFT = _decimal("EXECUTION_MAX_PROFIT_DRIFT", "0.20", high="1")
EXECUTION_MAX_QUANTITY = _count("EXECUTION_MAX_QUANTITY", 50, low=1, high=1000)
UNWIND_MAX_LOSS_BPS = _decimal("UNWIND_MAX_LOSS_BPS", "300", high="10000")


def _hours(amount: object) -> timedelta:
    return timedelta(seconds=float(str(amount)) * _SECONDS_PER_HOUR)


PAPER_SALE_DELAY = _hours(_decimal("PAPER_SALE_DELAY_HOURS", "24", high="8760"))
PAPER_DEMO_SALE_DELAY = _hours(_decimal("PAPER_DEMO_SALE_DELAY_HOURS", "0.2", high="8760"))
PAPER_RETRY_DELAY = _hours(_decimal("PAPER_RETRY_HOURS", "6", low="0.01", high="720"))
PAPER_WRITE_OFF_AFTER = timedelta(days=_count("PAPER_WRITE_OFF_DAYS", 14, low=1, high=365))
