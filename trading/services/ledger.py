"""Booking what happened, double entry. Debits are positive; every posting sums to zero per currency.

Buying turns cash into inventory at full cost. A sale brings cash and revenue, and spends fees. Settling an
execution writes its inventory off against what it sold: then cash has changed by exactly the realised profit.
The database checks the sums at commit and refuses to change or remove a posting (migration 0002).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from trading.choices import LedgerAccount
from trading.models import Execution, LedgerEntry, LedgerPosting, SpreadExecution


def post_purchase(execution: Execution, *, cost: Decimal, now: datetime) -> LedgerPosting:
    """Book the purchase: cash becomes inventory at full cost."""
    return _post(
        execution,
        f"buy:{execution.pk}",
        f"Bought {execution.quantity} for {cost} {execution.currency}",
        {LedgerAccount.CASH: -cost, LedgerAccount.INVENTORY: cost},
        now,
    )


def post_sale(
    execution: Execution | SpreadExecution,
    *,
    key: str,
    gross: Decimal,
    costs: Decimal,
    description: str,
    now: datetime,
) -> LedgerPosting | None:
    """Book one sale of cards.

    Args:
        execution: whose cards; amounts are in its currency.
        key: of the cause, such as `sale:<order id>`; the same cause cannot be booked twice.
        gross: what buyers paid, >= 0.
        costs: fees and postage, >= 0.
        description: for people.
        now: time of the booking.

    Returns:
        The posting; None if no money moved.
    """
    amounts: dict[str, Decimal] = {
        LedgerAccount.CASH: gross - costs, LedgerAccount.FEES: costs, LedgerAccount.REVENUE: -gross
    }  # fmt: skip
    return _post(execution, key, description, amounts, now) if gross or costs else None


def post_cost_of_sales(execution: Execution | SpreadExecution, *, now: datetime) -> LedgerPosting | None:
    """Write what is left of the inventory off against the sales; None if nothing is left."""
    left = balance(execution, LedgerAccount.INVENTORY)
    if not left:
        return None
    return _post(
        execution,
        f"settle:{execution.pk}",
        "Cost of what was sold or written off",
        {LedgerAccount.COST_OF_SALES: left, LedgerAccount.INVENTORY: -left},
        now,
    )


def reverse_purchase(execution: Execution, *, now: datetime) -> LedgerPosting:
    """Book the purchase backwards: the original stays, as it must."""
    cost = balance(execution, LedgerAccount.INVENTORY)
    return _post(
        execution,
        f"cancel:{execution.pk}",
        "Purchase reversed",
        {LedgerAccount.CASH: cost, LedgerAccount.INVENTORY: -cost},
        now,
    )


def balance(execution: Execution | SpreadExecution, account: str) -> Decimal:
    """Return the balance of one account over one execution, in its currency."""
    owner = "posting__execution" if isinstance(execution, Execution) else "posting__spread_execution"
    rows = LedgerEntry.objects.filter(**{owner: execution}, account=account, currency=execution.currency)
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def post_leg_purchase(
    execution: SpreadExecution, *, key: str, cost: Decimal, description: str, now: datetime
) -> LedgerPosting | None:
    """Book what a buying leg brought: cash becomes inventory.

    Args:
        execution: whose leg; amounts are in its currency.
        key: of the cause, `leg:<leg id>`; the same cause cannot be booked twice.
        cost: price and fees, in whole cents; 0 books nothing.
        description: for people.
        now: time of the booking.
    """
    amounts: dict[str, Decimal] = {LedgerAccount.CASH: -cost, LedgerAccount.INVENTORY: cost}
    return _post(execution, key, description, amounts, now) if cost else None


def _post(
    execution: Execution | SpreadExecution,
    key: str,
    description: str,
    amounts: Mapping[str, Decimal],
    now: datetime,
) -> LedgerPosting:
    owner: dict[str, Any] = {
        "execution" if isinstance(execution, Execution) else "spread_execution": execution
    }
    posting = LedgerPosting.objects.create(key=key, **owner, description=description[:200], posted_at=now)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(posting=posting, account=account, currency=execution.currency, amount=amount)
        for account, amount in amounts.items()
        if amount
    )
    return posting
