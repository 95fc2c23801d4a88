"""The valuation policy: what a single must fetch to count, and what a chance must show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

ALGORITHM_VERSION = "cards-2"
"""Changes whenever the same inputs would give another number."""

MIN_QUALITY = Decimal("0.5")
"""R002's `data_source_quality` that a price must have to be a leg; what is below is only shown."""


@dataclass(frozen=True, slots=True)
class AnalysisPolicy:
    """Everything a person may tune about finding sealed-to-singles chances.

    Args:
        name: part of the fingerprint, so that two policies keep separate opportunities.
        floors: per currency, the market price below which a single is not worth listing.
        other_floor: the same for currencies that `floors` does not name.
        bulk_value: what a copy below the floor fetches, in the source's currency.
        min_coverage: share of the expected copies that must have a price.
        min_line_share: a guaranteed line of at least this share of the value must have a price.
        min_margin: executable margin in percent that must be exceeded.
        max_price_age: older prices count as absent.
        min_quality: prices of a lower `data_source_quality` count as absent.
        items_per_order: singles per sale, over which postage and packing are spread.
        fixed_cost: added to the price of every sealed product (inbound shipping, handling).
        max_lifetime: an opportunity is judged again after this long at the latest.
        dismissed_for: how long a dismissed product is not offered again.
        grid_cents: resolution of the value distribution.
    """

    name: str = "default"
    floors: Mapping[str, Decimal] = field(default_factory=dict)
    other_floor: Decimal = Decimal(0)
    bulk_value: Decimal = Decimal(0)
    min_coverage: Decimal = Decimal("0.95")
    min_line_share: Decimal = Decimal("0.05")
    min_margin: Decimal = Decimal(0)
    max_price_age: timedelta = timedelta(hours=72)
    min_quality: Decimal = MIN_QUALITY
    items_per_order: int = 1
    fixed_cost: Decimal = Decimal(0)
    max_lifetime: timedelta = timedelta(hours=12)
    dismissed_for: timedelta = timedelta(days=7)
    grid_cents: int = 5

    def floor(self, currency: str) -> Decimal:
        """Return the floor in `currency`."""
        return self.floors.get(currency, self.other_floor)

    def as_data(self, currency: str) -> dict[str, Any]:
        """Return the figures a valuation in `currency` depends on, as JSON with decimal strings."""
        return {
            "name": self.name,
            "floor": str(self.floor(currency)),
            "bulk_value": str(self.bulk_value),
            "min_coverage": str(self.min_coverage),
            "min_line_share": str(self.min_line_share),
            "min_margin": str(self.min_margin),
            "min_quality": str(self.min_quality),
            "items_per_order": self.items_per_order,
            "fixed_cost": str(self.fixed_cost),
            "grid_cents": self.grid_cents,
        }


def default_policy() -> AnalysisPolicy:
    """Return the policy of the settings (`CARDS_*` and `PRICE_MAX_AGE_HOURS` in the environment)."""
    return AnalysisPolicy(
        floors=dict(settings.CARDS_SINGLE_FLOORS),
        min_coverage=settings.CARDS_MIN_COVERAGE,
        min_margin=settings.CARDS_MIN_MARGIN,
        max_price_age=timedelta(hours=settings.PRICE_MAX_AGE_HOURS),
        items_per_order=settings.CARDS_ITEMS_PER_ORDER,
        fixed_cost=settings.CARDS_FIXED_COST,
        max_lifetime=timedelta(hours=settings.CARDS_MAX_OPPORTUNITY_HOURS),
        dismissed_for=timedelta(days=settings.CARDS_DISMISSED_DAYS),
        grid_cents=settings.CARDS_GRID_CENTS,
    )
