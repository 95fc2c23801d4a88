"""Reloadly: tokens, pages of products, orders by product number, reports by the client's identifier.

Pages are numbered from 1 in questions and from 0 in answers. An order costs the sender's face value and the
sender fee; the discount is shown beside it and not taken off. What the account pays for a face value moves.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.faults.orders import ORDER_FAULT
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.tokens import bearer_value

from .cards import BRANDS, FACES, Brand, Card
from .desks import BUY, DESKS, SELL
from .orders import DeskOrder, Wanted

routes = web.RouteTableDef()

ENDPOINT: Final = "reloadly"
DESK: Final = DESKS[ENDPOINT]
AUDIENCE: Final = "https://giftcards.reloadly.com"
LIFETIME: Final = timedelta(days=60)
SENDER_FEE: Final = Decimal("0.50")
MOST_ROWS: Final = 200
_STATES: Final = {
    "filled": "SUCCESSFUL", "partial": "SUCCESSFUL", "pending": "PENDING", "rejected": "REFUNDED",
}  # fmt: skip


@routes.post("/reloadly/oauth/token")
async def token(request: web.Request) -> web.Response:
    """Issue a token for client id and secret."""
    simulator = simulator_of(request)
    try:
        asked = json.loads(await request.read())
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or asked.get("grant_type") != "client_credentials":
        return _error(request, 400, "Invalid grant type", "INVALID_GRANT_TYPE")
    if asked.get("audience") != AUDIENCE:
        return _error(request, 400, "The provided audience is not valid", "INVALID_AUDIENCE")
    accepts = simulator.credentials.accept(asked.get("client_id"), asked.get("client_secret"))
    if not accepts or simulator.tokens.is_revoked(ENDPOINT):
        return _error(request, 401, "Access Denied", None)
    lifetime = simulator.token_lifetime or LIFETIME
    return json_answer(
        {
            "access_token": simulator.tokens.issue(ENDPOINT, lifetime=lifetime), "token_type": "Bearer",
            "scope": "developer", "expires_in": int(lifetime.total_seconds()),
        }
    )  # fmt: skip


@routes.get("/reloadly/products")
async def products(request: web.Request) -> web.Response:
    """List a page of products."""
    return _page(request, _products)


@routes.get("/reloadly/countries/{country}/products")
async def country_products(request: web.Request) -> web.Response:
    """List the products of a country."""
    refused = _refused(request)
    if refused is not None:
        return refused
    country = request.match_info["country"].upper()
    rows = _products(simulator_of(request))
    return json_answer([row for row in rows if row["country"]["isoName"] == country])


@routes.get(r"/reloadly/products/{number:\d+}")
async def product(request: web.Request) -> web.Response:
    """Return one product."""
    refused = _refused(request)
    if refused is not None:
        return refused
    number = int(request.match_info["number"])
    found = next((one for one in _products(simulator_of(request)) if one["productId"] == number), None)
    if found is None:
        return _error(request, 404, "Product was either not found or is not currently available",
                      "PRODUCT_NOT_FOUND")  # fmt: skip
    return json_answer(found)


@routes.get("/reloadly/discounts")
async def discounts(request: web.Request) -> web.Response:
    """List a page of discounts."""
    return _page(request, lambda simulator: [_discount(row) for row in _products(simulator)])


@routes.post("/reloadly/orders")
async def order(request: web.Request) -> web.Response:
    """Carry an order out; an identifier that was used repeats what became of it."""
    refused = _refused(request)
    if refused is not None:
        return refused
    simulator = simulator_of(request)
    wanted = _wanted(await request.read())
    if isinstance(wanted, str):
        return _error(request, 400, wanted, "INVALID_REQUEST")
    known = simulator.gift_cards.find(DESK, wanted.client_order_id)
    placed = known or simulator.gift_cards.place(DESK, wanted, request.get(ORDER_FAULT))
    if placed.state == "rejected" and known is None:
        return _error(request, 400, f"The order was rejected: {placed.reason}", placed.reason.upper())
    return json_answer(_transaction(placed))


@routes.get("/reloadly/reports/transactions")
async def reports(request: web.Request) -> web.Response:
    """List the transaction of a client's identifier."""
    name = request.query.get("customIdentifier", "")

    def rows(simulator: Simulator) -> list[dict[str, Any]]:
        found = simulator.gift_cards.find(DESK, name)
        return [] if found is None else [_transaction(found)]

    return _page(request, rows)


