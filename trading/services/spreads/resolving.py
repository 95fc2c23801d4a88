"""A person says what became of an order that no venue would tell about."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from trading.brokers.desk import LegOutcome, LegReport
from trading.brokers.desk.base import MAX_AMOUNT
from trading.choices import LegState, SpreadState
from trading.errors import ExecutionNotFound, NotStuck, QuantityInvalid
from trading.models import LegOrder, SpreadExecution
from users.models import User

from .announcing import record_spread
from .executing import lease
from .outcomes import apply_report

NOTHING_HAPPENED: Final = "nothing_happened"
FILLED: Final = "filled"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person found out about the order without an answer.

    Args:
        outcome: `nothing_happened` or `filled`.
        quantity: units filled; None for all of the order.
        price: of one unit, before fees; None for the order's limit.
        fees: of the whole fill.
        venue_order_id: the venue's name of it.
        note: how they know, at most 160 characters.
    """

    outcome: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    fees: Decimal = Decimal(0)
    venue_order_id: str = ""
    note: str = ""


def resolve_spread(
    *, execution_id: UUID, resolution: Resolution, actor: User, now: datetime
) -> SpreadExecution:
    """Write down what a person found out about a stuck order; the caller drives the execution on.

    The fence is raised, so that an answer of the venue that arrives at this moment changes nothing any more.

    Args:
        execution_id: a stuck one.
        resolution: what they found out.
        actor: who; the caller checked the role.
        now: time of the change.

    Returns:
        The execution, with the fence to drive it on with.

    Raises:
        ExecutionNotFound: if there is none.
        NotStuck: if it does not wait for a person (any more).
        QuantityInvalid: if more was filled than ordered, or a part of a card, or for an impossible amount.
    """
    with transaction.atomic():
        rows = SpreadExecution.objects.select_related(
            "actor", "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue"
        )
        execution = rows.select_for_update(of=("self",)).filter(pk=execution_id).first()
        if execution is None:
            raise ExecutionNotFound(details={"id": str(execution_id)})
        leg = (
            execution.legs.select_related("venue").filter(state=LegState.UNKNOWN).order_by("position").first()
        )
        if execution.state != SpreadState.STUCK or leg is None:
            raise NotStuck(
                detail=f"This execution is {execution.get_state_display().lower()}: nobody has to decide.",
                details={"id": str(execution_id), "state": execution.state},
            )
        report = _report(execution, leg, resolution)
        execution.fence += 1
        execution.due_at = now + lease()
        execution.save(update_fields=["fence", "due_at"])
        facts = {
            "leg": leg.position, "outcome": resolution.outcome, "filled": f"{report.quantity:f}",
            "price": f"{report.price:f}", "fees": f"{report.fees:f}",
        }  # fmt: skip
        record_spread(execution, "resolved", actor=actor, now=now, facts=facts)
        apply_report(execution, leg, report, now=now)
    return execution


def _report(execution: SpreadExecution, leg: LegOrder, resolution: Resolution) -> LegReport:
    reason = f"By an operator: {resolution.note or resolution.outcome}"[:160]
    if resolution.outcome == NOTHING_HAPPENED:
        return LegReport(LegOutcome.REJECTED, reason=reason)
    quantity = leg.quantity if resolution.quantity is None else resolution.quantity
    is_card = execution.opportunity.instrument.denomination is not None
    if not 0 < quantity <= leg.quantity or (is_card and quantity != quantity.to_integral_value()):
        raise QuantityInvalid(
            detail=f"The order was for {leg.quantity.normalize():f}.",
            details={"ordered": f"{leg.quantity.normalize():f}", "filled": f"{quantity:f}"},
        )
    price = leg.limit_price if resolution.price is None else resolution.price
    if quantity * price + resolution.fees > MAX_AMOUNT:
        raise QuantityInvalid(
            detail="That is more money than one order can be about.",
            details={"filled": f"{quantity:f}", "price": f"{price:f}", "fees": f"{resolution.fees:f}"},
        )
    return LegReport(
        outcome=LegOutcome.FILLED if quantity == leg.quantity else LegOutcome.PARTIAL,
        venue_order_id=resolution.venue_order_id,
        quantity=quantity,
        price=price,
        fees=resolution.fees,
        reason=reason,
    )
