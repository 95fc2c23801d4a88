"""What the engine compares by: venues with their taker fees, thresholds and ages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, cast

from quant.spreads.net import VenueTerms

_BPS: Final = Decimal(10_000)
NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Venue:
    """One exchange as the engine sees it.

    Args:
        index: its place in every book.
        code: code of the venue, as in messages.
        terms: its taker fee.
        buy_factor: exact cost of a unit per unit of its ask.
        sell_factor: exact proceeds of a unit per unit of its bid.
        ask_factor: `buy_factor` as a float.
        bid_factor: `sell_factor` as a float.
    """

    index: int
    code: str
    terms: VenueTerms
    buy_factor: Decimal
    sell_factor: Decimal
    ask_factor: float
    bid_factor: float


@dataclass(frozen=True, slots=True)
class EngineTerms:
    """Everything that the engine's decisions depend on besides the quotes.

    Args:
        venues: in the order of their index.
        threshold_pct: R001's, on the gross percent, strict.
        max_age_ms: age from which a quote is no longer compared (inclusive: exactly this age still is).
        max_skew_ms: how far a time of receipt may lie ahead of our clock.
        haircut_bps: taken from every converted leg.
        assumes_peg: USD and USDT count as one, and what follows from it is tagged `basis_risk`.
        finds_triangles: also look for cycles of three pairs at one venue.
    """

    venues: tuple[Venue, ...]
    threshold_pct: Decimal = Decimal("0.5")
    max_age_ms: int = 5_000
    max_skew_ms: int = 2_000
    haircut_bps: Decimal = Decimal(5)
    assumes_peg: bool = False
    finds_triangles: bool = False
    by_code: Mapping[str, Venue] = field(default_factory=dict)

    @property
    def threshold_bps(self) -> Decimal:
        """The threshold in basis points, as sightings tell it."""
        return self.threshold_pct * 100


def engine_terms(fees_bps: Mapping[str, Decimal], **options: Any) -> EngineTerms:
    """Return the terms for exchanges with these taker fees.

    Args:
        fees_bps: code of the exchange -> taker fee in basis points, negative for a rebate.
        options: the other fields of `EngineTerms`.

    Raises:
        InvalidAmount: for a fee that leaves nothing of a sale.
    """
    venues = tuple(_venue(index, code, fee) for index, (code, fee) in enumerate(fees_bps.items()))
    return EngineTerms(venues=venues, by_code={venue.code: venue for venue in venues}, **options)


def _venue(index: int, code: str, fee_bps: Decimal) -> Venue:
    terms = VenueTerms(fee_bps=fee_bps)
    buy, sell = terms.buy_factor, terms.sell_factor
    return Venue(index, code, terms, buy, sell, float(buy), float(sell))


def terms_from_settings() -> EngineTerms:
    """Return the terms of this installation (`arbsite/settings/live.py`)."""
    from django.conf import settings

    return engine_terms(
        {
            code: cast("Decimal", options["taker_fee_bps"])
            for code, options in settings.CRYPTO_EXCHANGES.items()
        },
        threshold_pct=settings.SPREAD_THRESHOLD_PCT,
        max_age_ms=settings.TICK_MAX_AGE_MS,
        max_skew_ms=settings.MAX_QUOTE_SKEW_MS,
        haircut_bps=settings.PEG_HAIRCUT_BPS,
        assumes_peg=settings.ASSUME_PEG,
        finds_triangles=settings.CRYPTO_TRIANGLES,
    )
