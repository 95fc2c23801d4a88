"""Bitrefill v2: products with packages, invoices that are paid from the balance, orders of an invoice.

The real venue knows no identifier of the client, so that an invoice whose answer is lost can only be found in
the list of invoices.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import iso, json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.faults.orders import ORDER_FAULT
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.tokens import bearer_value

from .cards import BRANDS, FACES, Brand, Card
from .desks import BUY, DESKS, SELL
from .orders import DeskOrder, Wanted

routes = web.RouteTableDef()

ENDPOINT: Final = "bitrefill"
DESK: Final = DESKS[ENDPOINT]
MOST_ROWS: Final = 50
_STATES: Final = {
    "filled": "complete", "partial": "complete", "pending": "pending", "rejected": "denied",
}  # fmt: skip


@routes.get("/bitrefill/v2/products")
async def products(request: web.Request) -> web.Response:
    """List products from `start`, at most `limit` (50)."""
    start, limit = whole(request.query.get("start"), 0), whole(request.query.get("limit"), MOST_ROWS)
    refused = _refused(request)
    if refused is not None:
        return refused
    if start is None or limit is None or start < 0 or not 0 < limit <= MOST_ROWS:
        return _error(400, "invalid_query", f"limit is at most {MOST_ROWS}")
    rows, first = _products(simulator_of(request)), page_start(request, start)
    return _envelope(request, rows[first : first + limit])


@routes.get("/bitrefill/v2/products/{name}")
async def product(request: web.Request) -> web.Response:
    """Return one product."""
    refused = _refused(request)
    if refused is not None:
        return refused
    name = request.match_info["name"]
    found = next((row for row in _products(simulator_of(request)) if row["id"] == name), None)
    return _error(404, "not_found", "Product not found") if found is None else _envelope(request, found)


@routes.post("/bitrefill/v2/invoices")
async def invoice(request: web.Request) -> web.Response:
    """Make an invoice of one product and pay it from the balance."""
    refused = _refused(request)
    if refused is not None:
        return refused
    simulator = simulator_of(request)
    wanted = _wanted(await request.read(), number=len(simulator.gift_cards.orders) + 1)
    if isinstance(wanted, str):
        return _error(400, "invalid_request", wanted)
    placed = simulator.gift_cards.place(DESK, wanted, request.get(ORDER_FAULT))
    return _envelope(request, _invoice(placed), status=201)


@routes.get("/bitrefill/v2/invoices")
async def invoices(request: web.Request) -> web.Response:
    """List invoices, newest first."""
    refused = _refused(request)
    if refused is not None:
        return refused
    orders = simulator_of(request).gift_cards
    names = [name for code, name in orders.orders if code == DESK.code]
    found = [one for name in reversed(names[-MOST_ROWS:]) if (one := orders.find(DESK, name)) is not None]
    return _envelope(request, [_invoice(one) for one in found])


@routes.get("/bitrefill/v2/invoices/{name}")
async def one_invoice(request: web.Request) -> web.Response:
    """Return an invoice as it stands now."""
    return _one(request, _invoice)


@routes.get("/bitrefill/v2/orders/{name}")
async def one_order(request: web.Request) -> web.Response:
    """Return the order of an invoice as it stands now."""
    return _one(request, _order)


def _one(request: web.Request, show: Any) -> web.Response:
    refused = _refused(request)
    if refused is not None:
        return refused
    found = simulator_of(request).gift_cards.by_id(DESK, request.match_info["name"])
    return _error(404, "not_found", "Not found") if found is None else _envelope(request, show(found))


def _products(simulator: Simulator) -> list[dict[str, Any]]:
    rows = [_product(simulator, brand) for brand in BRANDS]
    rows.append(
        {
            **rows[0], "id": "amazon-any-usa", "name": "Amazon.com (any amount)", "packages": [],
            "range": {"min": 1, "max": 2000, "step": 1, "customerPriceRate": 1.01},
        }
    )  # fmt: skip
    return rows


def _product(simulator: Simulator, brand: Brand) -> dict[str, Any]:
    offers = {face: simulator.gift_cards.offer(DESK, Card(brand, face, "USD", "US"), SELL) for face in FACES}
    packages = [
        {
            "id": f"{brand.slug}-usa<&>{face}", "value": str(face), "amount": int(face),
            "price": int(one.price * 1000), "usdPrice": one.price,
            "eurPrice": (one.price / Decimal("1.13")).quantize(Decimal("0.01")),
            "prices": {"USD": one.price},
        }
        for face, one in offers.items()
        if one.quantity
    ]  # fmt: skip
    return {
        "id": f"{brand.slug}-usa", "name": brand.name, "brand": brand.name, "country_code": "US",
        "country_name": "United States", "currency": "USD", "in_stock": bool(packages),
        "recipient_type": "none", "categories": ["gift-cards"], "packages": packages,
    }  # fmt: skip


def _wanted(body: bytes, *, number: int) -> Wanted | str:
    """Return what is ordered, or what is wrong with it."""
    try:
        asked = json.loads(body)
        line = asked["products"][0]
        package = str(line.get("package_id") or f"{line['product_id']}<&>{line['value']}")
        quantity = int(line.get("quantity", 1))
        is_paid = asked["payment_method"] == "balance" and asked.get("auto_pay") is True
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        return f"The request is not valid: {type(error).__name__}"
    for brand in BRANDS:
        for face in FACES:
            if package == f"{brand.slug}-usa<&>{face}" and quantity > 0 and is_paid:
                return Wanted(f"invoice-{number}", BUY, Card(brand, face, "USD", "US"), quantity)
    return "Unknown product or package, or it is not paid from the balance"


def _invoice(order: DeskOrder) -> dict[str, Any]:
    return {
        "id": order.order_id, "created_time": iso(order.created_at, timespec="milliseconds"),
        "status": _STATES[order.state],
        "payment": {
            "method": "balance", "currency": "USD", "price": order.price * order.filled,
            "commission": order.fee,
        },
        "orders": [_order(order)],
    }  # fmt: skip


def _order(order: DeskOrder) -> dict[str, Any]:
    wanted = order.wanted
    codes = [{"code": f"SIM-{order.order_id}-{index}"} for index in range(order.filled)]
    return {
        "id": order.order_id, "status": "delivered" if order.filled else _STATES[order.state],
        "product": {"id": f"{wanted.card.brand.slug}-usa", "value": str(wanted.card.face), "currency": "USD"},
        "quantity": order.filled, "reason": order.reason, "redemption_info": codes,
    }  # fmt: skip


def _refused(request: web.Request) -> web.Response | None:
    simulator = simulator_of(request)
    token = bearer_value(request.headers.get("Authorization", ""))
    if token == simulator.credentials.client_secret and not simulator.tokens.is_revoked(ENDPOINT):
        return None
    return _error(401, "unauthorized", "Invalid API key")


def _envelope(request: web.Request, data: object, *, status: int = 200) -> web.Response:
    meta: Mapping[str, str] = {"_endpoint": f"{request.method} {request.path.removeprefix('/bitrefill')}"}
    return json_answer({"meta": meta, "data": data}, status=status)


def _error(status: int, code: str, message: str) -> web.Response:
    return json_answer({"error_code": code, "message": message}, status=status)
