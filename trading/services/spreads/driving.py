"""Acting on a spread, phase two and three: send each order once, learn what became of it, and end well.

Every step is a commit of its own, and what the next one is follows from what is committed (`steps`). A leg is
marked as sent, with its id on record, before anything leaves this house; from then on it is never sent again:
whoever finds it without an outcome asks the venue by that id.

Two processes never act for one execution: a driver holds it for a `lease` and knows its fence; taking over
after the lease raises the fence, and a driver that was paused meanwhile can write nothing any more. What it
may still have sent carries the id that its successor asks for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from scrapers.models import LiveMarket
from trading.brokers.desk import (
    ChooseBroker,
    DeskBroker,
    LegInstruction,
    LegOutcome,
    LegReport,
    PaperDeskBroker,
    desk_broker_for,
)
from trading.choices import OPEN_SPREADS, LegState, OrderSide, SpreadState
from trading.errors import ExecutionNotFound, KillSwitchIsEngaged
from trading.models import LegOrder, SpreadExecution
from trading.services.executing import Clock
from trading.services.kill_switch import meet_switches
from trading.services.request import database_now

from .announcing import record_spread
from .checking import terms_of
from .closing import fail_spread, settle_spread
from .executing import BUY, lease
from .outcomes import apply_report
from .steps import Step, StepKind, next_step
from .unwinding import unwind

logger = structlog.get_logger(__name__)

MAX_STEPS: Final = 40
_CLAIM: Final = """
UPDATE spread_executions SET fence = fence + 1, due_at = %(until)s
 WHERE id IN (SELECT id FROM spread_executions
               WHERE id = %(id)s AND state = ANY(%(states)s) AND due_at <= %(now)s FOR UPDATE SKIP LOCKED)
