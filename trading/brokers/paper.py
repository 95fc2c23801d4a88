"""The broker that moves no money: it buys and sells at the prices of the market, on paper.

It is made without credentials and without any way out of this process. It fills a purchase at once at the
price that was just checked, opens the products by dice, and sells each card at the price of the day.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings

from quant.sealed.contents import Contents
from quant.sealed.opening import draw_opening
from trading.choices import TradingMode

from .base import BuyOrder, FillReport, Market, OpenedCards, SellOrder


class PaperBroker:
    """A `Broker` for practice."""

    mode: ClassVar[TradingMode] = TradingMode.PAPER

    def buy(self, order: BuyOrder, *, now: datetime) -> FillReport:
        """Buy everything at the price that was checked."""
        return FillReport(
            client_order_id=order.client_order_id,
            venue_fill_id=f"paper:{order.client_order_id}",
            quantity=order.quantity,
            price=order.price,
            fees=Decimal(0),
            postage=order.extra_cost * order.quantity,
            price_recorded_at=order.price_recorded_at,
            filled_at=now,
        )

    def open_products(self, contents: Contents, *, quantity: int, seed: int) -> OpenedCards:
        """Draw what is inside; the same seed gives the same cards."""
        return OpenedCards(draw_opening(contents, quantity=quantity, seed=seed), seed)

    def sell(self, order: SellOrder, *, market: Market, now: datetime) -> FillReport | None:
        """Sell all copies at the executable price of now, or nothing."""
        sale = market.sale_of(order.card, order.quantity)
        if sale is None:
            return None
        return FillReport(
            client_order_id=order.client_order_id,
            venue_fill_id=f"paper:{order.client_order_id}",
            quantity=order.quantity,
            price=sale.price,
            fees=sale.fees,
            postage=sale.postage,
            price_recorded_at=sale.recorded_at,
            filled_at=now,
        )

    def selling_takes(self, *, is_demo: bool) -> timedelta:
        """Return the delay of the settings; the demo market's is short, so that there is something to see."""
        delay: timedelta = settings.PAPER_DEMO_SALE_DELAY if is_demo else settings.PAPER_SALE_DELAY
        return delay
