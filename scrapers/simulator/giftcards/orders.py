"""Orders at the simulated desks: what they do to the stock, and what a fault does to them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from scrapers.simulator.faults.orders import OrderFault

from .cards import Card, cards_of, cents
from .desks import BUY, SELL, Desk, DeskPrices, DeskQuote, stock_period

_BPS: Final = Decimal(10_000)
_KEPT_PERIODS: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client orders.

    Args:
        client_order_id: the client's name of it.
        side: from the client's chair.
        card: which.
        quantity: how many, at least 1.
        limit: worst price of one; None takes any.
        quote_id: the quote it refers to; empty for the price of the moment.
    """

    client_order_id: str
    side: str
    card: Card
    quantity: int
    limit: Decimal | None = None
    quote_id: str = ""


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """An order as a desk keeps it.

    `state`, `filled`, `price`, `fee` and `reason` are what the desk says now; at `settles_at` a pending order
    becomes `later`.
    """

    order_id: str
    wanted: Wanted
    state: str
    created_at: datetime
    filled: int = 0
    price: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    reason: str = ""
    settles_at: datetime | None = None
    later: "DeskOrder | None" = None


@dataclass(slots=True)
class DeskLedger:
    """Stock and orders of all desks.

    Args:
        prices: what desks offer.
        now: simulated time.
    """

    prices: DeskPrices
    now: Callable[[], datetime]
    orders: dict[tuple[str, str], DeskOrder] = field(default_factory=dict)
    taken: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)

    def clear(self) -> None:
        """Forget all orders; every desk has its stock again."""
        self.orders.clear()
        self.taken.clear()

    def quotes(self, desk: Desk) -> list[DeskQuote]:
        """Return what a desk still offers; what is sold out is not listed."""
        now = self.now()
        left = (self._left(desk, quote, now) for quote in self.prices.quotes(desk, now))
        return [quote for quote in left if quote.quantity > 0]

    def offer(self, desk: Desk, card: Card, side: str) -> DeskQuote:
        """Return what a desk offers for one card now; quantity 0 when it is sold out."""
        now = self.now()
        return self._left(desk, self.prices.quote(desk, card, side, now), now)

    def find(self, desk: Desk, client_order_id: str) -> DeskOrder | None:
        """Return an order by the client's id as it stands now."""
        order = self.orders.get((desk.code, client_order_id))
        if order is not None and order.settles_at is not None and self.now() >= order.settles_at:
            order = self._settle(desk, order)
        return order

    def by_id(self, desk: Desk, order_id: str) -> DeskOrder | None:
        """Return an order by the desk's id as it stands now."""
        names = [
            name for (code, name), one in self.orders.items() if (code, one.order_id) == (desk.code, order_id)
        ]
        return self.find(desk, names[0]) if names else None

    def place(self, desk: Desk, wanted: Wanted, fault: OrderFault | None) -> DeskOrder:
        """Carry an order out; what is filled is gone from the desk's stock."""
        now = self.now()
        number = f"{desk.code.upper()}-{len(self.orders) + 1:06d}"
        order = DeskOrder(number, wanted, "rejected", now)
        offered, reason = self._offered(desk, wanted, now, fault)
        if offered is None:
            order = replace(order, reason=reason)
        else:
            order = self._filled(desk, order, offered, fault)
        if fault is not None and fault.seconds is not None:
            order = DeskOrder(
                number, wanted, "pending", now, settles_at=now + timedelta(seconds=fault.seconds),
                later=replace(order, state="rejected", filled=0, reason="declined_by_issuer")
                if fault.kind == "late_failure"
                else order,
            )  # fmt: skip
        if order.state in ("filled", "partial") or (order.later and order.later.filled):
            self._take(desk, order)
        self.orders[desk.code, wanted.client_order_id] = order
        return order

    def _offered(
        self, desk: Desk, wanted: Wanted, now: datetime, fault: OrderFault | None
    ) -> tuple[DeskQuote | None, str]:
        """Return the quote an order is filled at, or why there is none."""
        side = SELL if wanted.side == BUY else BUY
        if side not in desk.sides or wanted.card not in cards_of(desk.region, desk.currency):
            return None, "not_traded"
        quote = self.prices.quote(desk, wanted.card, side, now)
        if wanted.quote_id:
            named = self.prices.quote_named(desk, wanted.quote_id)
            if named is None or (named.card, named.side) != (wanted.card, side):
                return None, "unknown_quote"
            if now >= named.expires_at:
                return None, "quote_expired"
            quote = replace(named, quantity=quote.quantity)
        if fault is not None and fault.kind == "quote_expired":
            return None, "quote_expired"
        if wanted.limit is not None and _is_beyond(quote.price, wanted):
            return None, "price_moved"
        return self._left(desk, quote, now), ""

    def _filled(
        self, desk: Desk, order: DeskOrder, offered: DeskQuote, fault: OrderFault | None
    ) -> DeskOrder:
        quantity, fee_bps = min(offered.quantity, order.wanted.quantity), desk.fee_bps
        has_parts = desk.has_parts
        if fault is not None and fault.kind == "no_stock":
            quantity, has_parts = 0, False
        if fault is not None and fault.kind == "partial":
            quantity, has_parts = max(quantity // 2, min(quantity, 1)), True
        if fault is not None and fault.kind == "fee":
            fee_bps += fault.fee_bps
        is_whole = quantity == order.wanted.quantity
        if not quantity or (not is_whole and not has_parts):
            return replace(order, reason="insufficient_stock")
        return replace(
            order,
            state="filled" if is_whole else "partial",
            filled=quantity,
            price=offered.price,
            fee=cents(offered.price * quantity * fee_bps / _BPS) if fee_bps else Decimal(0),
            reason="" if is_whole else "insufficient_stock",
        )

    def _settle(self, desk: Desk, order: DeskOrder) -> DeskOrder:
        """Let a pending order become what it was to become."""
        settled = order.later or order
        self.orders[desk.code, order.wanted.client_order_id] = settled
        return settled

    def _left(self, desk: Desk, quote: DeskQuote, now: datetime) -> DeskQuote:
        gone = self.taken[stock_period(now), desk.code, quote.side, quote.card.key]
        return replace(quote, quantity=max(quote.quantity - gone, 0))

    def _take(self, desk: Desk, order: DeskOrder) -> None:
        period, wanted = stock_period(self.now()), order.wanted
        side = SELL if wanted.side == BUY else BUY
        filled = order.filled or (order.later.filled if order.later else 0)
        self.taken[period, desk.code, side, wanted.card.key] += filled
        for old in [key for key in self.taken if key[0] < period - _KEPT_PERIODS]:
            del self.taken[old]


def _is_beyond(price: Decimal, wanted: Wanted) -> bool:
    limit = wanted.limit
    return limit is not None and (price > limit if wanted.side == BUY else price < limit)
