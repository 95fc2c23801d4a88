"""The desks: who sells and who buys, at which prices, how many, and for how long a quote holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from scrapers.simulator.walks import number_of, share_of
from scrapers.simulator.world import EPOCH

from .cards import Card, cards_of, cents, worth

SELL, BUY = "sell", "buy"
QUOTE_SECONDS: Final = 10
"""A price stands for so long; a quote holds until the end of the price after it."""
OFFER_SECONDS: Final = 45
OFFER_SHARE: Final = 0.04
"""Of the cards a desk prices far off for a while, which is what opens gaps."""
OFFER_SIZE: Final = (0.055, 0.085)
STOCK_SECONDS: Final = 600
MOST_STOCK: Final = 24


@dataclass(frozen=True, slots=True)
class Desk:
    """One venue for gift cards.

    Args:
        code: also names its endpoint.
        sides: `sell` it sells to us, `buy` it buys from us.
        fee_bps: of the price, for each order.
        region: of its cards.
        currency: of its cards and prices.
        margin: by how much its usual prices are worse than what a card is worth.
        has_parts: whether an order beyond its stock is filled in part; otherwise it is refused.
    """

    code: str
    sides: tuple[str, ...]
    fee_bps: Decimal = Decimal(0)
    region: str = "US"
    currency: str = "USD"
    margin: float = 0.02
    has_parts: bool = True


@dataclass(frozen=True, slots=True)
class DeskQuote:
    """What a desk offers for one card, from its own chair."""

    quote_id: str
    side: str
    card: Card
    price: Decimal
    quantity: int
    expires_at: datetime


DESKS: Final[Mapping[str, Desk]] = MappingProxyType(
    {
        desk.code: desk
        for desk in (
            Desk("desk_alpha", (SELL,), Decimal(25), margin=0.012),
            Desk("desk_beta", (BUY,), Decimal(50), margin=0.02, has_parts=False),
            Desk("desk_gamma", (SELL, BUY), Decimal(40), margin=0.018),
            Desk("desk_delta", (BUY,), Decimal(30), region="GB", currency="GBP", margin=0.015),
            Desk("reloadly", (SELL,), margin=0.016, has_parts=False),
            Desk("bitrefill", (SELL,), margin=0.02, has_parts=False),
        )
    }
)
"""Desks with manners of their own; the last two speak their own formats."""


def desk_named(code: str) -> Desk:
    """Return a desk; a code nobody thought of is a desk that sells and buys."""
    return DESKS.get(code) or Desk(code, (SELL, BUY), Decimal(40))


class DeskPrices:
    """What desks ask and pay: functions of seed, desk, card and time.

    Args:
        seed: the same seed gives the same prices at the same times.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def quotes(self, desk: Desk, now: datetime) -> Iterator[DeskQuote]:
        """Yield what a desk offers, with the stock it was given and before anything was sold."""
        for card in cards_of(desk.region, desk.currency):
            for side in desk.sides:
                yield self.quote(desk, card, side, now)

    def quote(self, desk: Desk, card: Card, side: str, now: datetime) -> DeskQuote:
        """Return what a desk offers for one card."""
        number = int((now - EPOCH).total_seconds() // QUOTE_SECONDS)
        began = EPOCH + timedelta(seconds=number * QUOTE_SECONDS)
        return DeskQuote(
            quote_id=f"{desk.code}-{side}-{card.brand.slug}-{card.face}-{number}",
            side=side,
            card=card,
            price=self._price(desk, card, side, began),
            quantity=self._stock(desk, card, side, now),
            expires_at=began + timedelta(seconds=2 * QUOTE_SECONDS),
        )

    def quote_named(self, desk: Desk, quote_id: str) -> DeskQuote | None:
        """Return a quote by its id, as it was given; None if the desk never gave it."""
        number = quote_id.rpartition("-")[2]
        if not (number.isascii() and number.isdigit() and len(number) <= 9):
            return None
        began = EPOCH + timedelta(seconds=int(number) * QUOTE_SECONDS)
        return next((one for one in self.quotes(desk, began) if one.quote_id == quote_id), None)

    def _price(self, desk: Desk, card: Card, side: str, at: datetime) -> Decimal:
        name = (self._seed, desk.code, card.key, side)
        seconds = (at - EPOCH).total_seconds()
        margin = desk.margin + 0.01 * (share_of(*name, int(seconds // 120)) - 0.5)
        offer = int(seconds // OFFER_SECONDS)
        if share_of(*name, "offer", offer) < OFFER_SHARE:
            low, high = OFFER_SIZE
            margin -= low + (high - low) * share_of(*name, "size", offer)
        factor = worth(self._seed, card, at) * (1 + margin if side == SELL else 1 - margin)
        return cents(float(card.face) * factor)

    def _stock(self, desk: Desk, card: Card, side: str, now: datetime) -> int:
        period = stock_period(now)
        return 1 + number_of(self._seed, desk.code, card.key, side, "stock", period, below=MOST_STOCK)


def stock_period(now: datetime) -> int:
    """Return the number of the period at whose start desks were stocked."""
    return int((now.astimezone(UTC) - EPOCH).total_seconds() // STOCK_SECONDS)
