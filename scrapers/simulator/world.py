"""The market the simulated venues sell: articles, and what each costs at each venue at any moment.

Everything is a pure function of (world, article, venue, time): the same seed and time give the same price, so
all views of a venue agree with one another and a run can be repeated. Nothing is stored while it runs.

To build a world, make `SimulatedArticle`s (every argument is a plain value) and pass them to `World`. All
venues except `mtgjson_sets` need no more than that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from .walks import deviation, number_of

CENT: Final = Decimal("0.01")
LEAST_PRICE: Final = 0.02
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
NONFOIL, FOIL = "nonfoil", "foil"

JsonObject = dict[str, object]


class Venue(StrEnum):
    """Who sells. Reference sources (Scryfall, MTGJSON, TCGdex, ...) repeat the prices of these."""

    TCGPLAYER = "tcgplayer"
    CARDMARKET = "cardmarket"
    CARDKINGDOM = "cardkingdom"
    EBAY = "ebay"
    AMAZON = "amazon"


CURRENCIES: Final[Mapping[Venue, str]] = MappingProxyType(
    {venue: "EUR" if venue is Venue.CARDMARKET else "USD" for venue in Venue}
)
"""What each venue's amounts are in (eBay and Amazon: on their US marketplace)."""


class Quirk(StrEnum):
    """A wrong or missing price that a venue shows for one article, for as long as the world lasts."""

    PENNY_TREND = "penny_trend"  # the trend says 0.02
    ZERO_TREND = "zero_trend"  # the trend says 0
    PARKED_LOW = "parked_low"  # the only offer is twelve times too dear
    NO_OFFERS = "no_offers"  # nobody sells; an old trend of a third remains
    SKY_HIGH = "sky_high"  # the trend is nine times too high


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedArticle:
    """One sealed product or one printing of a card, as all venues know it.

    Args:
        key: unique and stable; seeds the article's walks.
        name: as in the catalogue, without the set's name for cards.
        category: `mtg`, `pokemon` or `yugioh`.
        set_name: the set's name.
        set_code: the set's code in capitals.
        is_sealed: a sealed product; otherwise a card.
        number: collector number of a card.
        rarity: of a card, as MTGJSON writes it (`common`, `uncommon`, `rare`, `mythic`).
        finishes: `nonfoil`, `foil`; a card may have both.
        foil_factor: what a foil costs relative to the plain version.
        released_on: day of release.
        sealed_kind: MTGJSON's category of a sealed product (`booster_box`, `booster_pack`, ...).
        sealed_subtype: MTGJSON's subtype (`play`, `collector`, ...).
        ids: by name space: `mtgjson` (uuid), `mcm`, `tcgplayer`, `scryfall`, `ck`, `ck_foil`, `tcgdex`,
            `ygoprodeck`, `epid`, `gtin`, `asin`. A venue does not list what has no id in its name space,
            except eBay, which finds everything with a price there by its title.
        prices: long-run price of one copy, plain version, in the venue's currency (`CURRENCIES`); a venue
            that is missing does not list the article.
        volatility: daily standard deviation of log prices, about.
        sellers: usual number of offers at a marketplace.
        stock: copies on offer after a restock, at a marketplace.
        sales_per_day: copies sold each day on the average, over all venues.
        shipping: postage of the cheapest offer by venue; missing is 0.
        quirks: wrong prices on purpose, by venue.
    """

    key: str
    name: str
    category: str
    set_name: str
    set_code: str
    is_sealed: bool
    prices: Mapping[Venue, float]
    ids: Mapping[str, str]
    number: str = ""
    rarity: str = ""
    finishes: tuple[str, ...] = (NONFOIL,)
    foil_factor: float = 2.0
    released_on: date = date(2025, 6, 13)
    sealed_kind: str = ""
    sealed_subtype: str = ""
    volatility: float = 0.02
    sellers: int = 20
    stock: int = 60
    sales_per_day: float = 1.0
    shipping: Mapping[Venue, float] = field(default_factory=dict)
    quirks: Mapping[Venue, Quirk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.finishes or not set(self.finishes) <= {NONFOIL, FOIL}:
            raise ValueError(f"{self.key}: finishes are {NONFOIL} and {FOIL}, not {self.finishes}")
        if any(price <= 0 for price in self.prices.values()):
            raise ValueError(f"{self.key}: a price is not above zero")

    @property
    def title(self) -> str:
        """Return how a seller would call it: sealed products carry their set's name already."""
        if self.is_sealed:
            return self.name
        return f"{self.name} {self.number} {self.set_name}"


@dataclass(frozen=True, slots=True)
class SimulatedSet:
    """One set of one game. The numbers are TCGplayer's group and Cardmarket's expansion."""

    category: str
    code: str
    name: str
    released_on: date
    group_id: int
    expansion_id: int
    articles: tuple[SimulatedArticle, ...]

    @property
    def cards(self) -> tuple[SimulatedArticle, ...]:
        """Return the set's cards in the order of the world."""
        return tuple(article for article in self.articles if not article.is_sealed)

    @property
    def sealed(self) -> tuple[SimulatedArticle, ...]:
        """Return the set's sealed products in the order of the world."""
        return tuple(article for article in self.articles if article.is_sealed)


@dataclass(frozen=True)
class World:
    """Everything that is for sale, and the price function.

    Args:
        articles: keys and ids are unique within the world.
        seed: of all walks, offers and sales.
        liveliness: how much prices move within minutes; 1 is calm, 0 leaves the slow moves of hours and days.
        mtgjson_sets: MTGJSON's `data` (set code -> set document) where contents matter; identifiers are
            filled in by uuid from the articles. Empty: a plausible one is written from the articles.
    """

    articles: Sequence[SimulatedArticle]
    seed: int = 7
    liveliness: float = 1.0
    mtgjson_sets: Mapping[str, JsonObject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for article in self.articles:
            for identifier in (("key", article.key), *article.ids.items()):
                if identifier in seen:
                    raise ValueError(f"two articles have the {identifier[0]} {identifier[1]!r}")
                seen.add(identifier)

    @cached_property
    def sets(self) -> tuple[SimulatedSet, ...]:
        """Return the sets in the order of their first article."""
        grouped: dict[tuple[str, str], list[SimulatedArticle]] = {}
        for article in self.articles:
            grouped.setdefault((article.category, article.set_code), []).append(article)
        return tuple(
            SimulatedSet(
                category=category,
                code=code,
                name=articles[0].set_name,
                released_on=articles[0].released_on,
                group_id=900_000 + number_of(category, code, "group", below=90_000),
                expansion_id=90_000 + number_of(category, code, "expansion", below=9_000),
                articles=tuple(articles),
            )
            for (category, code), articles in grouped.items()
        )

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], SimulatedArticle]:
        return {pair: article for article in self.articles for pair in article.ids.items()}

    @cached_property
    def _by_key(self) -> Mapping[str, SimulatedArticle]:
        return {article.key: article for article in self.articles}

    @cached_property
    def _set_of(self) -> Mapping[str, SimulatedSet]:
        return {article.key: one for one in self.sets for article in one.articles}

    def find(self, source: str, external_id: str) -> SimulatedArticle | None:
        """Return the article with an id in a name space, or None."""
        return self._by_id.get((source, external_id))

    def by_key(self, key: str) -> SimulatedArticle:
        """Return an article by its key.

        Raises:
            KeyError: if there is none.
        """
        return self._by_key[key]

    def set_of(self, article: SimulatedArticle) -> SimulatedSet:
        """Return the set an article belongs to."""
        return self._set_of[article.key]

    def listed(self, venue: Venue, *, category: str | None = None) -> list[SimulatedArticle]:
        """Return the articles a venue lists, in the order of the world."""
        return [
            article
            for article in self.articles
            if venue in article.prices and category in (None, article.category)
        ]

    def price(
        self, article: SimulatedArticle, venue: Venue, *, at: datetime, finish: str = NONFOIL
    ) -> Decimal:
        """Return what one copy honestly costs at a venue: its market price before any quirk.

        Args:
            article: one the venue lists.
            venue: whose price.
            at: aware time; the price moves smoothly with it, by about `volatility` a day.
            finish: `nonfoil` or `foil`.

        Returns:
            The price in the venue's currency, to the cent, at least 0.02.

        Raises:
            KeyError: if the venue does not list the article.
        """
        base = article.prices[venue]
        if finish == FOIL and NONFOIL in article.finishes:
            base *= article.foil_factor
        moved = base * deviation(
            (self.seed, article.key, venue.value),
            seconds=(at - EPOCH).total_seconds(),
            volatility=article.volatility,
            liveliness=self.liveliness,
        )
        return cents(moved)


def cents(amount: float | Decimal) -> Decimal:
    """Round an amount to the cent (half even), at least 0.02."""
    return Decimal(max(amount, LEAST_PRICE)).quantize(CENT)
