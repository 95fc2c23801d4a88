"""From value and cost to profit and margin: costs round up, what we claim rounds down (MATHS 1.4)."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount, quantize_money

_PERCENT_STEP = Decimal("0.01")


class CostNotPositive(ValueError):
    """A margin needs a cost above 0; without one there is no opportunity, least of all an infinite one."""

    def __init__(self, cost: Decimal) -> None:
        super().__init__(f"a cost of {cost} gives no margin")
        self.cost = cost


def total_cost(
    price: Decimal,
    *,
    currency: str,
    shipping: Decimal = Decimal(0),
    tax_rate: Decimal = Decimal(0),
    taxes_shipping: bool = False,
    buy_fees: Decimal = Decimal(0),
) -> Decimal:
    """Add up what buying one sealed product costs.

    Args:
        price: list price, >= 0.
        currency: of every amount here.
        shipping: inbound, >= 0.
        tax_rate: fraction added on top, rounded half up to the currency's unit; 0 if prices include it.
        taxes_shipping: whether the tax is taken on shipping too.
        buy_fees: what the venue charges the buyer.

    Returns:
        The total, rounded up to the currency's unit.

    Raises:
        InvalidAmount: for negative or non-finite figures.
    """
    for amount in (price, shipping, tax_rate, buy_fees):
        if as_amount(amount) < 0:
            raise InvalidAmount(amount, "must not be negative")
    with localcontext(MONEY_CONTEXT):
        taxed = price + shipping if taxes_shipping else price
        tax = quantize_money(taxed * tax_rate, currency, ROUND_HALF_UP)
        return quantize_money(price + shipping + tax + buy_fees, currency, ROUND_UP)


def margin_percentage(value: Decimal, *, cost: Decimal) -> Decimal:
    """Give (value - cost)/cost x 100, floored to two places; -100 is a total loss.

    Args:
        value: what selling brings, in the currency of the cost.
        cost: total cost, > 0.

    Raises:
        CostNotPositive: if the cost is 0 or less.
        InvalidAmount: for anything but finite Decimals.
    """
    proceeds, paid = as_amount(value, name="value"), as_amount(cost, name="cost")
    if paid <= 0:
        raise CostNotPositive(paid)
    with localcontext(MONEY_CONTEXT):
        return ((proceeds - paid) * 100 / paid).quantize(_PERCENT_STEP, rounding=ROUND_FLOOR)
