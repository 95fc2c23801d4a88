"""What a venue's market in one article looks like at a moment: offers, statistics and sales.

Built on the price function of `world` alone, so a venue's feed, API and pages tell the same story.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from .walks import chance_of, number_of, share_of
from .world import CURRENCIES, EPOCH, NONFOIL, Quirk, SimulatedArticle, Venue, World, cents

RESTOCK_DAYS: Final = 14
CARD_CONDITIONS: Final = ("Near Mint", "Near Mint", "Near Mint", "Lightly Played", "Moderately Played")
SEALED_CONDITION: Final = "Unopened"
SALES_SHARE: Final = {
    Venue.TCGPLAYER: 0.5,
    Venue.CARDMARKET: 0.2,
    Venue.EBAY: 0.2,
    Venue.CARDKINGDOM: 0.05,
    Venue.AMAZON: 0.05,
}
LOW_SHARE_CARD, LOW_SHARE_SEALED = 0.86, 0.95  # what the cheapest offer asks of the market price
SPREAD: Final = 0.45  # how much dearer than the cheapest the dearest serious offer is
PARKED_FACTOR: Final = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One seller's offer. `price` excludes `shipping`; both are in the venue's currency."""

    listing_id: int
    seller_number: int
    price: Decimal
    shipping: Decimal
    quantity: int
    condition: str
    finish: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """A venue's figures for one article and finish. None means that there is nothing to state.

    `high` is polluted by parked offers, as in life.
    """

    low: Decimal | None
    mid: Decimal | None
    high: Decimal | None
    market: Decimal | None
    trend: Decimal | None
    average: Decimal | None
    seller_count: int
    quantity: int


@dataclass(frozen=True, slots=True)
class SimulatedSale:
    """Copies that were sold in one order. `has_hidden_price`: a best offer was accepted and is not shown."""

    number: int
    sold_at: datetime
    price: Decimal
    shipping: Decimal
    quantity: int
    condition: str
    finish: str
    has_hidden_price: bool = False


class Market:
    """One venue's market in one article and finish at a moment."""

    def __init__(
        self, world: World, article: SimulatedArticle, venue: Venue, *, at: datetime, finish: str = NONFOIL
    ) -> None:
        self.world, self.article, self.venue, self.at, self.finish = world, article, venue, at, finish
        self.price = world.price(article, venue, at=at, finish=finish)
        self.quirk = article.quirks.get(venue)
        self.currency = CURRENCIES[venue]

    @property
    def quantity(self) -> int:
        """Return the copies on offer: sold down evenly, restocked every two weeks."""
        if self.quirk is Quirk.NO_OFFERS:
            return 0
        rate = self.article.sales_per_day * SALES_SHARE[self.venue]
        offset = number_of(self.world.seed, self.article.key, self.venue, "restock", below=RESTOCK_DAYS)
        days = (self.at - EPOCH) / timedelta(days=1) + offset
        return max(self.article.stock - int(rate * (days % RESTOCK_DAYS)), 1)

    @property
    def seller_count(self) -> int:
        """Return the number of offers."""
        return 0 if self.quirk is Quirk.NO_OFFERS else max(min(self.article.sellers, self.quantity), 1)

    @property
    def shipping(self) -> Decimal:
        """Return the postage of the cheapest offer."""
        return Decimal(self.article.shipping.get(self.venue, 0)).quantize(Decimal("0.01"))

    def offer(self, position: int) -> Offer:
        """Return an offer by its rank, 0 being the cheapest. The id of a rank stays over time."""
        article, count = self.article, self.seller_count
        lowest = LOW_SHARE_SEALED if article.is_sealed else LOW_SHARE_CARD
        share = lowest + SPREAD * position / max(count, 8)
        if self.quirk is Quirk.PARKED_LOW:
            share *= PARKED_FACTOR
        spare, rest = divmod(self.quantity, count)
        name = (self.world.seed, article.key, self.venue, self.finish, position)
        condition = SEALED_CONDITION
        if not article.is_sealed:
            condition = CARD_CONDITIONS[(position + 3 if count > 3 else 0) % len(CARD_CONDITIONS)]
        return Offer(
            listing_id=100_000_000_000 + number_of(*name, "listing", below=899_999_999_999),
            seller_number=number_of(*name, "seller", below=5_000),
            price=cents(float(self.price) * share),
            shipping=self.shipping if position % 3 == 0 else Decimal("0.00"),
            quantity=spare + (position < rest),
            condition=condition,
            finish=self.finish,
        )

    def offers(self) -> list[Offer]:
        """Return all offers, cheapest first."""
        return [self.offer(position) for position in range(self.seller_count)]

    def statistics(self) -> Statistics:
        """Return the venue's figures; `low` is the price of the cheapest offer."""
        count = self.seller_count
        low = self.offer(0).price if count else None
        price = self.price
        trend: Decimal | None = price
        if self.quirk is Quirk.PENNY_TREND:
            trend = Decimal("0.02")
        elif self.quirk is Quirk.ZERO_TREND:
            trend = Decimal("0.00")
        elif self.quirk is Quirk.SKY_HIGH:
            trend = price * 9
        elif self.quirk is Quirk.NO_OFFERS:
            trend = cents(float(price) * 0.35)
        is_parked = share_of(self.world.seed, self.article.key, self.venue, "parked") < 0.2
        return Statistics(
            low=low,
            mid=cents(float(price) * 1.05) if count else None,
            high=cents(float(price) * (40 if is_parked else 1.6)) if count else None,
            market=trend,
            trend=trend,
            average=cents(float(price) * 1.01) if count else None,
            seller_count=count,
            quantity=self.quantity,
        )

    def sales(self, *, since: date) -> Iterator[SimulatedSale]:
        """Yield the sales of the venue from a day on until now, newest first."""
        day = self.at.date()
        while day >= since:
            yield from sorted(self.sales_of(day), key=lambda sale: sale.sold_at, reverse=True)
            day -= timedelta(days=1)

    def sales_of(self, day: date) -> list[SimulatedSale]:
        """Return the sales of one day that have happened by now."""
        rate = self.article.sales_per_day * SALES_SHARE[self.venue]
        chance = chance_of(self.world.seed, self.article.key, self.venue, self.finish, day)
        count = sum(chance.random() < rate / 24 for _ in range(24))
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        sales = []
        for index in range(count):
            sold_at = midnight + timedelta(seconds=chance.randrange(86_400))
            sales.append(self._sale(sold_at, chance.uniform(0.92, 1.05), index))
        return [sale for sale in sales if sale.sold_at <= self.at]

    def _sale(self, sold_at: datetime, share: float, index: int) -> SimulatedSale:
        honest = self.world.price(self.article, self.venue, at=sold_at, finish=self.finish)
        name = (self.world.seed, self.article.key, self.venue, sold_at.date(), self.finish, index)
        return SimulatedSale(
            number=200_000_000_000 + number_of(*name, below=799_999_999_999),
            sold_at=sold_at,
            price=cents(float(honest) * share),
            shipping=self.shipping,
            quantity=1 + (share_of(*name, "two") < 0.1),
            condition=SEALED_CONDITION if self.article.is_sealed else CARD_CONDITIONS[index % 5],
            finish=self.finish,
            has_hidden_price=share_of(*name, "offer") < 0.15,
        )

    def mean(self, days: int) -> Decimal:
        """Return about the mean price over some days until now: that of five moments of them."""
        step = timedelta(days=days) / 5
        prices = [
            self.world.price(self.article, self.venue, at=self.at - step * part, finish=self.finish)
            for part in range(5)
        ]
        return cents(sum(prices) / 5)
