"""What a broker is: it takes instructions as values and reports what they brought. It knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Protocol, TypeAlias

from quant.sealed.contents import Contents
from trading.choices import TradingMode

from .market import Market

CardKey: TypeAlias = tuple[int, str]
"""Compact product key and finish."""

__all__ = ["Broker", "BuyOrder", "CardKey", "FillReport", "Market", "OpenedCards", "SellOrder"]


@dataclass(frozen=True, slots=True)
class BuyOrder:
    """Buy sealed products.

    Args:
        client_order_id: ours, made before anything leaves this house.
        quantity: how many, >= 1.
        price: of one product.
        extra_cost: shipping and other costs of one product.
        price_recorded_at: age of the price.
    """

    client_order_id: str
    quantity: int
    price: Decimal
    extra_cost: Decimal
    price_recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SellOrder:
    """Sell copies of one card."""

    client_order_id: str
    card: CardKey
    quantity: int


@dataclass(frozen=True, slots=True)
class FillReport:
    """What an order brought.

    Args:
        client_order_id: the order's.
        venue_fill_id: the venue's own id of the fill, unique within the order.
        quantity: copies.
        price: of one copy.
        fees: the venue's, of the whole fill.
        postage: and packing or shipping, of the whole fill.
        price_recorded_at: age of the price.
        filled_at: when.
    """

    client_order_id: str
    venue_fill_id: str
    quantity: int
    price: Decimal
    fees: Decimal
    postage: Decimal
    price_recorded_at: datetime
    filled_at: datetime

    @property
    def gross(self) -> Decimal:
        """Price times quantity."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class OpenedCards:
    """What came out of opened products: copies by card, and the seed it was drawn with."""

    copies: Mapping[CardKey, int]
    seed: int


class Broker(Protocol):
    """Carries orders out."""

    mode: ClassVar[TradingMode]

    def buy(self, order: BuyOrder, *, now: datetime) -> FillReport:
        """Buy, and report the one fill."""
        ...

    def open_products(self, contents: Contents, *, quantity: int, seed: int) -> OpenedCards:
        """Open what was bought, and report the cards."""
        ...

    def sell(self, order: SellOrder, *, market: Market, now: datetime) -> FillReport | None:
        """Sell at the market's executable price; None while that is not possible."""
        ...

    def selling_takes(self, *, is_demo: bool) -> timedelta:
        """Return how long after the purchase the singles are sold."""
        ...
