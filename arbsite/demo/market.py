"""The invented market as plain values: sets, cards, packs, decks, sealed products and how each is priced.

Pure and deterministic: the same size and seed give the same market, down to every identifier. The files are
written from it by `mtgjson_file` and `price_files`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from .themes import THEMES, Theme

FIRST_EXTERNAL_ID = 990_000_001  # far above every real Cardmarket product number
NAMESPACE = uuid5(NAMESPACE_URL, "https://arbsite.invalid/demo")


class Size(StrEnum):
    """How large a demo market is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a size means."""

    sets: int
    commons: int
    uncommons: int
    rares: int
    mythics: int
    days: int


SCALES = {
    Size.SMALL: Scale(sets=2, commons=20, uncommons=14, rares=12, mythics=5, days=40),
    Size.MEDIUM: Scale(sets=4, commons=30, uncommons=22, rares=18, mythics=8, days=60),
    Size.LARGE: Scale(sets=6, commons=60, uncommons=45, rares=32, mythics=15, days=90),
}


class Trap(StrEnum):
    """A wrong price that must be held back, in the last guide only."""

    PENNY_TREND = "penny_trend"
    ZERO_TREND = "zero_trend"
    PARKED_LOW = "parked_low"
    NO_OFFERS = "no_offers"
    HALF_PRICE_NAME = "half_price_name"
    SKY_HIGH = "sky_high"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How an article's price and offers move. `volatility` is the daily standard deviation of log prices."""

    volatility: float
    sellers: int = 40
    sales_per_day: float = 0.0
    stock: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One printing. `price` is the long-run trend in EUR; `foil_factor` 0 means that no foil exists."""

    uuid: UUID
    external_id: int
    name: str
    set_code: str
    number: int
    rarity: str
    price: float
    foil_factor: float
    behaviour: Behaviour

    @property
    def foil_price(self) -> float:
        """Return the long-run trend of the foil in EUR."""
        return self.price * self.foil_factor


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A printed sheet of one finish."""

    name: str
    weights: Mapping[Card, int]
    is_foil: bool = False

    @property
    def total(self) -> int:
        """Return the sum of the weights."""
        return sum(self.weights.values())


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A booster: weighted ways to fill it, each naming how many cards of which sheet."""

    code: str
    sheets: tuple[Sheet, ...]
    configurations: tuple[tuple[Mapping[str, int], int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Deck:
    """A fixed list of cards: (card, copies, is foil)."""

    name: str
    kind: str
    lines: tuple[tuple[Card, int, bool], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sealed product holds, in the terms of the MTGJSON file."""

    cards: tuple[tuple[Card, bool], ...] = ()
    decks: tuple[Deck, ...] = ()
    packs: tuple[Pack, ...] = ()
    sealed: tuple[tuple["Sealed", int], ...] = ()
    one_of: tuple[Deck | Card, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sealed:
    """A sealed product before it has a price."""

    uuid: UUID
    external_id: int
    name: str
    set_code: str
    category: str
    subtype: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Listing:
    """A sealed product with its long-run trend and inbound shipping in EUR, and what is meant by it."""

    product: Sealed
    price: float
    shipping: float
    behaviour: Behaviour
    profile: str
    trap: Trap | None = None


@dataclass(frozen=True, slots=True)
class DemoSet:
    """One invented set."""

    code: str
    name: str
    released_on: str
    cards: tuple[Card, ...]
    packs: tuple[Pack, ...]
    decks: tuple[Deck, ...]
    sealed: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Everything: `listings` are the sealed products of all sets with their prices."""

    size: Size
    seed: int
    days: int
    sets: tuple[DemoSet, ...]
    listings: tuple[Listing, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Return the cards of all sets."""
        return tuple(card for demo_set in self.sets for card in demo_set.cards)


@dataclass(slots=True)
class Maker:
    """Hands out random choices and identifiers in one fixed order, which makes the market deterministic."""

    seed: int
    random: Random = field(init=False)
    _next_external_id: int = FIRST_EXTERNAL_ID

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - an invented market, not a secret

    def external_id(self) -> int:
        """Return the next product number of the invented marketplace."""
        self._next_external_id += 1
        return self._next_external_id

    def uuid(self, *parts: object) -> UUID:
        """Return the identifier that belongs to a name."""
        return uuid5(NAMESPACE, "/".join(str(part) for part in (self.seed, *parts)))


PRICE_BANDS = {"common": (0.03, 0.25), "uncommon": (0.08, 1.20), "rare": (0.6, 9.0), "mythic": (4.0, 55.0)}


def make_cards(maker: Maker, theme: Theme, scale: Scale) -> tuple[Card, ...]:
    """Make the printings of one set, in collector order: the four rarities, then the lands."""
    names = [f"{adjective} {role}" for adjective in theme.adjectives for role in theme.roles]
    maker.random.shuffle(names)
    special = [*theme.legends, *theme.places, *theme.events]
    plan = [
        ("common", scale.commons),
        ("uncommon", scale.uncommons),
        ("rare", scale.rares),
        ("mythic", scale.mythics),
    ]
    cards: list[Card] = []
    for rarity, count in plan:
        for position in range(count):
            takes_special = rarity in {"rare", "mythic"} and special and position % 2 == 0
            name = special.pop(0) if takes_special else names.pop()
            cards.append(_card(maker, theme, number=len(cards) + 1, name=name, rarity=rarity))
    cards.extend(
        _card(maker, theme, number=len(cards) + 1 + offset, name=name, rarity="land")
        for offset, name in enumerate(theme.grounds)
    )
    return tuple(cards)


def _card(maker: Maker, theme: Theme, *, number: int, name: str, rarity: str) -> Card:
    """Make one printing; dear cards are rarer inside their price band, as in life."""
    chance = maker.random
    if rarity == "land":
        price, foil_factor = 0.05, 0.0
    else:
        low, high = PRICE_BANDS[rarity]
        price = low * (high / low) ** (chance.random() ** 1.6)
        foil_factor = chance.uniform(1.3, 2.8)
    return Card(
        uuid=maker.uuid("card", theme.code, number),
        external_id=maker.external_id(),
        name=name,
        set_code=theme.code,
        number=number,
        rarity="common" if rarity == "land" else rarity,
        price=round(price, 2),
        foil_factor=foil_factor,
        behaviour=Behaviour(
            volatility=chance.uniform(0.008, 0.035),
            sellers=chance.randint(8, 90),
            sales_per_day=chance.uniform(0.2, 3.0),
            stock=chance.randint(20, 200),
        ),
    )


def themes_of(scale: Scale) -> tuple[Theme, ...]:
    """Return the worlds a market of this scale plays in."""
    return THEMES[: scale.sets]
