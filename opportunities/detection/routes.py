"""Where is bought and where is sold: one route per source and game."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from catalog.choices import Category, VenueKind
from pricing.choices import PriceType
from pricing.errors import FeeScheduleNotFound
from pricing.models import FeeSchedule, PriceBatch, PriceSource
from pricing.selectors import fee_schedule_at, price_sources
from quant.fees import FeeSchedule as FeeTerms
from quant.fees import InvalidFeeSchedule
from quant.money import UnknownCurrency

PAID: Final = (PriceType.MARKET, PriceType.TREND, PriceType.AVG)
"""Statistics of what buyers paid, not of what sellers ask."""


@dataclass(frozen=True, slots=True)
class Route:
    """Buy the sealed product at one source, sell its singles at another, in one currency.

    Args:
        buy: source of the sealed product's price.
        sell: source of the singles' prices.
        category: game the terms are for.
        buy_price_type: statistic of the sealed product's price.
        sell_price_type: statistic of the singles' prices.
        fee_schedule: the stored terms of selling; None where nothing is charged or none is known.
        terms: the same for the mathematics.
        has_fees: False if selling there costs something that is not known, so that nothing may be claimed.
    """

    buy: PriceSource
    sell: PriceSource
    category: str
    buy_price_type: str
    sell_price_type: str
    fee_schedule: FeeSchedule | None
    terms: FeeTerms | None
    has_fees: bool

    @property
    def currency(self) -> str:
        """The one currency of the route."""
        return self.sell.currency


def routes_at(now: datetime) -> list[Route]:
    """Return the routes of all enabled sources that ever had prices, by source and game.

    A reference source only checks others: nobody sells at its prices, so it has no route. A marketplace or
    store is bought from and sold to at its own prices. A store pays its buylist price and charges nothing. A
    distributor only sells: its route ends at the first marketplace of the same currency, one that reports
    what was paid before one that only reports offers.
    """
    used = PriceBatch.objects.order_by().values("source").distinct()
    offered = price_sources().filter(id__in=used, is_reference=False)
    sources = [source for source in offered if source.venue.is_enabled]
    markets = [source for source in sources if source.venue.kind == VenueKind.MARKETPLACE]
    markets.sort(key=lambda market: (market.market_price_type not in PAID, market.code))
    routes = []
    for buy in sources:
        sell = buy
        if buy.venue.kind == VenueKind.DISTRIBUTOR:
            sold_at = [market for market in markets if market.currency == buy.currency]
            if not sold_at:
                continue
            sell = sold_at[0]
        routes += [route(buy=buy, sell=sell, category=category, now=now) for category in Category.values]
    return routes


def route(
    *, buy: PriceSource, sell: PriceSource, category: str, now: datetime, price_type: str | None = None
) -> Route:
    """Return the route between two sources for one game.

    Args:
        buy: where the sealed product is bought.
        sell: where the singles are sold.
        category: the game.
        now: fee schedules are those valid on this day (UTC).
        price_type: use this statistic on both sides; None takes what each source's venue stands for.
    """
    schedule, terms, has_fees = _fees(sell, category, now)
    return Route(
        buy=buy,
        sell=sell,
        category=category,
        buy_price_type=price_type or buy.market_price_type,
        sell_price_type=price_type or _selling_price_type(sell),
        fee_schedule=schedule,
        terms=terms,
        has_fees=has_fees,
    )


def _selling_price_type(source: PriceSource) -> str:
    return str(PriceType.BUYLIST) if source.venue.kind == VenueKind.STORE else source.market_price_type


def _fees(
    source: PriceSource, category: str, now: datetime
) -> tuple[FeeSchedule | None, FeeTerms | None, bool]:
    try:
        schedule, terms = fee_schedule_at(venue=source.venue, on=now.date(), category=category)
    except FeeScheduleNotFound:
        return None, None, source.venue.kind == VenueKind.STORE
    except (InvalidFeeSchedule, UnknownCurrency):
        return None, None, False
    return schedule, terms, terms.currency == source.currency
