"""What to set aside for units that turn out worthless: a gift card can be drained after we paid (MATHS 2)."""

from decimal import Decimal, localcontext

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount

from .net import NetSpread


def loss_reserve(spread: NetSpread, loss_rate: Decimal, recovery_rate: Decimal = Decimal(0)) -> Decimal:
    """Return what losses are expected to take from the profit, for the whole quantity, unrounded.

    A share `loss_rate` brings no proceeds but `recovery_rate` of what we paid, so that profit - reserve =
    quantity x ((1 - pi) proceeds - cost + pi x recovery - cushion) - fixed.

    Args:
        spread: the gap.
        loss_rate: pi, share of units that cannot be sold, from 0 to 1.
        recovery_rate: share of the cost that comes back for those, from 0 to 1.

    Raises:
        InvalidAmount: for rates outside 0 to 1.
    """
    for rate in (loss_rate, recovery_rate):
        if not 0 <= as_amount(rate, name="rate") <= 1:
            raise InvalidAmount(rate, "must be from 0 to 1")
    with localcontext(MONEY_CONTEXT):
        return spread.quantity * loss_rate * (spread.proceeds - recovery_rate * spread.cost)


def expected_profit(spread: NetSpread, loss_rate: Decimal, recovery_rate: Decimal = Decimal(0)) -> Decimal:
    """Return the profit less the reserve, unrounded; below 0 when losses eat the gap.

    Raises:
        InvalidAmount: as `loss_reserve`.
    """
    with localcontext(MONEY_CONTEXT):
        return spread.profit - loss_reserve(spread, loss_rate, recovery_rate)
