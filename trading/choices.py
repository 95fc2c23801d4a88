"""The closed lists of the trading app."""

from typing import Final

from django.db import models


class TradingMode(models.TextChoices):
    """Whether money is real."""

    PAPER = "paper", "Paper"
    LIVE = "live", "Live"


class ExecutionState(models.TextChoices):
    """Life of an execution: bought, then its singles sold, then settled; or cancelled or failed."""

    BOUGHT = "bought", "Bought"
    SELLING = "selling", "Selling"
    SETTLED = "settled", "Settled"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class SpreadState(models.TextChoices):
    """Life of an execution across two venues.

    Pending (reserved, nothing sent) → buying → selling → settled. A leg without an answer makes it unknown;
    a bought leg that cannot be sold where it was meant to be is unwound; what a person must look at is stuck.
    """

    PENDING = "pending", "Pending"
    BUYING = "buying", "Buying"
    SELLING = "selling", "Selling"
    UNKNOWN = "unknown", "Waiting for a venue's answer"
    UNWINDING = "unwinding", "Unwinding"
    SETTLED = "settled", "Settled"
    UNWOUND = "unwound", "Unwound"
    FAILED = "failed", "Failed"
    STUCK = "stuck", "Needs a person"


OPEN_SPREADS: Final = (
    SpreadState.PENDING, SpreadState.BUYING, SpreadState.SELLING, SpreadState.UNKNOWN, SpreadState.UNWINDING,
    SpreadState.STUCK,
)  # fmt: skip
"""States in which something is still at stake."""


class LegState(models.TextChoices):
    """Life of one leg's order: written down, sent, then filled, partly filled or void; or unanswered."""

    PENDING = "pending", "Pending"
    SENT = "sent", "Sent"
    UNKNOWN = "unknown", "No answer"
    FILLED = "filled", "Filled"
    PARTIAL = "partial", "Partly filled"
    VOID = "void", "Void"


class OrderSide(models.TextChoices):
    """Buy or sell."""

    BUY = "buy", "Buy"
    SELL = "sell", "Sell"


class OrderState(models.TextChoices):
    """Life of an order."""

    OPEN = "open", "Open"
    FILLED = "filled", "Filled"
    CANCELLED = "cancelled", "Cancelled"


class LimitScope(models.TextChoices):
    """Whose exposure a limit bounds."""

    GLOBAL = "global", "Everything"
    USER = "user", "Each user"
    SOURCE = "source", "One source"


class LimitPeriod(models.TextChoices):
    """Over which time exposure is added up."""

    DAY = "day", "Per day (UTC)"
    OPEN = "open", "Not settled yet"


class KillScope(models.TextChoices):
    """What a kill switch stops."""

    GLOBAL = "global", "Everything"
    USER = "user", "One user"
    SOURCE = "source", "One source"


class LedgerAccount(models.TextChoices):
    """Accounts of the double-entry ledger; amounts are debits when positive."""

    CASH = "cash", "Cash"
    INVENTORY = "inventory", "Inventory at cost"
    FEES = "fees", "Fees and postage"
    REVENUE = "revenue", "Sales"
    COST_OF_SALES = "cost_of_sales", "Cost of what was sold"


class OpeningOrigin(models.TextChoices):
    """Where the list of pulled cards comes from."""

    SIMULATED = "simulated", "Drawn by the paper broker"
    ENTERED = "entered", "Entered by a person"