@routes.get(r"/reloadly/orders/transactions/{number:\d+}/cards")
async def codes(request: web.Request) -> web.Response:
    """Return the codes of a successful order."""
    refused = _refused(request)
    if refused is not None:
        return refused
    number = request.match_info["number"]
    orders = simulator_of(request).gift_cards
    found = next((one for one in orders.orders.values() if _number_of(one) == int(number)), None)
    if found is None or not found.filled:
        return _error(request, 404, "Transaction was not found", "TRANSACTION_NOT_FOUND")
    return json_answer(
        [
            {"cardNumber": f"SIM{number}C{index}", "pinCode": f"{index:05d}sim"}
            for index in range(found.filled)
        ]
    )


def _page(request: web.Request, rows_of: Callable[[Simulator], list[dict[str, Any]]]) -> web.Response:
    refused = _refused(request)
    if refused is not None:
        return refused
    asked, size = whole(request.query.get("page"), 1), whole(request.query.get("size"), MOST_ROWS)
    if asked is None or size is None or asked < 0 or not 0 < size <= MOST_ROWS:
        return _error(request, 400, "Page and size are out of range", "INVALID_PAGE")
    rows, number = rows_of(simulator_of(request)), max(asked - 1, 0)
    start = page_start(request, number * size)
    chosen, pages = rows[start : start + size], -(-len(rows) // size)
    sort = {"sorted": False, "unsorted": True, "empty": True}
    return json_answer(
        {
            "pageable": {
                "sort": sort, "pageNumber": number, "pageSize": size, "offset": start, "paged": True,
                "unpaged": False,
            },
            "totalPages": pages, "last": number >= pages - 1, "totalElements": len(rows), "sort": sort,
            "first": number == 0, "numberOfElements": len(chosen), "size": size, "number": number,
            "empty": not chosen, "content": chosen,
        }
    )  # fmt: skip


def _products(simulator: Simulator) -> list[dict[str, Any]]:
    """Return the catalogue: dollars, a brand that is sold in euros, and one of a free amount."""
    rows = [_product(simulator, brand) for brand in BRANDS]
    rows.append(_foreign(rows[1]))
    rows.append(_free_amount(rows[0]))
    return rows


def _product(simulator: Simulator, brand: Brand) -> dict[str, Any]:
    offers = {face: simulator.gift_cards.offer(DESK, Card(brand, face, "USD", "US"), SELL) for face in FACES}
    prices = {face: one.price - SENDER_FEE for face, one in offers.items() if one.quantity}
    return {
        "productId": brand.number, "productName": f"{brand.name} US", "global": False,
        "senderFee": SENDER_FEE, "discountPercentage": Decimal("2.5"), "denominationType": "FIXED",
        "recipientCurrencyCode": "USD", "minRecipientDenomination": None, "maxRecipientDenomination": None,
        "senderCurrencyCode": "USD", "minSenderDenomination": None, "maxSenderDenomination": None,
        "fixedRecipientDenominations": [Decimal(f"{face}.0") for face in prices],
        "fixedSenderDenominations": list(prices.values()),
        "fixedRecipientToSenderDenominationsMap": {f"{face:.2f}": price for face, price in prices.items()},
        "logoUrls": [f"https://cdn.reloadly.invalid/giftcards/{brand.slug}.jpg"],
        "brand": {"brandId": brand.number, "brandName": brand.name},
        "country": {"isoName": "US", "name": "United States", "flagUrl": "https://s3.invalid/us.svg"},
        "redeemInstruction": {"concise": f"Redeem at {brand.name}.", "verbose": f"Redeem at {brand.name}."},
    }  # fmt: skip


def _foreign(row: dict[str, Any]) -> dict[str, Any]:
    """Return a product whose face value is in euros and whose price is in dollars."""
    faces = {f"{face:.2f}": Decimal(face) * Decimal("1.13") for face in FACES}
    return {
        **row, "productId": 10, "productName": f"{row['brand']['brandName']} Austria",
        "recipientCurrencyCode": "EUR",
        "fixedRecipientDenominations": [Decimal(f"{face}.0") for face in FACES],
        "fixedSenderDenominations": list(faces.values()), "fixedRecipientToSenderDenominationsMap": faces,
        "country": {"isoName": "AT", "name": "Austria", "flagUrl": "https://s3.invalid/at.svg"},
    }  # fmt: skip


def _free_amount(row: dict[str, Any]) -> dict[str, Any]:
    """Return a product of any amount between two bounds."""
    return {
        **row, "productId": 99, "productName": "Amazon US (any amount)", "denominationType": "RANGE",
        "minRecipientDenomination": Decimal("1.0"), "maxRecipientDenomination": Decimal("500.0"),
        "minSenderDenomination": Decimal("1.0"), "maxSenderDenomination": Decimal("500.0"),
        "fixedRecipientDenominations": [], "fixedSenderDenominations": [],
        "fixedRecipientToSenderDenominationsMap": None,
    }  # fmt: skip


def _discount(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "product": {
            "productId": row["productId"], "productName": row["productName"],
            "countryCode": row["country"]["isoName"], "global": row["global"],
        },
        "discountPercentage": row["discountPercentage"],
    }  # fmt: skip


def _wanted(body: bytes) -> Wanted | str:
    """Return what is ordered, or what is wrong with it."""
    try:
        asked = json.loads(body, parse_float=Decimal)
        brand = next((one for one in BRANDS if one.number == int(asked["productId"])), None)
        face = Decimal(f"{Decimal(str(asked['unitPrice'])).normalize():f}")
        quantity, name = int(asked["quantity"]), str(asked["customIdentifier"])
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        return f"The request is not valid: {type(error).__name__}"
    if brand is None or face not in FACES:
        return "Product was either not found or is not available for this price"
    if quantity < 1 or not name:
        return "quantity and customIdentifier are required"
    return Wanted(name, BUY, Card(brand, face, "USD", "US"), quantity)


def _transaction(order: DeskOrder) -> dict[str, Any]:
    card, quantity = order.wanted.card, order.filled or order.wanted.quantity
    amount = order.price * quantity
    return {
        "transactionId": _number_of(order), "amount": amount, "discount": amount * Decimal("0.025"),
        "currencyCode": "USD", "fee": SENDER_FEE * quantity, "smsFee": Decimal(0), "recipientEmail": None,
        "recipientPhone": None, "customIdentifier": order.wanted.client_order_id,
        "status": _STATES[order.state],
        "product": {
            "productId": card.brand.number, "productName": f"{card.brand.name} US", "countryCode": "US",
            "quantity": quantity, "unitPrice": card.face, "totalPrice": card.face * quantity,
            "currencyCode": "USD", "brand": {"brandId": card.brand.number, "brandName": card.brand.name},
        },
        "transactionCreatedTime": _naive(order.created_at),
    }  # fmt: skip


def _number_of(order: DeskOrder) -> int:
    return int(order.order_id.rpartition("-")[2])


def _refused(request: web.Request) -> web.Response | None:
    simulator = simulator_of(request)
    value = bearer_value(request.headers.get("Authorization", ""))
    if simulator.tokens.is_valid(ENDPOINT, value):
        return None
    text = "Invalid token, make sure token is valid for the given environment"
    return _error(request, 401, text, "INVALID_TOKEN")


def _error(request: web.Request, status: int, message: str, code: str | None) -> web.Response:
    path = "/" + request.path.split("/", 2)[2]
    return json_answer(
        {
            "timeStamp": _naive(simulator_of(request).now()), "message": message, "path": path,
            "errorCode": code, "infoLink": None, "details": [],
        },
        status=status,
    )  # fmt: skip


def _naive(at: datetime) -> str:
    """Return a time as Reloadly writes it: without a zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
