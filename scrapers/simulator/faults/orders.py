"""Faults of orders at gift-card desks. Rules name the route with its method: `POST /giftdesk-*/orders`."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aiohttp import web

from .table import Answer, Firing, Layer, fault

HANG_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class OrderFault:
    """What goes wrong with an order.

    Args:
        kind: which fault.
        fee_bps: that come on top of the fee.
        seconds: for which the order is pending; None if it is decided at once.
    """

    kind: str
    fee_bps: Decimal = Decimal(0)
    seconds: float | None = None


ORDER_FAULT: Final = web.RequestKey("order_fault", OrderFault)


@fault("order_quote_expired", Layer.REQUEST)
def quote_expired(request: web.Request, firing: Firing) -> None:
    """The quote an order refers to has expired between list and order."""
    request[ORDER_FAULT] = OrderFault("quote_expired")


@fault("order_no_stock", Layer.REQUEST)
def no_stock(request: web.Request, firing: Firing) -> None:
    """The stock that was listed is gone."""
    request[ORDER_FAULT] = OrderFault("no_stock")


@fault("order_partial", Layer.REQUEST)
def partial(request: web.Request, firing: Firing) -> None:
    """Half of the order is filled, of two or more."""
    request[ORDER_FAULT] = OrderFault("partial")


@fault("order_fee", Layer.REQUEST)
def fee_change(request: web.Request, firing: Firing) -> None:
    """The fee is `fee_bps` (default 200) higher than agreed."""
    request[ORDER_FAULT] = OrderFault("fee", fee_bps=Decimal(str(firing.number("fee_bps", 200))))


@fault("order_late_fill", Layer.REQUEST)
def late_fill(request: web.Request, firing: Firing) -> None:
    """The order is pending for `seconds` (default 3), then carried out."""
    request[ORDER_FAULT] = OrderFault("late_fill", seconds=firing.number("seconds", 3))


@fault("order_late_failure", Layer.REQUEST)
def late_failure(request: web.Request, firing: Firing) -> None:
    """The order is pending for `seconds` (default 3), then rejected."""
    request[ORDER_FAULT] = OrderFault("late_failure", seconds=firing.number("seconds", 3))


@fault("answer_lost", Layer.BODY)
async def answer_lost(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The venue does what it was asked, but the connection breaks before the answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


@fault("answer_hangs", Layer.BODY)
async def answer_hangs(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The venue does what it was asked, then says nothing for `seconds` (default 120) and hangs up."""
    await asyncio.sleep(firing.number("seconds", HANG_SECONDS))
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=504)
