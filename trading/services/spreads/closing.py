"""How an execution across venues ends: settled, unwound, or with nothing done; reservations come back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from trading.choices import LegState, LimitPeriod, OrderSide, SpreadState
from trading.models import LegFill, LegOrder, SpreadExecution
from trading.services.exposure import release_exposure
from trading.services.ledger import post_cost_of_sales

from .announcing import notify_people, record_spread
from .steps import FIRST_UNWINDING, Step

MAX_REASON = 200


def settle_spread(execution: SpreadExecution, legs: Sequence[LegOrder], step: Step, now: datetime) -> bool:
    """Close an execution of which everything that was bought is sold again."""
    unwound = [leg for leg in legs if leg.position >= FIRST_UNWINDING and leg.filled > 0]
    state, reason = SpreadState.SETTLED, ""
    if unwound:
        names = ", ".join(sorted({leg.venue.code for leg in unwound}))
        state, reason = SpreadState.UNWOUND, f"Sold in part or whole at {names} instead."
    elif legs[0].state == LegState.PARTIAL:
        reason = f"Only {legs[0].filled.normalize():f} could be bought."
    close_spread(execution, state, reason, now=now)
    return False


def fail_spread(execution: SpreadExecution, legs: Sequence[LegOrder], step: Step, now: datetime) -> bool:
    """Close an execution that bought nothing: all it took comes back, the day's limits included."""
    for leg in legs:
        if leg.state == LegState.PENDING:
            leg.state, leg.finished_at = LegState.VOID, now
            leg.save(update_fields=["state", "finished_at"])
    close_spread(execution, SpreadState.FAILED, legs[0].last_error or "Nothing was bought.", now=now)
    return False


def close_spread(execution: SpreadExecution, state: SpreadState, reason: str, *, now: datetime) -> None:
    """Write the realised figures, give the reservation back, book what was sold, and tell.

    What is left of the inventory is written off: then cash has changed by exactly the realised profit, to the
    cent each fill was rounded to.

    Args:
        execution: locked by the caller.
        state: a final one.
        reason: for people; empty if there is nothing to say.
        now: time of the change.
    """
    cost, proceeds = _totals(execution)
    execution.state, execution.reason = state, reason[:MAX_REASON]
    execution.realised_cost, execution.realised_proceeds = cost, proceeds
    execution.realised_profit = proceeds - cost
    execution.finished_at, execution.due_at = now, None
    execution.save(
        update_fields=[
            "state", "reason", "realised_cost", "realised_proceeds", "realised_profit", "finished_at",
            "due_at",
        ]
    )  # fmt: skip
    # A day's limit lets money through once; only a purchase that never was gives it back.
    periods = LimitPeriod.values if state == SpreadState.FAILED else [LimitPeriod.OPEN]
    release_exposure(execution, periods=periods, now=now)
    post_cost_of_sales(execution, now=now)
    record_spread(execution, str(state), actor=None, now=now, facts={"reason": execution.reason})
    notify_people(execution, now=now)


def _totals(execution: SpreadExecution) -> tuple[Decimal, Decimal]:
    """Return what was paid and what came in, fees included, unrounded."""
    cost = proceeds = Decimal(0)
    for fill in LegFill.objects.filter(leg__execution=execution).select_related("leg"):
        if fill.leg.side == OrderSide.BUY:
            cost += fill.quantity * fill.price + fill.fees
        else:
            proceeds += fill.quantity * fill.price - fill.fees
    return cost, proceeds
