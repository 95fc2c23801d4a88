"""Real orders over HTTP, to demo markets of the venue simulator on this machine and to nothing else.

Everything a real desk could do to an order can be met here: lost answers, late ones, refusals, parts. What
matters is telling apart what certainly did not leave from what may have: only a connection that was never
made is the first; after that, whatever happens short of an understood answer leaves the order unknown.
"""

import asyncio
import ipaddress
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import aiohttp
import structlog
from django.conf import settings
from yarl import URL

from common.errors import DomainError
from scrapers.choices import LiveAdapter, MarketOrigin
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import market_token

from .base import MAX_AMOUNT, MAX_REASON, LegInstruction, LegOutcome, LegReport
from .book import PLACES

logger = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 65_536
_REFUSALS: Final = frozenset({400, 401, 402, 403, 404, 410, 413, 415, 422, 429})
"""Answers by which a venue says that it did not take the order. A conflict is none: it knows the id."""
_STATES: Final[Mapping[str, LegOutcome]] = {
    "filled": LegOutcome.FILLED,
    "partial": LegOutcome.PARTIAL,
    "rejected": LegOutcome.REJECTED,
    "pending": LegOutcome.PENDING,
}


def order_address(market: LiveMarket) -> str:
    """Return where a demo market takes orders: its own address, or its place at the simulator; else empty."""
    if market.order_url:
        return market.order_url
    simulator: str = settings.VENUE_SIMULATOR_URL
    if not simulator or market.adapter != LiveAdapter.JSON:
        return ""
    return f"{simulator.rstrip('/')}/giftdesk-{market.code}/orders"


