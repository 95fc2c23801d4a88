"""eBay's listings as the API and the site share them: which there are, their titles and kinds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from scrapers.simulator.market import Market, Offer
from scrapers.simulator.state import Simulator
from scrapers.simulator.world import SimulatedArticle, Venue

VENUE: Final = Venue.EBAY
RATES: Final[Mapping[str, tuple[str, Decimal]]] = MappingProxyType(
    {
        "EBAY_US": ("USD", Decimal(1)), "EBAY_GB": ("GBP", Decimal("0.79")),
        "EBAY_DE": ("EUR", Decimal("0.92")), "EBAY_FR": ("EUR", Decimal("0.92")),
        "EBAY_IT": ("EUR", Decimal("0.92")), "EBAY_ES": ("EUR", Decimal("0.92")),
        "EBAY_CA": ("CAD", Decimal("1.38")), "EBAY_AU": ("AUD", Decimal("1.52")),
    }
)  # fmt: skip
"""Marketplace -> currency, and what a dollar is in it; the rates are fixed and invented."""

AUCTION_EVERY: Final = 7
CATEGORY_SEALED, CATEGORY_SINGLE = "261044", "183454"


@dataclass(frozen=True, slots=True)
class ListingPlace:
    """Which offer of which article a listing is."""

    article: SimulatedArticle
    finish: str
    position: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as it stands now; `price` and `shipping` are in the marketplace's currency."""

    article: SimulatedArticle
    offer: Offer
    price: Decimal
    shipping: Decimal
    currency: str
    is_auction: bool

    @property
    def item_id(self) -> str:
        """Return the id of the REST interface."""
        return f"v1|{self.offer.listing_id}|0"

    @property
    def title(self) -> str:
        """Return the seller's title."""
        suffix = " - Factory Sealed NEW" if self.article.is_sealed else f" {self.offer.condition}"
        foil = " Foil" if self.offer.finish == "foil" else ""
        return f"{self.article.title}{foil}{suffix}"

    @property
    def condition_id(self) -> str:
        """Return eBay's number of the condition."""
        return "1000" if self.article.is_sealed else "4000"

    @property
    def condition(self) -> str:
        """Return eBay's name of the condition."""
        return "New" if self.article.is_sealed else "Ungraded"

    @property
    def category_id(self) -> str:
        """Return eBay's category."""
        return CATEGORY_SEALED if self.article.is_sealed else CATEGORY_SINGLE


def listings_of(
    simulator: Simulator, article: SimulatedArticle, *, marketplace: str = "EBAY_US"
) -> Iterator[Listing]:
    """Yield the listings of one article, all finishes."""
    for finish in article.finishes:
        market = Market(simulator.world, article, VENUE, at=simulator.now(), finish=finish)
        for position in range(market.seller_count):
            yield _listing(market, position, marketplace)


def find_listing(simulator: Simulator, listing_id: int, *, marketplace: str = "EBAY_US") -> Listing | None:
    """Return a listing by its number, None if it is not on offer now."""
    place = _index(simulator).get(listing_id)
    if place is None:
        return None
    market = Market(simulator.world, place.article, VENUE, at=simulator.now(), finish=place.finish)
    return _listing(market, place.position, marketplace) if place.position < market.seller_count else None


def matching(simulator: Simulator, text: str) -> list[SimulatedArticle]:
    """Return the articles whose title has all words of a search."""
    words = text.lower().split()
    return [one for one in simulator.world.listed(VENUE) if all(word in one.title.lower() for word in words)]


def _listing(market: Market, position: int, marketplace: str) -> Listing:
    offer = market.offer(position)
    currency, rate = RATES.get(marketplace, RATES["EBAY_US"])
    return Listing(
        article=market.article,
        offer=offer,
        price=(offer.price * rate).quantize(Decimal("0.01")),
        shipping=(offer.shipping * rate).quantize(Decimal("0.01")),
        currency=currency,
        is_auction=position % AUCTION_EVERY == AUCTION_EVERY - 1,
    )


def _index(simulator: Simulator) -> dict[int, ListingPlace]:
    if simulator.listing_index is None:
        simulator.listing_index = {
            market.offer(position).listing_id: ListingPlace(article, finish, position)
            for article in simulator.world.listed(VENUE)
            for finish in article.finishes
            for market in [Market(simulator.world, article, VENUE, at=simulator.now(), finish=finish)]
            for position in range(article.sellers)
            if market.seller_count
        }
    return simulator.listing_index
