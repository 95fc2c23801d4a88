"""Acting on an opportunity: everything in one transaction, or nothing.

Order of locks, the same everywhere: opportunity, exposure, ledger, audit, and the kill switch last, in the
commit itself (`kill_switch` says why). A first look at the switches at the start spares the work.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from common.audit import NewEvent, record_events
from common.ids import uuid7
from common.outbox import enqueue
from opportunities.choices import OpportunityStatus
from opportunities.errors import OpportunityNotFound
from opportunities.models import Opportunity
from opportunities.services import Figures, Revalidation, revalidate_opportunity
from opportunities.services.fresh_assessment import FreshJudgement
from opportunities.services.revisions import announce, write_quotes
from trading.brokers import Broker, BuyOrder, broker_for
from trading.choices import ExecutionState, OpeningOrigin, OrderSide, OrderState
from trading.models import Execution, Fill, Order
from users.models import User

from .announcing import ANNOUNCE_TASK, publish_execution
from .controls import FIGURE_CONTROLS, REQUEST_CONTROLS, run_controls
from .exposure import Stake, keep_reservations, reserve_exposure
from .kill_switch import refuse_if_engaged, refused_at_commit
from .ledger import post_purchase
from .paper_opening import client_order_id, draw, write_opening, write_sell_orders
from .request import ExecutionRequest, PreTrade, database_now, shown_figures, taken_since_observed

Clock = Callable[[], datetime]

_BUY_LEG: Final = 0


def execute_opportunity(
    *,
    opportunity_id: UUID,
    actor: User,
    order: ExecutionRequest,
    now: datetime,
    clock: Clock = database_now,
) -> Execution:
    """Buy what an opportunity is about, on paper, if it still holds and everything allows it.

    Args:
        opportunity_id: which opportunity.
        actor: who acts; the caller checked the role.
        order: what they ask for.
        now: stamped on what is written.
        clock: tells the time prices and lifetimes are judged at; the database's.

    Returns:
        The execution, bought; if the broker opens the products, with an open order for each card to sell.

    Raises:
        LiveNotAvailable: for any mode but paper.
        OpportunityNotFound: if there is none.
        OpportunityClosed, AlreadyExecuted: if nothing can be done with it any more.
        DisclaimerNotAccepted, NeedsReview, StalePrice, FiguresMoved, NotEnoughOffered: by the controls.
        LimitExceeded: if an exposure limit has no room.
        KillSwitchIsEngaged: if trading is stopped. Inside an outer transaction a switch that was engaged in
            the last moment shows only at its commit, as a `DatabaseError` (`kill_switch.refusal_of`).
    """
    broker = broker_for(order.mode)
    with refused_at_commit(), transaction.atomic():
        row = _locked(opportunity_id)
        refuse_if_engaged(username=actor.username, sources={row.buy_source.code, row.sell_source.code})
        trade = PreTrade(row, actor, order, shown_figures(row, order.quote_version), None, clock())
        passed = run_controls(REQUEST_CONTROLS, trade)
        check = revalidate_opportunity(opportunity_id=row.pk, now=trade.moment)
        trade = replace(trade, check=check, taken=taken_since_observed(row, check))
        passed += run_controls(FIGURE_CONTROLS, trade)
        return _carry_out(trade, broker, passed, now)


def _locked(opportunity_id: UUID) -> Opportunity:
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related(
        "sealed_product", "buy_source__venue", "sell_source__venue"
    )
    row = rows.defer("distribution", "factors").filter(pk=opportunity_id).first()
    if row is None:
        raise OpportunityNotFound(details={"id": str(opportunity_id)})
    return row


def _carry_out(trade: PreTrade, broker: Broker, passed: list[str], now: datetime) -> Execution:
    """Take exposure, buy, open, place the sell orders, book and record; the caller commits."""
    row = trade.opportunity
    execution = _execution(trade, broker, passed, now)
    drawn = None
    if trade.order.opening == OpeningOrigin.SIMULATED:
        drawn = draw(execution, broker=broker, judged=_judged(trade))
        execution.settles_at = now + broker.selling_takes(is_demo=row.sealed_product.is_demo)
    taken = reserve_exposure(
        Stake(
            username=trade.actor.username,
            source=row.buy_source.code,
            currency=row.currency,
            amount=execution.expected_cost,
            day=now.date(),
        )
    )
    execution.save(force_insert=True)
    keep_reservations(execution, taken)
    _buy(execution, trade, broker, now)
    sell_orders = 0
    if drawn is not None:
        write_opening(execution, drawn, now=now)
        sell_orders = write_sell_orders(execution, drawn, first_leg=_BUY_LEG + 1, now=now)
    _close_opportunity(row, execution, now)
    _record(execution, row, trade.actor, sell_orders, now)
    return execution


def _figures(trade: PreTrade) -> tuple[Figures, Revalidation]:
    """Return what the controls made sure of."""
    if trade.check is None or trade.check.fresh is None:
        raise AssertionError("the controls let an opportunity without figures through")
    return trade.check.fresh, trade.check


def _judged(trade: PreTrade) -> FreshJudgement:
    """Return what the figures were computed from."""
    _, check = _figures(trade)
    if check.judged is None:
        raise AssertionError("the controls let something through that is no opportunity")
    return check.judged


def _execution(trade: PreTrade, broker: Broker, passed: list[str], now: datetime) -> Execution:
    fresh, check = _figures(trade)
    row, order = trade.opportunity, trade.order
    return Execution(
        id=uuid7(),
        opportunity=row,
        product=row.sealed_product,
        buy_source=row.buy_source,
        sell_source=row.sell_source,
        actor=trade.actor,
        mode=broker.mode,
        state=ExecutionState.BOUGHT,
        quantity=order.quantity,
        currency=row.currency,
        expected_cost=fresh.total_cost * order.quantity,
        expected_proceeds=fresh.singles_value * order.quantity,
        expected_profit=fresh.net_profit * order.quantity,
        expected_margin_percentage=fresh.margin_percentage,
        confidence_score=row.confidence_score if fresh.confidence_score is None else fresh.confidence_score,
        probability_of_profit=fresh.probability_of_profit,
        risk_level=check.risk_level or row.risk_level,
        quote_version=order.quote_version,
        shown=trade.shown or {},
        checked={**check.as_data(), "controls": passed},
        note=order.note,
        created_at=now,
    )


def _buy(execution: Execution, trade: PreTrade, broker: Broker, now: datetime) -> None:
    """Place and fill the purchase, and book it."""
    fresh, _ = _figures(trade)
    bought = Order.objects.create(
        execution=execution,
        leg=_BUY_LEG,
        side=OrderSide.BUY,
        state=OrderState.FILLED,
        client_order_id=client_order_id(execution, _BUY_LEG),
        source=execution.buy_source,
        product=execution.product,
        quantity=execution.quantity,
        limit_price=fresh.sealed_price,
        created_at=now,
    )
    report = broker.buy(
        BuyOrder(
            client_order_id=bought.client_order_id,
            quantity=execution.quantity,
            price=fresh.sealed_price,
            extra_cost=fresh.total_cost - fresh.sealed_price,
            price_recorded_at=fresh.oldest_price_at,
        ),
        now=now,
    )
    Fill.objects.create(
        order=bought,
        venue_fill_id=report.venue_fill_id,
        quantity=report.quantity,
        price=report.price,
        fees=report.fees,
        postage=report.postage,
        price_recorded_at=report.price_recorded_at,
        filled_at=report.filled_at,
    )
    post_purchase(execution, cost=report.gross + report.fees + report.postage, now=now)


def _close_opportunity(row: Opportunity, execution: Execution, now: datetime) -> None:
    row.status, row.execution_quantity = OpportunityStatus.EXECUTED, execution.quantity
    row.executed_at = row.closed_at = now
    row.closed_reason = "executed"
    row.revision += 1
    row.save(
        update_fields=[
            "status", "execution_quantity", "executed_at", "closed_at", "closed_reason", "revision",
            "updated_at",
        ]
    )  # fmt: skip
    write_quotes([row], now=now)
    announce(row, "executed")


def _record(execution: Execution, row: Opportunity, actor: User, sell_orders: int, now: datetime) -> None:
    """Write the audit events and ask for the announcement."""
    facts: dict[str, Any] = {
        "execution": str(execution.pk),
        "quantity": execution.quantity,
        "currency": execution.currency,
        "expected_cost": str(execution.expected_cost),
        "expected_profit": str(execution.expected_profit),
        "mode": execution.mode,
        "quote_version": execution.quote_version,
    }
    events = [
        NewEvent("opportunity.executed", f"opportunity:{row.pk}", facts),
        NewEvent(
            "execution.bought",
            f"execution:{execution.pk}",
            {**facts, "opportunity": str(row.pk), "sell_orders": sell_orders, "shown": execution.shown},
        ),
    ]
    record_events(events, actor=actor, now=now)
    enqueue(
        task=ANNOUNCE_TASK,
        kwargs={"execution_id": str(execution.pk), "what": "bought"},
        queue="default",
        key=f"execution-bought:{execution.pk}",
    )
    publish_execution(execution, "bought")
