"""What the engine knows of the markets it compares, and by which rules."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from catalog.jurisdiction import gated_reason
from quant.spreads.net import NO_CUSHIONS, NO_TERMS, Cushions, VenueTerms

DEFAULT_SEEN_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Desk:
    """One market as the engine sees it.

    Args:
        code: of its venue.
        region: ISO 3166 code of where it does business.
        currency: it quotes in.
        terms: what trading with it costs.
    """

    code: str
    region: str
    currency: str
    terms: VenueTerms = NO_TERMS


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's rules (R000's flags).

    Args:
        threshold_bps: least net profit of a route (inclusive, compared unrounded).
        max_age_ms: oldest quote that is compared.
        max_skew_ms: how far a time may lie ahead of our clock.
        cushions: FX_SPREAD_BPS and NETWORK_FEE_BPS.
        max_cards: most cards of one trade.
        loss_rate: share of cards that turn out worthless.
        recovery_rate: share of the cost that comes back for those.
        allowed_regions: ALLOWED_REGIONS; nothing else is traded.
        allowed_currencies: ALLOWED_CURRENCIES; nothing else is traded.
        seen_ms: least time between two sightings of an open route.
    """

    threshold_bps: Decimal
    max_age_ms: int
    max_skew_ms: int
    cushions: Cushions = NO_CUSHIONS
    max_cards: int = 10
    loss_rate: Decimal = Decimal(0)
    recovery_rate: Decimal = Decimal(0)
    allowed_regions: Collection[str] = field(default=("US",))
    allowed_currencies: Collection[str] = field(default=("USD",))
    seen_ms: int = DEFAULT_SEEN_MS

    def gated(self, *, region: str, currency: str) -> str:
        """Return why something of a region and a currency is not traded; empty if it is."""
        return gated_reason(
            region=region,
            currency=currency,
            allowed_regions=self.allowed_regions,
            allowed_currencies=self.allowed_currencies,
        )