RETURNING fence
"""


class FenceLost(Exception):
    """Somebody else drives the execution now."""


def resume_spread(
    *, execution_id: UUID, clock: Clock = database_now, choose: ChooseBroker = desk_broker_for
) -> SpreadExecution | None:
    """Take an execution over that nobody drives any more, and drive it; None if it is not due.

    Args:
        execution_id: which; one that is final, held by a driver, or gone is left alone.
        clock: tells the time; the database's.
        choose: who carries out orders at a venue.
    """
    now = clock()
    states = [str(state) for state in OPEN_SPREADS]
    facts: dict[str, Any] = {"id": execution_id, "now": now, "until": now + lease(), "states": states}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, facts)
        row = cursor.fetchone()
    if row is None:
        return None
    return drive_spread(execution_id=execution_id, fence=row[0], clock=clock, choose=choose)


def resume_spreads(
    *, clock: Clock = database_now, choose: ChooseBroker = desk_broker_for, limit: int = 100
) -> int:
    """Take over everything that is due; return how many were driven on. Runs beside each other share them."""
    due = SpreadExecution.objects.filter(state__in=OPEN_SPREADS, due_at__lte=clock())
    driven = 0
    for execution_id in list(due.order_by("due_at", "id").values_list("pk", flat=True)[:limit]):
        try:
            driven += resume_spread(execution_id=execution_id, clock=clock, choose=choose) is not None
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one execution's bad data must not stop the others
            logger.exception("spread.resume_failed", execution_id=str(execution_id))
    return driven


def drive_spread(
    *, execution_id: UUID, fence: int, clock: Clock = database_now, choose: ChooseBroker = desk_broker_for
) -> SpreadExecution:
    """Drive an execution until it is final, or has to wait for a venue, or somebody else took it over.

    Must be called outside a transaction: each step is committed before the next one.

    Args:
        execution_id: which.
        fence: what entitles to drive it: 1 for whoever wrote it down, or what taking over returned.
        clock: tells the time; the database's.
        choose: who carries out orders at a venue.

    Returns:
        The execution as it is then.

    Raises:
        ExecutionNotFound: if there is none.
    """
    driver = _Driver(execution_id, fence, clock, choose)
    try:
        for _ in range(MAX_STEPS):
            if not driver.advance():
                break
    except FenceLost:
        logger.info("spread.taken_over", execution_id=str(execution_id), fence=fence)
    return _rows().get(pk=execution_id)


class _Driver:
    """Drives one execution with one fence."""

    def __init__(self, execution_id: UUID, fence: int, clock: Clock, choose: ChooseBroker) -> None:
        self._id = execution_id
        self._fence = fence
        self._clock = clock
        self._choose = choose

    def advance(self) -> bool:
        """Take one step; return whether there may be another at once."""
        now = self._clock()
        with transaction.atomic():
            execution = self._locked()
            if execution.state not in OPEN_SPREADS:
                return False
            legs = legs_of(execution)
            step = next_step(legs, [leg.filled for leg in legs])
            if step.kind in _INSIDE:
                return _INSIDE[step.kind](execution, legs, step, now)
            leg = next(each for each in legs if each.position == step.position)
            call = self._prepare(execution, leg, step, now)
        if call is not None:
            self._learn(leg, call())
        return self._may_go_on()

    def _prepare(
        self, execution: SpreadExecution, leg: LegOrder, step: Step, now: datetime
    ) -> Callable[[], LegReport] | None:
        """Commit that a venue is about to be called; return the call, or None if it is not made."""
        execution.due_at = now + lease()
        broker, order = self._broker(execution, leg, step)
        if step.kind is StepKind.ASK:
            execution.save(update_fields=["due_at"])
            leg.queries += 1
            leg.save(update_fields=["queries"])
            if leg.left_house and isinstance(broker, PaperDeskBroker):
                return lambda: LegReport(LegOutcome.UNKNOWN, reason="Its venue takes no questions any more.")
            return lambda: broker.find(order, now=now)
        reason = _not_to_be_sent(execution, leg, now)
        if reason:
            apply_report(execution, leg, LegReport(LegOutcome.NOT_SENT, reason=reason), now=now)
            return None
        leg.quantity, leg.state, leg.sent_at = order.quantity, LegState.SENT, now
        leg.left_house = not isinstance(broker, PaperDeskBroker)
        leg.save(update_fields=["quantity", "state", "sent_at", "left_house"])
        execution.state = _sending_state(leg)
        execution.save(update_fields=["state", "due_at"])
        record_spread(execution, "leg_sent", actor=None, now=now, facts={"leg": leg.position})
        return _in_time(lambda: broker.send(order, now=now))

    def _learn(self, leg: LegOrder, report: LegReport) -> None:
        """Commit what a venue answered, if this driver still may."""
        now = self._clock()
        with transaction.atomic():
            execution = self._locked()
            current = LegOrder.objects.select_related("venue").get(pk=leg.pk)
            apply_report(execution, current, report, now=now)

    def _may_go_on(self) -> bool:
        state = SpreadExecution.objects.values_list("state", flat=True).get(pk=self._id)
        return state in OPEN_SPREADS and state not in (SpreadState.UNKNOWN, SpreadState.STUCK)

    def _locked(self) -> SpreadExecution:
        execution = _rows().select_for_update(of=("self",)).filter(pk=self._id).first()
        if execution is None:
            raise ExecutionNotFound(details={"id": str(self._id)})
        if execution.fence != self._fence:
            raise FenceLost
        return execution

    def _broker(
        self, execution: SpreadExecution, leg: LegOrder, step: Step
    ) -> tuple[DeskBroker, LegInstruction]:
        market = LiveMarket.objects.filter(venue=leg.venue).first()
        terms, instrument = terms_of(leg.venue.code, market), execution.opportunity.instrument
        order = LegInstruction(
            client_order_id=leg.client_order_id,
            venue=leg.venue.code,
            side=leg.side,
            symbol=instrument.symbol,
            base=instrument.base,
            currency=execution.currency,
            denomination=instrument.denomination,
            region=instrument.region,
            quantity=step.quantity or leg.quantity,
            limit_price=leg.limit_price,
            quote_id=leg.quote_id,
            fee_bps=terms.fee_bps,
            fixed_fee=terms.fixed_fee,
        )
        return self._choose(execution.mode, market), order


def legs_of(execution: SpreadExecution) -> list[LegOrder]:
    """Return the legs by position, with venues and fills."""
    return list(execution.legs.select_related("venue").prefetch_related("fills").order_by("position"))


def _rows() -> QuerySet[SpreadExecution]:
    return SpreadExecution.objects.select_related(
        "actor", "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue"
    )


def _not_to_be_sent(execution: SpreadExecution, leg: LegOrder, now: datetime) -> str:
    """Return why a purchase must not leave any more; empty if it may. What was bought may always be sold."""
    if leg.position != BUY:
        return ""
    if now - execution.created_at > timedelta(milliseconds=settings.MAX_QUOTE_AGE_MS):
        return "The quotes it was judged by are too old by now."
    row = execution.opportunity
    try:
        meet_switches(username=execution.actor.username, sources={row.buy_venue.code, row.sell_venue.code})
    except KillSwitchIsEngaged as error:
        return error.detail
    return ""


def _in_time(send: Callable[[], LegReport]) -> Callable[[], LegReport]:
    """Let an order leave only shortly after it was marked as sent.

    A process that was stopped in between may wake up when its successor has asked for the order, was told
    that there is none, and acted on it.
    """
    marked = monotonic()

    def send_in_time() -> LegReport:
        if monotonic() - marked > settings.LEG_TIMEOUT_MS / 1_000:
            return LegReport(LegOutcome.NOT_SENT, reason="Too late to be sent: this process was held up.")
        return send()

    return send_in_time


def _sending_state(leg: LegOrder) -> SpreadState:
    if leg.side == OrderSide.BUY:
        return SpreadState.BUYING
    return SpreadState.SELLING if leg.position == 1 else SpreadState.UNWINDING


_INSIDE: Final = {
    StepKind.UNWIND: unwind,
    StepKind.SETTLE: settle_spread,
    StepKind.FAIL: fail_spread,
}
"""Steps that happen inside this house: (execution, legs, step, now)."""
