"""What an answer of a venue changes: the leg, its fill, the ledger, and how long to wait for the next."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.conf import settings

from trading.brokers.desk import LegOutcome, LegReport
from trading.choices import LegState, OrderSide, SpreadState
from trading.models import LegFill, LegOrder, SpreadExecution
from trading.services.ledger import post_leg_purchase, post_sale

from .announcing import notify_people, record_spread

_CENT: Final = Decimal("0.01")
_FILLED: Final = {LegOutcome.FILLED: LegState.FILLED, LegOutcome.PARTIAL: LegState.PARTIAL}
_NOTHING: Final = frozenset({LegOutcome.REJECTED, LegOutcome.NOT_SENT})
_FIRST_WAIT: Final = timedelta(seconds=2)
_LONGEST_WAIT: Final = timedelta(seconds=60)
_MAX_DOUBLINGS: Final = 6
MAX_ERROR: Final = 200


def apply_report(execution: SpreadExecution, leg: LegOrder, report: LegReport, *, now: datetime) -> None:
    """Write down what a venue said about a leg, in the caller's transaction.

    Args:
        execution: locked by the caller.
        leg: sent or without an answer; one that is final is left as it is.
        report: what the venue said.
        now: time of the change.
    """
    if leg.state in (LegState.FILLED, LegState.PARTIAL, LegState.VOID):
        return
    leg.venue_order_id = report.venue_order_id or leg.venue_order_id
    if report.outcome in _FILLED:
        _finish(execution, leg, _FILLED[report.outcome], report, now)
        _book(execution, leg, report, now)
    elif report.outcome in _NOTHING or _is_believed(leg, report, now):
        _finish(execution, leg, LegState.VOID, report, now)
    else:
        wait_for_answer(execution, leg, report.reason, now=now)


def wait_for_answer(execution: SpreadExecution, leg: LegOrder, reason: str, *, now: datetime) -> None:
    """Leave a leg without an answer and say when to ask again; after a time, ask people as well.

    What waits longer than `LEG_UNKNOWN_SECONDS` is stuck: operators are told, the reservation stays, and the
    venue is still asked once a minute, since its answer is better than anybody's opinion.
    """
    leg.state, leg.last_error = LegState.UNKNOWN, reason[:MAX_ERROR]
    leg.save(update_fields=["state", "last_error", "venue_order_id"])
    waited = now - (leg.sent_at or leg.created_at)
    is_stuck = waited > timedelta(seconds=settings.LEG_UNKNOWN_SECONDS)
    was = execution.state
    execution.state = SpreadState.STUCK if is_stuck else SpreadState.UNKNOWN
    execution.due_at = now + (_LONGEST_WAIT if is_stuck else pause(leg.queries))
    execution.reason = f"Leg {leg.position} at {leg.venue.code}: {reason}"[:MAX_ERROR]
    execution.save(update_fields=["state", "due_at", "reason"])
    if execution.state != was:
        what = "stuck" if is_stuck else "leg_unknown"
        record_spread(execution, what, actor=None, now=now, facts={"leg": leg.position})
        notify_people(execution, now=now)


def pause(queries: int) -> timedelta:
    """Return how long to wait before a venue is asked again: 2 s, doubling up to a minute."""
    return min(_FIRST_WAIT * (1 << min(queries, _MAX_DOUBLINGS)), _LONGEST_WAIT)


def _is_believed(leg: LegOrder, report: LegReport, now: datetime) -> bool:
    """Tell whether "no such order" means that nothing happened.

    Not at first: the order may still be on its way. Our own side gives up after `LEG_TIMEOUT_MS`; half of
    `LEG_UNKNOWN_SECONDS` is what a venue gets on top to show an order it has taken.
    """
    if report.outcome is not LegOutcome.NOT_FOUND or leg.sent_at is None:
        return False
    patience = timedelta(milliseconds=settings.LEG_TIMEOUT_MS, seconds=settings.LEG_UNKNOWN_SECONDS / 2)
    return now - leg.sent_at >= patience


def _finish(
    execution: SpreadExecution, leg: LegOrder, state: LegState, report: LegReport, now: datetime
) -> None:
    leg.state, leg.finished_at, leg.last_error = state, now, report.reason[:MAX_ERROR]
    if report.outcome is LegOutcome.NOT_SENT:
        leg.sent_at = None  # what never left may be tried again at the same venue, by another order
    leg.save(update_fields=["state", "sent_at", "finished_at", "last_error", "venue_order_id"])
    if execution.state in (SpreadState.UNKNOWN, SpreadState.STUCK):
        execution.state, execution.reason = _driven_state(leg), ""
    execution.save(update_fields=["state", "reason", "due_at"])
    facts = {
        "leg": leg.position, "leg_state": str(state), "venue": leg.venue.code,
        "filled": f"{report.quantity:f}", "price": f"{report.price:f}", "outcome": str(report.outcome),
    }  # fmt: skip
    record_spread(execution, "leg_finished", actor=None, now=now, facts=facts)


def _driven_state(leg: LegOrder) -> SpreadState:
    if leg.side == OrderSide.BUY:
        return SpreadState.BUYING
    return SpreadState.SELLING if leg.position == 1 else SpreadState.UNWINDING


def _book(execution: SpreadExecution, leg: LegOrder, report: LegReport, now: datetime) -> None:
    """Store the fill and book it. The ledger holds whole cents: each of its sums is rounded once, half up."""
    fill = LegFill.objects.create(
        leg=leg,
        venue_fill_id=report.venue_order_id or leg.client_order_id,
        quantity=report.quantity,
        price=report.price,
        fees=report.fees,
        filled_at=now,
    )
    gross = (fill.quantity * fill.price).quantize(_CENT, ROUND_HALF_UP)
    fees = fill.fees.quantize(_CENT, ROUND_HALF_UP)
    text = f"{leg.get_side_display()} {fill.quantity.normalize():f} at {leg.venue.code}"
    key = f"leg:{leg.pk}"
    if leg.side == OrderSide.BUY:
        post_leg_purchase(execution, key=key, cost=gross + fees, description=text, now=now)
    else:
        post_sale(execution, key=key, gross=gross, costs=fees, description=text, now=now)
