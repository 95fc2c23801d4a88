"""The parts of a fee schedule: named components, each a rate, marginal tiers or a fixed amount."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quant.money import InvalidAmount, as_amount

MAX_AMOUNT = Decimal(1_000_000_000)


class InvalidFeeSchedule(ValueError):
    """Terms that make no sense. `path` says where (`components[1].rate`), `reason` what is wrong."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class FeeKind(StrEnum):
    """How a component is computed."""

    RATE = "rate"
    TIERS = "tiers"
    FIXED = "fixed"


class FeeBase(StrEnum):
    """What a component is charged per: every article, or the order once."""

    ITEM = "item"
    ORDER = "order"


class Surcharge(StrEnum):
    """What the buyer pays beside the articles."""

    SHIPPING = "shipping"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Tier:
    """A marginal rate on the part of the base up to `up_to` (None: on all the rest)."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """Half-open or closed bounds between which a component applies; None is no bound."""

    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None

    def holds(self, amount: Decimal) -> bool:
        """Say whether an amount lies within all the bounds."""
        return (
            (self.above is None or amount > self.above)
            and (self.at_least is None or amount >= self.at_least)
            and (self.below is None or amount < self.below)
            and (self.at_most is None or amount <= self.at_most)
        )


@dataclass(frozen=True, slots=True)
class FeeComponent:
    """One named charge of a schedule.

    Args:
        name: as shown in a breakdown.
        kind: which of `rate`, `tiers`, `amount` counts; the other two stay empty.
        base: per article, or once per order.
        rate: fraction of the base, 0..1.
        tiers: marginal tiers with rising limits, the last one open.
        amount: a fixed amount per article or per order, >= 0.
        includes: what is added to the price(s) before the rate is taken. For ITEM the order's shipping or tax
            is spread over the articles by their price.
        minimum: the least that is charged (per article or order), where the component applies at all.
        cap: the most that is charged (per article or order).
        threshold: applies only if the article's price (ITEM) or the order's base (ORDER) lies within.

    Raises:
        InvalidFeeSchedule: if the parts contradict each other or a number is out of range.
    """

    name: str
    kind: FeeKind
    base: FeeBase = FeeBase.ITEM
    rate: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    amount: Decimal | None = None
    includes: frozenset[Surcharge] = frozenset()
    minimum: Decimal | None = None
    cap: Decimal | None = None
    threshold: Threshold | None = None

    def __post_init__(self) -> None:
        given = {FeeKind.RATE: self.rate is not None, FeeKind.TIERS: bool(self.tiers)}
        given[FeeKind.FIXED] = self.amount is not None
        if [kind for kind, is_given in given.items() if is_given] != [self.kind]:
            raise InvalidFeeSchedule(self.name, f"a {self.kind} component gives exactly its own figure")
        check_range(self.rate, f"{self.name}.rate", Decimal(1))
        for part in ("amount", "minimum", "cap"):
            check_range(getattr(self, part), f"{self.name}.{part}", MAX_AMOUNT)
        if self.minimum is not None and self.cap is not None and self.minimum > self.cap:
            raise InvalidFeeSchedule(f"{self.name}.minimum", "is above the cap")
        self._check_tiers()
        if self.threshold is not None:
            for bound in ("above", "at_least", "below", "at_most"):
                check_range(getattr(self.threshold, bound), f"{self.name}.threshold.{bound}", MAX_AMOUNT)

    def _check_tiers(self) -> None:
        limits = [tier.up_to for tier in self.tiers]
        previous = Decimal(0)
        for position, tier in enumerate(self.tiers):
            path = f"{self.name}.tiers[{position}]"
            check_range(tier.rate, f"{path}.rate", Decimal(1))
            check_range(tier.up_to, f"{path}.up_to", MAX_AMOUNT)
            if (tier.up_to is None) != (position == len(limits) - 1):
                raise InvalidFeeSchedule(path, "exactly the last tier is open (no up_to)")
            if tier.up_to is not None and tier.up_to <= previous:
                raise InvalidFeeSchedule(f"{path}.up_to", "limits must rise")
            previous = tier.up_to or previous


def check_range(value: Decimal | None, path: str, highest: Decimal) -> None:
    """Refuse a figure outside 0..highest, NaN included; None passes.

    Raises:
        InvalidFeeSchedule: naming `path`.
    """
    if value is None:
        return
    try:
        amount = as_amount(value)
    except InvalidAmount as error:
        raise InvalidFeeSchedule(path, error.reason) from None
    if not 0 <= amount <= highest:
        raise InvalidFeeSchedule(path, f"{amount} is not within 0 to {highest}")
