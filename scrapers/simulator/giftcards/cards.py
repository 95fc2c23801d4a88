"""Which gift cards exist, and what they are worth anywhere at a moment."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from math import sin, tau
from typing import Final

from scrapers.simulator.walks import share_of
from scrapers.simulator.world import EPOCH

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand of gift cards.

    Args:
        number: Reloadly's brand and product number.
        slug: as in symbols; also Bitrefill's product id, with the country.
        name: as people write it.
        worth: what a card trades at, relative to its face value.
    """

    number: int
    slug: str
    name: str
    worth: float


BRANDS: Final = (
    Brand(5, "amazon", "Amazon", 0.965),
    Brand(3, "app-store-itunes", "App Store & iTunes", 0.925),
    Brand(14, "google-play", "Google Play", 0.93),
    Brand(21, "netflix", "Netflix", 0.905),
    Brand(33, "steam", "Steam", 0.915),
)
FACES: Final = (Decimal(25), Decimal(50), Decimal(100))


@dataclass(frozen=True, slots=True)
class Card:
    """A gift card of one face value for one country."""

    brand: Brand
    face: Decimal
    currency: str
    region: str

    @property
    def key(self) -> str:
        """Return what names the card, and seeds its prices."""
        return f"{self.brand.slug}:{self.face}:{self.currency}:{self.region}"


def cards_of(region: str, currency: str) -> tuple[Card, ...]:
    """Return every card of a country."""
    return tuple(Card(brand, face, currency, region) for brand in BRANDS for face in FACES)


def worth(seed: int, card: Card, at: datetime) -> float:
    """Return what a card is worth anywhere, relative to its face: within about a percent of its brand's."""
    seconds = (at - EPOCH).total_seconds()
    waves = (
        share * sin(tau * (seconds / period + share_of(seed, card.key, period)))
        for period, share in ((5_400, 0.005), (1_300, 0.003), (240, 0.002))
    )
    return card.brand.worth * (1 + sum(waves))


def cents(amount: float | Decimal) -> Decimal:
    """Round an amount to the cent, half even, at least one cent."""
    return max(Decimal(amount).quantize(_CENT, ROUND_HALF_EVEN), _CENT)
