"""What a caller of `manage.py value` may assume instead of the policy and the venue's terms."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from opportunities.errors import ValueOptionRefused
from pricing.choices import PriceType

MARKET: Final = "market"


@dataclass(frozen=True, slots=True)
class ValueOptions:
    """Assumptions of one valuation; None keeps what the policy and the venue say.

    Args:
        source: code of a price source; None takes the first that has a price of the product.
        price_type: statistic for singles and cost; `market` is the source's own market statistic.
        floor: singles below this price are dropped from every figure.
        fee_rate: one flat rate on the singles instead of the venue's fee schedule, 0..1.
        fixed_cost: added to the cost of the sealed product.
    """

    source: str | None = None
    price_type: str | None = None
    floor: Decimal | None = None
    fee_rate: Decimal | None = None
    fixed_cost: Decimal | None = None

    def __post_init__(self) -> None:
        if self.price_type is not None and self.price_type not in PriceType.values:
            raise ValueOptionRefused(detail=f"Unknown price type {self.price_type!r}.")
        limits = {
            "floor": (self.floor, 10**6),
            "fee rate": (self.fee_rate, 1),
            "fixed cost": (self.fixed_cost, 10**6),
        }
        for name, (value, most) in limits.items():
            if value is not None and not (value.is_finite() and 0 <= value <= most):
                raise ValueOptionRefused(detail=f"The {name} must be a number from 0 to {most}, not {value}.")


def kept_price(price: Decimal | None, options: ValueOptions) -> Decimal | None:
    """Return a price unless the caller's floor drops it."""
    if price is None or (options.floor is not None and price < options.floor):
        return None
    return price
