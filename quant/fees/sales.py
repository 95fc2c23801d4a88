"""From a price to what is left of it: fees of an order, and the net proceeds of one copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount, quantize_money

from .components import FeeBase, FeeComponent, FeeKind, Surcharge, Tier
from .schedule import FeeSchedule


@dataclass(frozen=True, slots=True)
class Order:
    """What one buyer pays at one checkout.

    Args:
        items: price of every article, at least one, each >= 0.
        shipping: paid by the buyer, >= 0.
        tax: paid by the buyer, >= 0.

    Raises:
        InvalidAmount: for an empty order, negative or non-finite amounts.
    """

    items: tuple[Decimal, ...]
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.items:
            raise InvalidAmount(self.items, "an order has at least one article")
        for amount in (*self.items, self.shipping, self.tax):
            if as_amount(amount) < 0:
                raise InvalidAmount(amount, "must not be negative")


@dataclass(frozen=True, slots=True)
class FeeCharge:
    """What one component takes from an order, rounded half up."""

    name: str
    amount: Decimal


def order_fees(order: Order, schedule: FeeSchedule) -> tuple[FeeCharge, ...]:
    """Break the fees of an order down by component, in the schedule's order.

    Each component is summed over the articles unrounded and then rounded half up to the currency's unit, as
    venues print it. Components that do not apply are listed with 0.
    """
    with localcontext(MONEY_CONTEXT):
        charges = [(component, _charge(component, order)) for component in schedule.components]
    return tuple(
        FeeCharge(component.name, quantize_money(amount, schedule.currency, ROUND_HALF_UP))
        for component, amount in charges
    )


def sale_fees(
    price: Decimal, schedule: FeeSchedule, *, shipping: Decimal = Decimal(0), tax: Decimal = Decimal(0)
) -> Decimal:
    """Sum the venue's fees on an order of one article; postage and packing are not fees.

    Args:
        price: of the article, in the schedule's currency, >= 0.
        schedule: the venue's terms.
        shipping: paid by the buyer.
        tax: paid by the buyer.

    Raises:
        InvalidAmount: for a negative or non-finite amount.
    """
    charges = order_fees(Order(items=(price,), shipping=shipping, tax=tax), schedule)
    return sum((charge.amount for charge in charges), Decimal(0))


def net_proceeds(price: Decimal, *, schedule: FeeSchedule, items_per_order: int = 1) -> Decimal:
    """Say what one copy brings after fees, postage and packing; it may be negative.

    Args:
        price: of one copy, in the schedule's currency, >= 0.
        schedule: the venue's terms.
        items_per_order: how many such copies a buyer takes at once, which spreads what is charged per order.
            More than 1 is optimistic.

    Returns:
        The share of one copy, rounded down to the currency's unit.

    Raises:
        InvalidAmount: for a bad price or `items_per_order` < 1.
    """
    if items_per_order < 1:
        raise InvalidAmount(items_per_order, "items_per_order must be at least 1")
    order = Order(items=(price,) * items_per_order)
    fees = sum((charge.amount for charge in order_fees(order, schedule)), Decimal(0))
    with localcontext(MONEY_CONTEXT):
        own_costs = schedule.postage_per_order + schedule.packing_per_order
        left = (price * items_per_order - fees - own_costs) / items_per_order
    return quantize_money(left, schedule.currency, ROUND_FLOOR)


def _charge(component: FeeComponent, order: Order) -> Decimal:
    if component.base is FeeBase.ORDER:
        total = sum(order.items, Decimal(0)) + _surcharges(component, order)
        return _bounded(component, basis=total, judged=total)
    return sum(
        (_bounded(component, basis=basis, judged=price) for price, basis in _item_bases(component, order)),
        Decimal(0),
    )


def _item_bases(component: FeeComponent, order: Order) -> list[tuple[Decimal, Decimal]]:
    surcharges = _surcharges(component, order)
    total = sum(order.items, Decimal(0))
    if not surcharges:
        return [(price, price) for price in order.items]
    if not total:
        return [(price, surcharges / len(order.items)) for price in order.items]
    return [(price, price + surcharges * price / total) for price in order.items]


def _surcharges(component: FeeComponent, order: Order) -> Decimal:
    shipping = order.shipping if Surcharge.SHIPPING in component.includes else Decimal(0)
    tax = order.tax if Surcharge.TAX in component.includes else Decimal(0)
    return shipping + tax


def _bounded(component: FeeComponent, *, basis: Decimal, judged: Decimal) -> Decimal:
    if component.threshold is not None and not component.threshold.holds(judged):
        return Decimal(0)
    amount = _unbounded(component, basis)
    if component.minimum is not None:
        amount = max(amount, component.minimum)
    if component.cap is not None:
        amount = min(amount, component.cap)
    return amount


def _unbounded(component: FeeComponent, basis: Decimal) -> Decimal:
    if component.kind is FeeKind.RATE and component.rate is not None:
        return basis * component.rate
    if component.kind is FeeKind.FIXED and component.amount is not None:
        return component.amount
    return _tiered(component.tiers, basis)


def _tiered(tiers: Sequence[Tier], basis: Decimal) -> Decimal:
    total = Decimal(0)
    lower = Decimal(0)
    for tier in tiers:
        upper = basis if tier.up_to is None else min(basis, tier.up_to)
        if upper <= lower:
            break
        total += (upper - lower) * tier.rate
        lower = upper
    return total
