"""The generic contract of a desk: `GET /quotes`, `POST /orders`, `GET /orders?clientOrderId=`.

Prices in quotes are of one card and from the desk's chair; orders say `side` from the client's chair.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import iso, json_answer
from scrapers.simulator.faults.orders import ORDER_FAULT
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.tokens import bearer_value

from .cards import BRANDS, Card
from .desks import BUY, SELL, Desk, desk_named
from .orders import DeskOrder, Wanted

routes = web.RouteTableDef()

MOST_CARDS: Final = 10_000
_LONGEST_ID: Final = 120
_NATIVE: Final = frozenset({"reloadly", "bitrefill"})


class _BadOrder(ValueError):
    """An order that cannot be understood; the message names the field."""


@routes.get(r"/giftdesk-{code:[a-z0-9_-]+}/quotes")
async def quotes(request: web.Request) -> web.Response:
    """List what the desk offers now."""
    simulator, desk = simulator_of(request), _desk(request)
    refused = _refused(request, simulator)
    if refused is not None:
        return refused
    rows = [
        {
            "brand": one.card.brand.name, "denomination": f"{one.card.face:.2f}", "price": str(one.price),
            "currency": one.card.currency, "quantity": one.quantity, "quoteId": one.quote_id,
            "expiresAt": iso(one.expires_at, timespec="milliseconds"), "region": one.card.region,
            "side": one.side,
        }
        for one in simulator.gift_cards.quotes(desk)
    ]  # fmt: skip
    return json_answer({"asOf": iso(simulator.now(), timespec="milliseconds"), "quotes": rows})


@routes.post(r"/giftdesk-{code:[a-z0-9_-]+}/orders")
async def place(request: web.Request) -> web.Response:
    """Carry an order out, or repeat what became of it: the client's id is used once."""
    simulator, desk = simulator_of(request), _desk(request)
    refused = _refused(request, simulator)
    if refused is not None:
        return refused
    try:
        wanted = _wanted(await request.read())
    except _BadOrder as error:
        return _error(400, "invalid_order", str(error))
    known = simulator.gift_cards.find(desk, wanted.client_order_id)
    if known is not None:
        if known.wanted != wanted:
            return _error(409, "client_order_id_used", "this clientOrderId belongs to another order")
        return json_answer(_shown(known))
    order = simulator.gift_cards.place(desk, wanted, request.get(ORDER_FAULT))
    return json_answer(_shown(order), status=201)


@routes.get(r"/giftdesk-{code:[a-z0-9_-]+}/orders")
async def find(request: web.Request) -> web.Response:
    """Return the order of a client's id, in a list that is empty if there is none."""
    simulator, desk = simulator_of(request), _desk(request)
    refused = _refused(request, simulator)
    if refused is not None:
        return refused
    name = request.query.get("clientOrderId", "")
    if not name:
        return _error(400, "invalid_query", "clientOrderId is missing")
    order = simulator.gift_cards.find(desk, name)
    return json_answer({"orders": [] if order is None else [_shown(order)]})


def _desk(request: web.Request) -> Desk:
    code = request.match_info["code"]
    if code in _NATIVE:
        raise web.HTTPNotFound
    return desk_named(code)


def _refused(request: web.Request, simulator: Simulator) -> web.Response | None:
    """Return the refusal of who has no valid token, or None."""
    token = bearer_value(request.headers.get("Authorization", ""))
    endpoint = request.path.split("/")[1]
    if token == simulator.credentials.client_secret and not simulator.tokens.is_revoked(endpoint):
        return None
    return _error(401, "unauthorized", "the token is missing or not valid")


def _wanted(body: bytes) -> Wanted:
    try:
        asked = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise _BadOrder("the body is not JSON") from error
    if not isinstance(asked, dict):
        raise _BadOrder("the body is not an object")
    side, name = asked.get("side"), asked.get("clientOrderId")
    if side not in (BUY, SELL):
        raise _BadOrder("side is buy or sell")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID:
        raise _BadOrder(f"clientOrderId is a text of at most {_LONGEST_ID} letters")
    quantity = _number(asked, "quantity")
    if quantity != quantity.to_integral_value() or not 1 <= quantity <= MOST_CARDS:
        raise _BadOrder(f"quantity is a whole number from 1 to {MOST_CARDS}")
    limit = _number(asked, "limitPrice") if asked.get("limitPrice") is not None else None
    return Wanted(name, side, _card(asked), int(quantity), limit, str(asked.get("quoteId") or ""))


def _card(asked: Mapping[str, Any]) -> Card:
    named = str(asked.get("brand", "")).casefold()
    brand = next((one for one in BRANDS if named in (one.slug, one.name.casefold())), None)
    if brand is None:
        raise _BadOrder(f"there is no brand {asked.get('brand')!r}")
    face = _number(asked, "denomination").normalize()
    return Card(brand, Decimal(f"{face:f}"), str(asked.get("currency", "")), str(asked.get("region", "")))


def _number(asked: Mapping[str, Any], name: str) -> Decimal:
    try:
        number = Decimal(str(asked.get(name)))
    except InvalidOperation as error:
        raise _BadOrder(f"{name} is no number") from error
    if not number.is_finite() or number <= 0:
        raise _BadOrder(f"{name} is not above 0")
    return number


def _shown(order: DeskOrder) -> dict[str, Any]:
    wanted = order.wanted
    return {
        "orderId": order.order_id, "clientOrderId": wanted.client_order_id, "status": order.state,
        "filledQuantity": order.filled, "price": str(order.price), "fee": str(order.fee),
        "reason": order.reason, "side": wanted.side, "brand": wanted.card.brand.name,
        "denomination": f"{wanted.card.face:.2f}", "currency": wanted.card.currency,
        "region": wanted.card.region, "quantity": wanted.quantity,
        "createdAt": iso(order.created_at, timespec="milliseconds"),
    }  # fmt: skip


def _error(status: int, code: str, message: str) -> web.Response:
    return json_answer({"error": {"code": code, "message": message}}, status=status)
