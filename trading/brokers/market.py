"""What single cards can be sold for at one source at one moment: prices, fees, floor. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from quant.fees import FeeSchedule, net_proceeds
from quant.money import quantize_money

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CardPrice:
    """The market price of one copy and when it was observed."""

    price: Decimal
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CardSale:
    """What selling copies of one card brings.

    Args:
        price: a buyer pays for one copy.
        fees: the venue's, of all copies.
        postage: and packing, of all copies.
        recorded_at: age of the price.
    """

    price: Decimal
    fees: Decimal
    postage: Decimal
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Market:
    """Where cards are sold.

    Args:
        currency: of every amount.
        prices: fresh accepted market prices by (product key, finish).
        fees: terms of selling; None where nothing is charged.
        is_open: False where selling costs something that is not known, so that nothing can be sold.
        floor: below this price a card is not sold on its own.
        bulk_value: what such a copy fetches; 0 means that it is kept.
        items_per_order: copies a buyer takes at once.
    """

    currency: str
    prices: Mapping[tuple[int, str], CardPrice]
    fees: FeeSchedule | None
    is_open: bool
    floor: Decimal
    bulk_value: Decimal = Decimal(0)
    items_per_order: int = 1

    def price_of(self, card: tuple[int, str]) -> CardPrice | None:
        """Return the fresh price of a card, if it has one."""
        return self.prices.get(card)

    def is_counted(self, card: tuple[int, str]) -> bool:
        """Return whether copies of a card are sold one by one: the rule of the valuation."""
        known = self.prices.get(card)
        return known is not None and known.price >= self.floor and self._net(known.price) > self.bulk_value

    def sale_of(self, card: tuple[int, str], quantity: int) -> CardSale | None:
        """Return what selling copies of a card brings now.

        Each copy goes to a buyer of its own (or `items_per_order` to one), so that a copy brings exactly what
        the valuation counts for it. Below the floor it goes for the bulk value, without fees.

        Args:
            card: product key and finish.
            quantity: copies, >= 1.

        Returns:
            None while there is no fresh price, no known terms, or nothing to gain.
        """
        known = self.prices.get(card)
        if known is None or not self.is_open:
            return None
        if not self.is_counted(card):
            if self.bulk_value <= 0:
                return None
            return CardSale(self.bulk_value, Decimal(0), Decimal(0), known.recorded_at)
        net = self._net(known.price) * quantity
        postage = self._postage(quantity)
        return CardSale(known.price, known.price * quantity - net - postage, postage, known.recorded_at)

    def _net(self, price: Decimal) -> Decimal:
        if self.fees is None:
            return price
        return net_proceeds(price, schedule=self.fees, items_per_order=self.items_per_order)

    def _postage(self, quantity: int) -> Decimal:
        if self.fees is None:
            return Decimal(0).quantize(_CENT)
        per_order = self.fees.postage_per_order + self.fees.packing_per_order
        return quantize_money(per_order * quantity / self.items_per_order, self.currency, ROUND_HALF_UP)
