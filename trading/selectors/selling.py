"""The market single cards are sold at: fresh accepted prices and the terms of the place, as pure values."""

from collections.abc import Collection
from datetime import datetime

from opportunities.detection.routes import Route
from opportunities.detection.routes import route as route_between
from opportunities.policy import AnalysisPolicy
from opportunities.valuation import UnitPrices, load_unit_prices
from pricing.models import PriceSource
from trading.brokers.market import CardPrice, Market

CardKey = tuple[int, str]


def market_for(
    cards: Collection[CardKey],
    *,
    buy: PriceSource,
    sell: PriceSource,
    category: str,
    policy: AnalysisPolicy,
    now: datetime,
) -> Market:
    """Load what cards can be sold for, by the rules the analysis values them with.

    Args:
        cards: product key and finish of each; a finish without a price of its own may take another's.
        buy: where the sealed product was bought.
        sell: where the singles are sold, with its venue.
        category: the game.
        policy: age and quality of prices, floor, bulk value.
        now: the time prices and fees are judged at.
    """
    route = route_between(buy=buy, sell=sell, category=category, now=now)
    prices = load_unit_prices(
        source=sell,
        price_type=route.sell_price_type,
        fresh_after=now - policy.max_price_age,
        min_quality=policy.min_quality,
        product_keys={key for key, _ in cards} or {-1},
        highest_key=max((key for key, _ in cards), default=0),
    )
    return market_at(cards, route=route, prices=prices, policy=policy)


def market_at(
    cards: Collection[CardKey], *, route: Route, prices: UnitPrices, policy: AnalysisPolicy
) -> Market:
    """Return what cards can be sold for at prices that are loaded already.

    Args:
        cards: as for `market_for`.
        route: where is sold.
        prices: current ones of that source.
        policy: floor, bulk value and items per order.
    """
    found: dict[CardKey, CardPrice] = {}
    for card in cards:
        row = prices.row_of(card)
        if row:
            found[card] = CardPrice(prices.price_of(row), prices.time_of(row))
    return Market(
        currency=route.currency,
        prices=found,
        fees=route.terms,
        is_open=route.has_fees,
        floor=policy.floor(route.currency),
        bulk_value=policy.bulk_value,
        items_per_order=policy.items_per_order,
    )
