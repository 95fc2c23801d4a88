"""What is left of a valuation when not every copy finds a buyer, or all go at a discount."""

from dataclasses import replace
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from quant.money import InvalidAmount, as_amount, quantize_money

from .contents import Contents, expected_copies
from .valuation import Valuation, ValuedLine

_LINE = Decimal("0.0001")


def under_sale_terms(
    valuation: Valuation,
    contents: Contents,
    *,
    currency: str,
    sell_through: Decimal = Decimal(1),
    bulk_discount: Decimal = Decimal(0),
    bulk_value: Decimal = Decimal(0),
) -> Valuation:
    """Lower what each copy brings: a share is sold, the rest goes for the bulk value, all at a discount.

    A copy brings (sell_through x net proceeds + (1 - sell_through) x bulk value) x (1 - bulk_discount),
    rounded down to the currency's unit. Which cards are counted does not change.

    Args:
        valuation: of one product.
        contents: it was made from.
        currency: of its amounts.
        sell_through: share of the copies sold one by one that find a buyer, 0..1.
        bulk_discount: share that is taken off everything, 0..1.
        bulk_value: what a copy without a buyer brings.

    Returns:
        The same valuation where nothing is lowered, else one with other copy and net values.

    Raises:
        InvalidAmount: for a share outside 0..1.
    """
    for share in (sell_through, bulk_discount):
        if not 0 <= as_amount(share) <= 1:
            raise InvalidAmount(share, "must be within 0 to 1")
    if sell_through == 1 and bulk_discount == 0:
        return valuation
    copies = expected_copies(contents)
    lines = []
    total = Fraction(0)
    for line in valuation.lines:
        brings = line.copy_value
        if line.counted:
            brings = sell_through * brings + (1 - sell_through) * min(bulk_value, brings)
        worth = quantize_money(brings * (1 - bulk_discount), currency, ROUND_FLOOR)
        exact = copies[line.card] * Fraction(worth)
        total += exact
        lines.append(_line(line, worth, exact))
    net = Decimal(int(total * 10_000)) / 10_000
    return replace(valuation, lines=tuple(lines), executable_value=quantize_money(net, currency, ROUND_FLOOR))


def _line(line: ValuedLine, worth: Decimal, exact: Fraction) -> ValuedLine:
    net = (Decimal(round(exact * 10**6)) / 10**6).quantize(_LINE, rounding=ROUND_HALF_EVEN)
    return replace(line, copy_value=worth, net_value=net)
