"""The invented market as the simulated venues sell it: the same articles, prices that go on from today's."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from scrapers.simulator.walks import share_of
from scrapers.simulator.world import FOIL, NONFOIL, Quirk, SimulatedArticle, Venue, World

from .identifiers import card_ids, sealed_ids
from .market import Card, DemoSet, Listing, Market, Trap
from .mtgjson_file import catalogue
from .walks import walk_prices

# What an article costs at a venue relative to its trend in EUR, from and to. Singles fetch more in dollars
# and sealed products are little dearer, so that some are worth opening there too.
SINGLES: Mapping[Venue, tuple[float, float]] = {
    Venue.CARDMARKET: (1.0, 1.0),
    Venue.TCGPLAYER: (1.12, 1.24),
    Venue.CARDKINGDOM: (1.25, 1.45),
}
SEALED: Mapping[Venue, tuple[float, float]] = {
    Venue.CARDMARKET: (1.0, 1.0),
    Venue.TCGPLAYER: (0.96, 1.12),
    Venue.EBAY: (0.98, 1.2),
    Venue.AMAZON: (1.1, 1.35),
}
QUIRKS: Mapping[Trap, Quirk] = {
    Trap.PENNY_TREND: Quirk.PENNY_TREND,
    Trap.ZERO_TREND: Quirk.ZERO_TREND,
    Trap.PARKED_LOW: Quirk.PARKED_LOW,
    Trap.NO_OFFERS: Quirk.NO_OFFERS,
    Trap.SKY_HIGH: Quirk.SKY_HIGH,
}


def build_world(market: Market, *, today: date) -> World:
    """Return the world of a market: each article's long-run price is its trend of `today`.

    Args:
        market: the invented market.
        today: the day whose prices the simulated ones start from; the same day gives the same world.
    """
    trends = walk_prices(market, first=today, last=today).today[-1].tolist()
    data = cast(Mapping[str, dict[str, object]], catalogue(market, dated=today)["data"])
    return World(
        articles=tuple(_articles(market, trends)), seed=market.seed, liveliness=1.0, mtgjson_sets=data
    )


def _articles(market: Market, trends: list[float]) -> Iterator[SimulatedArticle]:
    sets = {demo_set.code: demo_set for demo_set in market.sets}
    cards = market.cards
    for card, trend in zip(cards, trends[: len(cards)], strict=True):
        yield _card(card, sets[card.set_code], trend)
    for listing, trend in zip(market.listings, trends[len(cards) :], strict=True):
        yield _sealed(listing, sets[listing.product.set_code], trend)


def _card(card: Card, demo_set: DemoSet, trend: float) -> SimulatedArticle:
    return SimulatedArticle(
        name=card.name,
        is_sealed=False,
        number=str(card.number),
        rarity=card.rarity,
        finishes=(NONFOIL, FOIL) if card.foil_factor else (NONFOIL,),
        foil_factor=card.foil_factor or 1.0,
        ids=card_ids(card),
        prices=_prices(SINGLES, str(card.uuid), trend),
        **_common(demo_set, card),
    )


def _sealed(listing: Listing, demo_set: DemoSet, trend: float) -> SimulatedArticle:
    product = listing.product
    return SimulatedArticle(
        name=product.name,
        is_sealed=True,
        sealed_kind=product.category,
        sealed_subtype=product.subtype,
        ids=sealed_ids(product),
        prices=_prices(SEALED, str(product.uuid), trend),
        shipping=dict.fromkeys((Venue.CARDMARKET, Venue.TCGPLAYER, Venue.EBAY), listing.shipping),
        quirks={Venue.CARDMARKET: QUIRKS[listing.trap]} if listing.trap and listing.trap in QUIRKS else {},
        **_common(demo_set, listing),
    )


def _common(demo_set: DemoSet, article: Card | Listing) -> dict[str, Any]:
    key = article.uuid if isinstance(article, Card) else article.product.uuid
    return {
        "key": str(key),
        "category": "mtg",
        "set_name": demo_set.name,
        "set_code": demo_set.code,
        "released_on": date.fromisoformat(demo_set.released_on),
        "volatility": article.behaviour.volatility,
        "sellers": article.behaviour.sellers,
        "stock": max(article.behaviour.stock, 1),
        "sales_per_day": article.behaviour.sales_per_day,
    }


def _prices(factors: Mapping[Venue, tuple[float, float]], key: str, trend: float) -> dict[Venue, float]:
    return {
        venue: trend * (low + (high - low) * share_of(key, venue.value))
        for venue, (low, high) in factors.items()
    }
