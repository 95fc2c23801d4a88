"""Acting on a spread, phase one: judge it again, take exposure, write both orders down. Nothing is sent here.

What is committed together: the execution (pending), its reservation, both orders with our own ids, the audit
event, and the outbox message that picks it up again should this process die. `driving` sends the orders
afterwards, each with the id that is on record by then.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from catalog.models import Instrument
from common.ids import uuid7
from common.outbox import enqueue
from opportunities.models import CrossVenueOpportunity
from trading.brokers.desk import desk_broker_for
from trading.brokers.desk.book import PLACES
from trading.choices import OrderSide
from trading.errors import SpreadNotFound
from trading.models import LegOrder, SpreadExecution
from trading.services.executing import Clock
from trading.services.exposure import Stake, keep_reservations, reserve_exposure
from trading.services.kill_switch import refuse_if_engaged, refused_at_commit
from trading.services.request import database_now
from users.models import User

from .announcing import record_spread
from .checking import SpreadCheck, check_spread, worst_price
from .controls import FIGURE_CONTROLS, REQUEST_CONTROLS, run_spread_controls
from .request import SpreadRequest, SpreadTrade, figures_shown

RESUME_TASK: Final = "trading.resume_spread"
BUY, SELL = 0, 1
_CENT: Final = Decimal("0.01")
_MARGIN_SECONDS: Final = 5


def lease() -> timedelta:
    """Return how long a driver has an execution to itself: longer than one order can take."""
    return timedelta(milliseconds=3 * settings.LEG_TIMEOUT_MS, seconds=_MARGIN_SECONDS)


def execute_spread(
    *,
    opportunity_id: UUID,
    actor: User,
    order: SpreadRequest,
    now: datetime,
    clock: Clock = database_now,
) -> SpreadExecution:
    """Write an execution of a spread down if the gap still holds and everything allows it.

    The caller sends its orders once this has committed (`driving.drive_spread` with fence 1); if it does not
    get that far, the outbox message and the periodic task do.

    Args:
        opportunity_id: which route.
        actor: who acts; the caller checked the role.
        order: what they ask for.
        now: stamped on what is written.
        clock: tells the time quotes are judged at; the database's.

    Returns:
        The execution, pending, with both legs pending.

    Raises:
        LiveNotAvailable: for any mode but paper.
        SpreadNotFound: if there is no such route.
        DisclaimerNotAccepted, QuantityInvalid, RouteGated, SpreadGone, StaleQuote, NotEnoughOffered,
            FiguresMoved: by the controls.
        QuotesUnreadable: if nobody knows what holds now.
        LimitExceeded: if an exposure limit has no room, or none is set in the currency.
        KillSwitchIsEngaged: if trading is stopped; inside an outer transaction a switch of the last moment
            shows only at its commit, as a `DatabaseError` (`kill_switch.refusal_of`).
    """
    desk_broker_for(order.mode, None)
    with refused_at_commit(), transaction.atomic():
        row = _locked_route(opportunity_id)
        refuse_if_engaged(username=actor.username, sources={row.buy_venue.code, row.sell_venue.code})
        trade = SpreadTrade(row, actor, order, figures_shown(row), clock())
        passed = run_spread_controls(REQUEST_CONTROLS, trade)
        trade = replace(trade, check=check_spread(row, quantity=order.quantity, now=trade.moment))
        passed += run_spread_controls(FIGURE_CONTROLS, trade)
        return _write(trade, passed, now)


def _locked_route(opportunity_id: UUID) -> CrossVenueOpportunity:
    """Lock the instrument of a route, so that acts on one thing are judged one after the other.

    Not the route itself: whoever writes sightings must never wait for a trader.
    """
    rows = CrossVenueOpportunity.objects.select_related("instrument", "buy_venue", "sell_venue")
    instrument = rows.filter(pk=opportunity_id).values_list("instrument", flat=True).first()
    if instrument is None:
        raise SpreadNotFound(details={"id": str(opportunity_id)})
    Instrument.objects.select_for_update(no_key=True).get(pk=instrument)
    return rows.get(pk=opportunity_id)


def _write(trade: SpreadTrade, passed: list[str], now: datetime) -> SpreadExecution:
    """Take exposure and store execution, legs, audit event and outbox message; the caller commits."""
    check, row = _figures(trade), trade.opportunity
    execution = _execution(trade, check, passed, now)
    taken = reserve_exposure(
        Stake(
            username=trade.actor.username,
            source=row.buy_venue.code,
            currency=row.currency,
            amount=execution.expected_cost.quantize(_CENT, ROUND_UP),
            day=now.date(),
        )
    )
    execution.due_at = trade.moment + lease()
    execution.save(force_insert=True)
    keep_reservations(execution, taken)
    _write_legs(execution, trade, check, now)
    record_spread(execution, "opened", actor=trade.actor, now=now)
    enqueue(
        task=RESUME_TASK,
        kwargs={"execution_id": str(execution.pk)},
        queue="default",
        key=f"spread-resume:{execution.pk}",
        due_at=execution.due_at,
    )
    return execution


def _figures(trade: SpreadTrade) -> SpreadCheck:
    if trade.check is None or trade.check.net is None:
        raise AssertionError("the controls let a spread without figures through")
    return trade.check


def _execution(trade: SpreadTrade, check: SpreadCheck, passed: list[str], now: datetime) -> SpreadExecution:
    net, order = check.net, trade.order
    if net is None:
        raise AssertionError("the controls let a spread without figures through")
    cost = net.cost * order.quantity + check.buy.terms.fixed_fee
    proceeds = net.proceeds * order.quantity - check.sell.terms.fixed_fee
    return SpreadExecution(
        id=uuid7(),
        opportunity=trade.opportunity,
        actor=trade.actor,
        mode=order.mode,
        quantity=order.quantity,
        currency=trade.opportunity.currency,
        expected_cost=cost.quantize(PLACES, ROUND_UP),
        expected_proceeds=proceeds.quantize(PLACES),
        expected_profit=net.profit.quantize(PLACES),
        expected_net_bps=net.net_bps.quantize(Decimal("0.0001")),
        shown=trade.shown,
        checked={**check.as_data(), "controls": passed, "at": trade.moment.isoformat()},
        note=order.note,
        created_at=now,
    )


def _write_legs(execution: SpreadExecution, trade: SpreadTrade, check: SpreadCheck, now: datetime) -> None:
    """Store both orders. The trader's own limits bind the orders too, not only the check."""
    order, row = trade.order, trade.opportunity
    most = worst_price(check.buy, side=OrderSide.BUY)
    least = worst_price(check.sell, side=OrderSide.SELL)
    if order.max_buy_price is not None:
        most = min(most, order.max_buy_price)
    if order.min_sell_price is not None:
        least = max(least, order.min_sell_price)
    legs = ((BUY, OrderSide.BUY, row.buy_venue, most, check.buy),
            (SELL, OrderSide.SELL, row.sell_venue, least, check.sell))  # fmt: skip
    LegOrder.objects.bulk_create(
        LegOrder(
            execution=execution,
            position=position,
            side=side,
            venue=venue,
            client_order_id=client_order_id(execution, position),
            quantity=order.quantity,
            limit_price=limit,
            quote_id="" if leg.quote is None else leg.quote.quote_id[:120],
            created_at=now,
        )
        for position, side, venue, limit, leg in legs
    )


def client_order_id(execution: SpreadExecution, position: int) -> str:
    """Return our own id of a leg's order, known before it leaves this house."""
    return f"{execution.pk}:{position}"
