"""What a played card is worth compared with a near mint one, where its own price was not seen."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from types import MappingProxyType

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

MULTIPLIERS: Mapping[str, Decimal] = MappingProxyType(
    {
        "near_mint": Decimal(1),
        "lightly_played": Decimal("0.85"),
        "moderately_played": Decimal("0.70"),
        "heavily_played": Decimal("0.50"),
        "damaged": Decimal("0.35"),
    }
)
"""Placeholders without a published source; staff confirm or replace them."""

NEAR_MINT_RATE = Decimal("0.97")
"""Share of freshly opened cards that are near mint; the rest is taken as lightly played."""


def condition_price(
    near_mint: Decimal,
    condition: str,
    *,
    observed: Decimal | None = None,
    multipliers: Mapping[str, Decimal] = MULTIPLIERS,
) -> Decimal:
    """Give the price of a card in a condition: its own if it was seen, else near mint times a multiplier.

    Returns:
        Unrounded.

    Raises:
        InvalidAmount: for a condition without a multiplier or a negative price.
    """
    price = near_mint if observed is None else observed
    if as_amount(price, name="price") < 0:
        raise InvalidAmount(price, "must not be negative")
    if observed is not None:
        return observed
    if condition not in multipliers:
        raise InvalidAmount(condition, f"is not one of {', '.join(multipliers)}")
    with localcontext(MONEY_CONTEXT):
        return near_mint * multipliers[condition]


def opened_price(near_mint: Decimal, *, near_mint_rate: Decimal = NEAR_MINT_RATE) -> Decimal:
    """Give the average price of a card pulled from a fresh pack, unrounded.

    Args:
        near_mint: price of a near mint copy.
        near_mint_rate: share of pulled cards that are near mint, 0..1; the others are lightly played.

    Raises:
        InvalidAmount: for a negative price or a rate outside 0..1.
    """
    rate = as_amount(near_mint_rate, name="near mint rate")
    if not 0 <= rate <= 1:
        raise InvalidAmount(rate, "must be within 0..1")
    with localcontext(MONEY_CONTEXT):
        return near_mint * rate + condition_price(near_mint, "lightly_played") * (1 - rate)
