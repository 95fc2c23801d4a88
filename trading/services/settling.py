"""Selling what was pulled, and closing executions: each once, whoever asks and however often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from common.audit import record_event
from common.outbox import enqueue
from opportunities.policy import default_policy
from trading.brokers import FillReport, Market, SellOrder, broker_for
from trading.choices import ExecutionState, LimitPeriod, OrderSide, OrderState
from trading.errors import ExecutionClosed, ExecutionNotFound
from trading.models import Execution, Fill, Order, Sale
from trading.selectors.selling import market_for
from users.models import User

from .announcing import ANNOUNCE_TASK, publish_execution
from .exposure import release_exposure
from .ledger import post_cost_of_sales, post_sale

logger = structlog.get_logger(__name__)

OPEN_STATES: Final = (ExecutionState.BOUGHT, ExecutionState.SELLING)


@dataclass(frozen=True, slots=True)
class SettlementReport:
    """What one run did.

    Args:
        settled: executions that were closed.
        selling: executions that still wait for prices of some cards.
        failed: executions that raised; logged, and tried again by the next run.
    """

    settled: int
    selling: int
    failed: int

    def as_data(self) -> dict[str, int]:
        """Return the counts as JSON."""
        return {"settled": self.settled, "selling": self.selling, "failed": self.failed}


def settle_due(*, now: datetime, limit: int = 200) -> SettlementReport:
    """Sell for every execution whose time has come, each in a transaction of its own.

    Runs beside each other share the work: what another one holds is passed over. Running it again does
    nothing, because what was done is no longer due.

    Args:
        now: executions that settle at or before it are due.
        limit: at most so many in one run.

    Raises:
        SoftTimeLimitExceeded: if the task's time is up; what was settled before stays.
    """
    due = Execution.objects.filter(state__in=OPEN_STATES, settles_at__lte=now)
    ids = list(due.order_by("settles_at", "id").values_list("pk", flat=True)[:limit])
    counts = {ExecutionState.SETTLED: 0, ExecutionState.SELLING: 0}
    failed = 0
    for execution_id in ids:
        try:
            state = _settle_one_due(execution_id, now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one execution's bad data must not stop the others
            logger.exception("execution.settlement_failed", execution_id=str(execution_id))
            failed += 1
            continue
        if state is not None:
            counts[state] += 1
    return SettlementReport(counts[ExecutionState.SETTLED], counts[ExecutionState.SELLING], failed)


def settle_execution(*, execution_id: UUID, actor: User | None, now: datetime) -> Execution:
    """Sell everything that is left at the executable prices of now, without waiting for the due time.

    Cards without a fresh price stay open and are tried again; the execution is settled when none is left.
    A kill switch does not stop this: closing what is open is always allowed.

    Raises:
        ExecutionNotFound: if there is none.
        ExecutionClosed: if it is settled, cancelled or failed.
    """
    with transaction.atomic():
        execution = locked_execution(execution_id)
        _sell_and_close(execution, actor, now)
    return execution


def locked_execution(execution_id: UUID) -> Execution:
    """Lock an open execution in the caller's transaction.

    Raises:
        ExecutionNotFound: if there is none.
        ExecutionClosed: if nothing can be done with it any more.
    """
    rows = Execution.objects.select_for_update(of=("self",)).select_related(
        "product", "buy_source__venue", "sell_source__venue", "actor"
    )
    execution = rows.filter(pk=execution_id).first()
    if execution is None:
        raise ExecutionNotFound(details={"id": str(execution_id)})
    if execution.state not in OPEN_STATES:
        raise ExecutionClosed(
            detail=f"This execution is {execution.get_state_display().lower()} already.",
            details={"id": str(execution_id), "state": execution.state},
        )
    return execution


def _settle_one_due(execution_id: UUID, now: datetime) -> ExecutionState | None:
    """Settle one if it is still due and nobody else is at it; None if there was nothing to do."""
    with transaction.atomic():
        rows = Execution.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "product", "buy_source__venue", "sell_source__venue", "actor"
        )
        execution = rows.filter(pk=execution_id, state__in=OPEN_STATES, settles_at__lte=now).first()
        if execution is None:
            return None
        _sell_and_close(execution, None, now)
        return ExecutionState(execution.state)


def _sell_and_close(execution: Execution, actor: User | None, now: datetime) -> None:
    orders = list(
        execution.orders.filter(side=OrderSide.SELL, state=OrderState.OPEN)
        .select_related("product")
        .order_by("leg")
    )
    sold = _sell(execution, orders, now)
    left = [order for order in orders if order.client_order_id not in sold]
    is_over = now >= execution.created_at + settings.PAPER_WRITE_OFF_AFTER
    if left and not is_over:
        _wait(execution, len(left), len(sold), actor, now)
    else:
        _close(execution, left, actor, now)


def _sell(execution: Execution, orders: Sequence[Order], now: datetime) -> dict[str, FillReport]:
    """Sell what can be sold; return the fills by client order id."""
    if not orders:
        return {}
    broker = broker_for(execution.mode)
    market = _market(execution, orders, now)
    reports: dict[str, FillReport] = {}
    for order in orders:
        instruction = SellOrder(order.client_order_id, (order.product.key, order.finish), order.quantity)
        report = broker.sell(instruction, market=market, now=now)
        if report is not None:
            reports[order.client_order_id] = report
            _write_sale(execution, order, report, now)
    return reports


def _market(execution: Execution, orders: Sequence[Order], now: datetime) -> Market:
    return market_for(
        {(order.product.key, order.finish) for order in orders},
        buy=execution.buy_source,
        sell=execution.sell_source,
        category=execution.product.category,
        policy=default_policy(),
        now=now,
    )


def _write_sale(execution: Execution, order: Order, report: FillReport, now: datetime) -> None:
    Fill.objects.create(
        order=order,
        venue_fill_id=report.venue_fill_id,
        quantity=report.quantity,
        price=report.price,
        fees=report.fees,
        postage=report.postage,
        price_recorded_at=report.price_recorded_at,
        filled_at=report.filled_at,
    )
    Order.objects.filter(pk=order.pk, state=OrderState.OPEN).update(state=OrderState.FILLED)
    Sale.objects.create(
        execution=execution,
        product=order.product,
        finish=order.finish,
        quantity=report.quantity,
        gross=report.gross,
        fees=report.fees,
        postage=report.postage,
        order=order,
        sold_at=report.filled_at,
        created_at=now,
    )
    post_sale(
        execution,
        key=f"sale:{order.pk}",
        gross=report.gross,
        costs=report.fees + report.postage,
        description=f"Sold {report.quantity} at {report.price} {execution.currency}",
        now=now,
    )


def _wait(execution: Execution, left: int, sold: int, actor: User | None, now: datetime) -> None:
    """Leave cards without a fresh price for later."""
    is_first = execution.state != ExecutionState.SELLING
    execution.state = ExecutionState.SELLING
    execution.settles_at = now + settings.PAPER_RETRY_DELAY
    execution.save(update_fields=["state", "settles_at"])
    if sold or is_first or actor is not None:
        _record(execution, "execution.sold_partly", actor, now, {"sold": sold, "left": left})
    publish_execution(execution, "selling")


def _close(execution: Execution, unsold: Sequence[Order], actor: User | None, now: datetime) -> None:
    """Write off what found no price, book the rest of the cost, state what was realised."""
    if unsold:
        Order.objects.filter(pk__in=[order.pk for order in unsold]).update(state=OrderState.CANCELLED)
        copies = sum(order.quantity for order in unsold)
        execution.closed_reason = f"{copies} cards written off unsold: no executable price"
    release_exposure(execution, periods=[LimitPeriod.OPEN], now=now)
    post_cost_of_sales(execution, now=now)
    execution.realised_cost = _bought_for(execution)
    execution.realised_proceeds = _proceeds(execution)
    execution.realised_profit = execution.realised_proceeds - execution.realised_cost
    execution.state, execution.settled_at = ExecutionState.SETTLED, now
    execution.save(
        update_fields=[
            "state", "settled_at", "closed_reason", "realised_cost", "realised_proceeds", "realised_profit",
        ]
    )  # fmt: skip
    facts = {
        "realised_profit": str(execution.realised_profit),
        "expected_profit": str(execution.expected_profit),
        "currency": execution.currency,
        "unsold_orders": len(unsold),
    }
    _record(execution, "execution.settled", actor, now, facts)
    enqueue(
        task=ANNOUNCE_TASK,
        kwargs={"execution_id": str(execution.pk), "what": "settled"},
        queue="default",
        key=f"execution-settled:{execution.pk}",
    )
    publish_execution(execution, "settled")


def _bought_for(execution: Execution) -> Decimal:
    """Return what the purchase cost by its fills."""
    fills = Fill.objects.filter(order__execution=execution, order__side=OrderSide.BUY)
    return sum((fill.price * fill.quantity + fill.fees + fill.postage for fill in fills), Decimal(0))


def _proceeds(execution: Execution) -> Decimal:
    """Return what all sales brought after fees and postage, people's own sales included."""
    sums = execution.sales.aggregate(gross=Sum("gross"), fees=Sum("fees"), postage=Sum("postage"))
    parts: dict[str, Decimal] = {name: total or Decimal(0) for name, total in sums.items()}
    return parts["gross"] - parts["fees"] - parts["postage"]


def _record(
    execution: Execution, verb: str, actor: User | None, now: datetime, facts: dict[str, Any]
) -> None:
    record_event(actor=actor, verb=verb, subject=f"execution:{execution.pk}", data=facts, now=now)