def is_simulated(market: LiveMarket) -> bool:
    """Tell whether orders for a market may go out: a demo market whose orders the simulator here takes."""
    simulator: str = settings.VENUE_SIMULATOR_URL
    address = order_address(market)
    if market.origin != MarketOrigin.DEMO or not simulator or not address:
        return False
    base, url = URL(simulator), URL(address)
    prefix = base.path.rstrip("/") + "/"
    is_below = url.origin() == base.origin() and url.path.startswith(prefix) and ".." not in url.path
    return is_below and _is_loopback(url.host or "") and url.scheme == "http"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SimulatedDeskBroker:
    """A `DeskBroker` that speaks the orders API of the simulator's desks.

    Raises:
        ValueError: for a market that is not the simulator's (`is_simulated`).
    """

    def __init__(self, market: LiveMarket) -> None:
        if not is_simulated(market):
            msg = f"orders for {market.code} may not leave this house"
            raise ValueError(msg)
        self._market = market
        self._url = URL(order_address(market))

    def send(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Send an order; an answer that does not come, or cannot be understood, leaves it unknown."""
        body = {
            "clientOrderId": order.client_order_id,
            "side": order.side,
            "quoteId": order.quote_id or None,
            "brand": order.base,
            "denomination": None if order.denomination is None else f"{order.denomination.normalize():f}",
            "currency": order.currency,
            "region": order.region,
            "quantity": f"{order.quantity.normalize():f}",
            "limitPrice": f"{order.limit_price.normalize():f}",
        }
        text = json.dumps({name: value for name, value in body.items() if value is not None})
        status, answer = self._call("POST", self._url, text)
        if not isinstance(answer, Mapping):
            return _without_answer(status, answer)
        if status in (200, 201):
            return _report(answer, order)
        if status in _REFUSALS:
            return LegReport(LegOutcome.REJECTED, reason=_reason(answer) or f"The venue answered {status}.")
        return LegReport(LegOutcome.UNKNOWN, reason=f"The venue answered {status}.")

    def find(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Ask for an order by our id."""
        url = self._url.with_query(clientOrderId=order.client_order_id)
        status, answer = self._call("GET", url, None)
        if status != 200 or not isinstance(answer, Mapping):
            return LegReport(LegOutcome.UNKNOWN, reason=f"The venue cannot be asked ({status or answer}).")
        rows = answer.get("orders")
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            return LegReport(LegOutcome.UNKNOWN, reason="The venue's list of orders cannot be read.")
        ours = [row for row in rows if row.get("clientOrderId") == order.client_order_id]
        if not ours:
            return LegReport(LegOutcome.NOT_FOUND, reason="The venue does not know the order.")
        if len(ours) > 1:
            return LegReport(LegOutcome.UNKNOWN, reason=f"The venue shows {len(ours)} orders of one id.")
        return _report(ours[0], order)

    def _call(self, method: str, url: URL, body: str | None) -> tuple[int, Any]:
        """Return status and decoded JSON; status 0 with `not_sent` or the kind of failure as text."""
        try:
            return asyncio.run(self._request(method, url, body))
        except _NOT_CONNECTED as error:
            logger.info("desk.not_connected", venue=self._market.code, error=type(error).__name__)
            return 0, NOT_SENT
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            logger.info("desk.no_answer", venue=self._market.code, error=type(error).__name__)
            return 0, type(error).__name__
        except DomainError as error:  # the token cannot be read: found before anything is sent
            logger.warning("desk.unusable", venue=self._market.code, code=error.code)
            return 0, NOT_SENT

    async def _request(self, method: str, url: URL, body: str | None) -> tuple[int, Any]:
        headers = {"Accept": "application/json", **self._token()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        timeout = aiohttp.ClientTimeout(total=settings.LEG_TIMEOUT_MS / 1_000)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            raw = await answer.content.read(MAX_BODY_BYTES + 1)
            while len(raw) <= MAX_BODY_BYTES and (more := await answer.content.read(MAX_BODY_BYTES)):
                raw += more
            if len(raw) > MAX_BODY_BYTES:
                msg = "the answer is too long"
                raise ValueError(msg)
            try:
                return answer.status, json.loads(raw, parse_float=Decimal)
            except (ValueError, RecursionError):
                return answer.status, "unreadable"

    def _token(self) -> dict[str, str]:
        token = market_token(self._market).reveal()
        if not token:
            return {}
        name = self._market.token_header
        return {name: token} if name else {"Authorization": f"Bearer {token}"}


NOT_SENT: Final = "not_sent"
_NOT_CONNECTED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""Raised before a byte of the request can have left; everything else may have come after."""


def _without_answer(status: int, answer: object) -> LegReport:
    if status == 0 and answer == NOT_SENT:
        return LegReport(LegOutcome.NOT_SENT, reason="The venue cannot be reached; nothing was sent.")
    if status in _REFUSALS:
        return LegReport(LegOutcome.REJECTED, reason=f"The venue answered {status}.")
    return LegReport(LegOutcome.UNKNOWN, reason=f"No answer that can be read ({status or answer}).")


def _report(row: Mapping[str, Any], order: LegInstruction) -> LegReport:
    """Read an order as the venue shows it; one that contradicts itself or ours is not believed."""
    outcome = _STATES.get(str(row.get("status")))
    if outcome is None or row.get("clientOrderId") != order.client_order_id:
        return LegReport(LegOutcome.UNKNOWN, reason="The venue's answer is about something else.")
    venue_id, reason = str(row.get("orderId") or "")[:120], _reason(row)
    if outcome in (LegOutcome.REJECTED, LegOutcome.PENDING):
        return LegReport(outcome, venue_order_id=venue_id, reason=reason)
    try:
        quantity, price = _number(row.get("filledQuantity")), _number(row.get("price"))
        fees = _number(row.get("fee") or "0")
    except (InvalidOperation, TypeError, ValueError):
        return LegReport(LegOutcome.UNKNOWN, venue_id, reason="The venue's figures cannot be read.")
    if outcome is LegOutcome.PARTIAL and quantity == 0:
        return LegReport(LegOutcome.REJECTED, venue_id, reason=reason or "Nothing was filled.")
    is_sound = 0 < quantity <= order.quantity and price > 0 and abs(fees) <= price * quantity
    is_kept = quantity == quantity.quantize(Decimal(1) if order.is_whole else PLACES)
    is_all = outcome is LegOutcome.PARTIAL or quantity == order.quantity
    if not (is_sound and is_kept and is_all) or price * quantity + abs(fees) > MAX_AMOUNT:
        return LegReport(LegOutcome.UNKNOWN, venue_id, reason="The venue's figures contradict the order.")
    return LegReport(outcome, venue_id, quantity, price, fees, reason)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number) > 10**12:
        raise ValueError(value)
    return number


def _reason(row: Mapping[str, Any]) -> str:
    error = row.get("error")
    text = error.get("message") if isinstance(error, Mapping) else error
    return str(row.get("reason") or text or "")[:MAX_REASON]
