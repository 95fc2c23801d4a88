"""The calculator: one opportunity under other assumptions, from the prices it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from catalog.selectors import contents_graph
from opportunities.detection.assessment import cents_amount, chance_above, drawing, percentile_amounts
from opportunities.errors import RecomputationImpossible
from opportunities.models import Opportunity
from opportunities.policy import AnalysisPolicy
from quant.fees import FeeSchedule, flat_rate
from quant.margin import margin_percentage, total_cost
from quant.money import InvalidAmount
from quant.sealed.contents import Contents
from quant.sealed.distribution import Distribution, value_distribution
from quant.sealed.sale_terms import under_sale_terms
from quant.sealed.valuation import Valuation, value_contents

from .inputs import contents_fingerprint
from .recomputation import stored_policy

MAX_QUANTITY: Final = 1_000
_RATE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a person may change about a calculation; None keeps what the opportunity was made with.

    Args:
        quantity: products bought, opened and sold.
        sealed_price: of one product.
        shipping_cost: inbound, of one product.
        fixed_cost: added to every product's price.
        tax_rate: fraction on top of the price.
        fee_rate: one fraction of each sale instead of the venue's fees, postage and packing.
        floor: market price below which a card goes for the bulk value.
        sell_through: share of the copies worth selling that find a buyer.
        bulk_discount: share taken off everything that is sold.
    """

    quantity: int = 1
    sealed_price: Decimal | None = None
    shipping_cost: Decimal | None = None
    fixed_cost: Decimal | None = None
    tax_rate: Decimal | None = None
    fee_rate: Decimal | None = None
    floor: Decimal | None = None
    sell_through: Decimal | None = None
    bulk_discount: Decimal | None = None

    def changed(self) -> list[str]:
        """Return the names of what differs from the opportunity's own assumptions."""
        return [
            field.name
            for field in fields(self)
            if getattr(self, field.name) is not None and (field.name != "quantity" or self.quantity != 1)
        ]


@dataclass(frozen=True, slots=True)
class Calculation:
    """One calculation. Amounts are for the whole quantity, in the opportunity's currency, after all costs.

    Args:
        opportunity: whose prices and contents were used.
        contents: of one product.
        valuation: of one product under the assumptions.
        assumptions: every one as used; `fee_rate` is what fees and postage took on average of what is sold.
        total_cost: of all products.
        gross_value: of all cards at market prices.
        net_value: what they bring.
        net_profit: the difference to the cost.
        margin_percentage: of the cost, rounded down.
        spread: distribution of the net value of the whole quantity.
        probability_of_profit: chance that it exceeds the cost.
    """

    opportunity: Opportunity
    contents: Contents
    valuation: Valuation
    assumptions: Mapping[str, Decimal | int]
    total_cost: Decimal
    gross_value: Decimal
    net_value: Decimal
    net_profit: Decimal
    margin_percentage: Decimal
    spread: Distribution
    probability_of_profit: Decimal

    @property
    def copy_cents(self) -> dict[Any, int]:
        """What one copy of each card brings, in cents."""
        return _copy_cents(self.valuation)

    def result(self) -> dict[str, Any]:
        """Return the figures as JSON with decimal strings, without a simulation."""
        return {
            "quantity": self.assumptions["quantity"],
            "currency": self.opportunity.currency,
            "total_cost": str(self.total_cost),
            "gross_value": str(self.gross_value),
            "net_value": str(self.net_value),
            "net_profit": str(self.net_profit),
            "margin_percentage": str(self.margin_percentage),
            "probability_of_profit": str(self.probability_of_profit),
            "standard_deviation": str(cents_amount(self.spread.standard_deviation)),
            "percentiles": percentile_amounts(self.spread),
            "points": [
                {"value": value, "probability": probability}
                for value, probability in drawing(self.spread)["points"]
            ],
            "lines_counted": self.valuation.lines_counted,
        }

    def delta(self) -> dict[str, str | None]:
        """Return the difference to the stored profit of as many products, margin and chance."""
        row = self.opportunity
        chance = row.probability_of_profit
        return {
            "net_profit": str(self.net_profit - row.net_profit * self.assumptions["quantity"]),
            "margin_percentage": str(self.margin_percentage - row.margin_percentage),
            "probability_of_profit": None if chance is None else str(self.probability_of_profit - chance),
        }


