"""The terms of a venue: what selling there costs, in one currency, read from the JSON that staff edit."""

from dataclasses import dataclass
from decimal import Decimal

from quant.money import currency_exponent

from .components import MAX_AMOUNT, FeeComponent, FeeKind, check_range
from .reading import read_amount, read_components


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """What selling on a venue costs, in one currency.

    Args:
        currency: of every amount in it.
        components: the venue's charges; each is rounded half up to the currency's unit on its own.
        postage_per_order: what the seller pays beyond what the buyer pays for shipping.
        packing_per_order: sleeve, loader, envelope.
        version: of the data this was read from, kept beside every figure computed with it.

    Raises:
        InvalidFeeSchedule: for negative or non-finite amounts; UnknownCurrency for the currency.
    """

    currency: str
    components: tuple[FeeComponent, ...] = ()
    postage_per_order: Decimal = Decimal(0)
    packing_per_order: Decimal = Decimal(0)
    version: int = 1

    def __post_init__(self) -> None:
        currency_exponent(self.currency)
        for part in ("postage_per_order", "packing_per_order"):
            check_range(getattr(self, part), part, MAX_AMOUNT)

    @classmethod
    def from_data(
        cls,
        components: object,
        *,
        currency: str,
        postage_per_order: object = "0",
        packing_per_order: object = "0",
        version: int = 1,
    ) -> "FeeSchedule":
        """Build a schedule from the JSON that staff edit.

        `components` is a list of objects. Numbers are strings (or integers, or Decimals); JSON floats are
        refused, because 0.1025 as a float is not 0.1025. Keys:

        | key         | value                                                                               |
        |-------------|-------------------------------------------------------------------------------------|
        | `name`      | required text                                                                       |
        | `kind`      | required: `rate`, `tiers` or `fixed`                                                |
        | `base`      | `item` (default): per article; `order`: once per order                              |
        | `rate`      | for `rate`: fraction 0..1, "0.1025"                                                 |
        | `tiers`     | for `tiers`: `[{"up_to": "7500", "rate": "0.1325"}, {"rate": "0.0235"}]`, marginal  |
        | `amount`    | for `fixed`: "0.30"                                                                 |
        | `includes`  | list of `shipping`, `tax`; default: none for `item`, both for `order`               |
        | `min`,`cap` | bounds of the charge, per article or per order                                      |
        | `threshold` | object of `above`, `at_least`, `below`, `at_most`: the component applies only there |

        Example: eBay charges per order by two fixed components of base `order`: "0.30" with the threshold
        `{"at_most": "10.00"}` and "0.40" with the threshold `{"above": "10.00"}`.

        Raises:
            InvalidFeeSchedule: naming the place, for unknown kinds and keys, missing figures, floats, NaN,
                negative numbers, rates above 1 and tiers out of order.
            UnknownCurrency: for the currency.
        """
        return cls(
            currency=currency,
            components=read_components(components),
            postage_per_order=read_amount(postage_per_order, "postage_per_order"),
            packing_per_order=read_amount(packing_per_order, "packing_per_order"),
            version=version,
        )


def flat_rate(rate: Decimal, currency: str) -> FeeSchedule:
    """Make the schedule that takes one fraction of the price and nothing else.

    Raises:
        InvalidFeeSchedule: if the rate is not within 0..1.
    """
    component = FeeComponent(name="flat rate", kind=FeeKind.RATE, rate=rate)
    return FeeSchedule(currency=currency, components=(component,), version=0)
