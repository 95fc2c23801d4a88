"""One row of a price list, and what its cost is for."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from .options import CostIsFor

AGREEMENT: Final = Decimal("0.02")  # a case may cost this share less or more than its boxes
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one box and one case cost, as far as that is certain.

    `doubt` says why it is not; then `unit` is the amount somebody has to decide about.
    """

    unit: Decimal | None
    case: Decimal | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class PriceListRow:
    """One article of a distributor. Amounts are in `currency`; see `pricing.models.DistributorOffer`."""

    number: int
    sku: str
    gtin: str
    name: str
    set_name: str
    category: str
    product_type: str
    case_quantity: int | None
    cost: Cost
    msrp: Decimal | None
    currency: str
    minimum_quantity: int | None
    available_quantity: int | None
    is_quantity_open: bool
    released_on: date | None
    order_cutoff: date | None
    status: str


def settle_cost(
    *,
    unit: Decimal | None,
    case: Decimal | None,
    plain: Decimal | None,
    case_quantity: int | None,
    plain_is_for: CostIsFor,
) -> Cost:
    """Say what one box costs, or why that is not certain: the costly mistake is a case bought as a box.

    Args:
        unit: stated per box.
        case: stated per case.
        plain: stated without saying what for.
        case_quantity: boxes in a case.
        plain_is_for: what a person says `plain` is for.

    Returns:
        Costs, per box rounded up to the cent: what is paid is not understated.
    """
    if plain is not None and unit is None and case is None:
        if plain_is_for == CostIsFor.UNIT or case_quantity == 1:
            unit = plain
        elif plain_is_for == CostIsFor.CASE:
            case = plain
        else:
            return Cost(plain, None, "the list does not say whether the cost is per box or per case")
    if unit is not None and case is not None and case_quantity:
        boxes = unit * case_quantity
        if abs(boxes - case) > AGREEMENT * boxes:
            return Cost(unit, case, f"{case_quantity} boxes cost {boxes}, but the case {case}")
    if unit is not None and case is not None and not case_quantity and case <= unit:
        return Cost(unit, case, "a case costs no more than one box")
    if unit is None and case is not None:
        if not case_quantity:
            return Cost(case, case, "the cost is per case and the number of boxes is not stated")
        unit = _rounded_up(case / case_quantity)
    return Cost(unit, case)


def _rounded_up(amount: Decimal) -> Decimal:
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return rounded if rounded >= amount else rounded + CENT
