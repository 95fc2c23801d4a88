"""How many copies a market takes, and what a falling ladder of sales brings (MATHS 1.6)."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

MARKET_SHARE = Decimal("0.25")
HORIZON_DAYS = 14
UNDERCUT = Decimal("0.02")
_STEP = Decimal("0.0001")


def sellable_copies(daily_units: Decimal, *, days: int = HORIZON_DAYS, share: Decimal = MARKET_SHARE) -> int:
    """Say how many copies can be sold within some days: floor(share x daily units x days).

    Args:
        daily_units: sold per day by everyone, >= 0.
        days: horizon, >= 0.
        share: of the market that we can take, 0..1.

    Raises:
        InvalidAmount: for figures out of range.
    """
    units, part = as_amount(daily_units, name="daily units"), as_amount(share, name="share")
    if units < 0 or days < 0 or not 0 <= part <= 1:
        raise InvalidAmount((daily_units, days, share), "units and days must be >= 0, the share within 0..1")
    with localcontext(MONEY_CONTEXT):
        return int((part * units * days).to_integral_value(ROUND_FLOOR))


def ladder_value(
    copies: int,
    *,
    net_price: Decimal,
    sellable: int,
    buylist_price: Decimal = Decimal(0),
    undercut: Decimal = UNDERCUT,
) -> Decimal:
    """Give what some copies bring when each one undercuts the one before and the rest goes to the buylist.

    The i-th copy sells at net price x (1 - u)^(i-1), for at most `sellable` copies and only while that is not
    below the buylist.

    Args:
        copies: to sell, >= 0.
        net_price: of the first copy, after fees, >= 0.
        sellable: copies the market takes within the horizon, >= 0.
        buylist_price: for each of the rest, >= 0.
        undercut: u, 0..1.

    Returns:
        The sum, unrounded.

    Raises:
        InvalidAmount: for figures out of range.
    """
    price, rest = as_amount(net_price, name="net price"), as_amount(buylist_price, name="buylist price")
    if (
        min(copies, sellable) < 0
        or min(price, rest) < 0
        or not 0 <= as_amount(undercut, name="undercut") <= 1
    ):
        raise InvalidAmount(
            (copies, net_price, sellable, buylist_price, undercut), "a figure is out of range"
        )
    total = Decimal(0)
    sold = 0
    with localcontext(MONEY_CONTEXT):
        while sold < min(copies, sellable) and price > rest:
            total += price
            price *= 1 - undercut
            sold += 1
        return total + rest * (copies - sold)


def expected_ladder_value(
    chances: Mapping[int, Fraction],
    *,
    net_price: Decimal,
    sellable: int,
    buylist_price: Decimal = Decimal(0),
    undercut: Decimal = UNDERCUT,
) -> Decimal:
    """Average `ladder_value` over how many copies are pulled.

    The value is concave in the copies, so the value of the average number of copies overstates it.

    Args:
        chances: probability by number of copies, summing to 1.
        net_price: of the first copy, after fees.
        sellable: copies the market takes.
        buylist_price: for each of the rest.
        undercut: price step from copy to copy.

    Returns:
        Rounded down to four places.
    """
    total = Fraction(0)
    for copies, chance in chances.items():
        value = ladder_value(
            copies, net_price=net_price, sellable=sellable, buylist_price=buylist_price, undercut=undercut
        )
        total += chance * Fraction(value)
    with localcontext(MONEY_CONTEXT):
        return (Decimal(total.numerator) / total.denominator).quantize(_STEP, rounding=ROUND_FLOOR)


def binomial_chances(trials: int, probability: Fraction) -> dict[int, Fraction]:
    """Give the exact chances of 0..trials copies in independent trials.

    Raises:
        ValueError: for negative trials or a probability outside 0..1.
    """
    if trials < 0 or not 0 <= probability <= 1:
        raise ValueError(f"{trials} trials with probability {probability}")
    chances = {0: Fraction(1)}
    for _ in range(trials):
        following: dict[int, Fraction] = {}
        for copies, chance in chances.items():
            following[copies] = following.get(copies, Fraction(0)) + chance * (1 - probability)
            following[copies + 1] = following.get(copies + 1, Fraction(0)) + chance * probability
        chances = following
    return chances