def calculate(row: Opportunity, assumptions: Assumptions) -> Calculation:
    """Compute an opportunity's figures from its own inputs under other assumptions.

    Without changes the result is what is stored, to the last digit.

    Args:
        row: with its product and fee schedule loaded, and its inputs.
        assumptions: what to change.

    Raises:
        RecomputationImpossible: if contents or fees changed since it was made.
        InvalidAmount: for figures that make no sense, such as a cost of 0.
    """
    inputs = row.inputs
    policy = stored_policy(inputs, row.currency)
    contents = _contents(row)
    used = _effective(row, policy, assumptions)
    plain = _valued(row, contents, policy, used, assumptions)
    valuation = under_sale_terms(
        plain,
        contents,
        currency=row.currency,
        sell_through=used["sell_through"],
        bulk_discount=used["bulk_discount"],
        bulk_value=policy.bulk_value,
    )
    quantity = assumptions.quantity
    cost = quantity * total_cost(
        used["sealed_price"],
        currency=row.currency,
        shipping=used["shipping_cost"],
        tax_rate=used["tax_rate"],
        buy_fees=used["fixed_cost"],
    )
    if cost <= 0:
        raise InvalidAmount(cost, "the products must cost something")
    value = quantity * valuation.executable_value
    several = contents if quantity == 1 else Contents(nested=((contents, quantity),))
    spread = value_distribution(several, cents=_copy_cents(valuation), grid_cents=policy.grid_cents)
    return Calculation(
        opportunity=row,
        contents=contents,
        valuation=valuation,
        assumptions={"quantity": quantity, **used, "fee_rate": _fee_rate(plain, assumptions)},
        total_cost=cost,
        gross_value=quantity * valuation.expected_value,
        net_value=value,
        net_profit=value - cost,
        margin_percentage=margin_percentage(value, cost=cost),
        spread=spread,
        probability_of_profit=chance_above(spread, cost),
    )


def _contents(row: Opportunity) -> Contents:
    product_id = UUID(str(row.sealed_product_id))
    contents = contents_graph([product_id])[product_id]
    if contents_fingerprint(contents) != row.inputs["contents"]["fingerprint"]:
        raise RecomputationImpossible(
            detail="What is inside was corrected since; the next analysis computes it again.",
            details={"contents": row.inputs["contents"]},
        )
    return contents


def _effective(row: Opportunity, policy: AnalysisPolicy, given: Assumptions) -> dict[str, Decimal]:
    """Return every assumption but the fee rate as it is used."""
    shipping = row.inputs["sealed"]["shipping_cost"]
    own = {
        "sealed_price": row.sealed_price,
        "shipping_cost": Decimal(shipping or 0),
        "fixed_cost": policy.fixed_cost,
        "tax_rate": Decimal(0),
        "floor": policy.floor(row.currency),
        "sell_through": Decimal(1),
        "bulk_discount": Decimal(0),
    }
    return {
        name: value if getattr(given, name) is None else getattr(given, name) for name, value in own.items()
    }


def _valued(
    row: Opportunity,
    contents: Contents,
    policy: AnalysisPolicy,
    used: Mapping[str, Decimal],
    given: Assumptions,
) -> Valuation:
    singles = row.inputs["singles"]
    key, finish, price = (singles["columns"].index(name) for name in ("product_key", "finish", "price"))
    prices = {
        (line[key], line[finish]): Decimal(line[price])
        for line in singles["lines"]
        if line[price] is not None
    }
    return value_contents(
        contents,
        prices=prices,
        fees=_fees(row) if given.fee_rate is None else flat_rate(given.fee_rate, row.currency),
        floor=used["floor"],
        bulk_value=policy.bulk_value,
        items_per_order=policy.items_per_order,
    )


def _fees(row: Opportunity) -> FeeSchedule | None:
    stored, schedule = row.inputs["fees"], row.fee_schedule
    if stored is None or schedule is None:
        return None
    if schedule.version != stored["version"]:
        raise RecomputationImpossible(
            detail="The fees were corrected since; the next analysis computes it again.",
            details={"fee_schedule": stored},
        )
    return schedule.terms()


def _fee_rate(valuation: Valuation, given: Assumptions) -> Decimal:
    """Return which share of what is sold one by one goes to fees and postage, to four places."""
    if given.fee_rate is not None:
        return given.fee_rate
    gross = sum((line.gross_value for line in valuation.lines if line.counted), Decimal(0))
    net = sum((line.net_value for line in valuation.lines if line.counted), Decimal(0))
    return ((gross - net) / gross).quantize(_RATE) if gross else Decimal(0)


def _copy_cents(valuation: Valuation) -> dict[Any, int]:
    return {line.card: int(line.copy_value * 100) for line in valuation.lines if line.copy_value > 0}
