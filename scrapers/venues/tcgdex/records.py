"""TCGdex's documents as typed records; unknown fields are ignored and absent ones are None."""

from decimal import Decimal

import msgspec

Price = Decimal | None


class CardCount(msgspec.Struct):
    """How many cards a set has."""

    total: int = 0


class SetRow(msgspec.Struct):
    """A set in the list of sets."""

    id: str
    name: str
    cardCount: CardCount = msgspec.field(default_factory=CardCount)  # noqa: N815 - the venue's own names


class Serie(msgspec.Struct):
    """The series of a set."""

    id: str = ""


class SetDocument(SetRow):
    """A set with its cards; they stay raw so that one bad row costs one row."""

    cards: list[msgspec.Raw] = []
    serie: Serie = msgspec.field(default_factory=Serie)
    releaseDate: str | None = None  # noqa: N815


class CardBrief(msgspec.Struct):
    """A card as its set lists it."""

    id: str
    localId: str | int  # noqa: N815
    name: str
    image: str | None = None


class AmericanPrices(msgspec.Struct, gc=False):
    """TCGplayer's statistics of one version. `highPrice` is parked and not read."""

    productId: int | None = None  # noqa: N815
    lowPrice: Price = None  # noqa: N815
    midPrice: Price = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    directLowPrice: Price = None  # noqa: N815


class EuropeanPrices(msgspec.Struct, gc=False):
    """Cardmarket's statistics; those with the suffix are of the reverse holofoil version."""

    unit: str = ""
    updated: str = ""
    idProduct: int | None = None  # noqa: N815
    low: Price = None
    trend: Price = None
    avg: Price = None
    avg1: Price = None
    avg7: Price = None
    avg30: Price = None
    low_holo: Price = msgspec.field(name="low-holo", default=None)
    trend_holo: Price = msgspec.field(name="trend-holo", default=None)
    avg_holo: Price = msgspec.field(name="avg-holo", default=None)
    avg1_holo: Price = msgspec.field(name="avg1-holo", default=None)
    avg7_holo: Price = msgspec.field(name="avg7-holo", default=None)
    avg30_holo: Price = msgspec.field(name="avg30-holo", default=None)


class Pricing(msgspec.Struct):
    """What both markets say; TCGplayer's versions lie beside `unit` and `updated`."""

    tcgplayer: dict[str, msgspec.Raw] | None = None
    cardmarket: EuropeanPrices | None = None


class CardDocument(CardBrief):
    """A card's own document."""

    set: SetRow | None = None
    rarity: str | None = None
    variants: dict[str, bool | None] | None = None
    pricing: Pricing | None = None
