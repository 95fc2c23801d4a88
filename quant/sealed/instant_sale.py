"""What a product's cards bring at once: sold to a store's buylist, which takes so many copies and no more.

MATHS 1.6: a bid has a depth, and the value is concave in the copies, so what counts is the mean of
min(copies, wanted) over how many are pulled, not the mean of the copies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount, currency_exponent

from .contents import CardKey, Contents, guaranteed_copies
from .copies import copy_chances, expected_least

_STEP = Decimal("0.0000000001")  # of expected copies; what is below it is rounding of probabilities
_SLACK = Decimal("0.0000000000005")  # so that 2.9999999999999996 copies are 3


@dataclass(frozen=True, slots=True)
class Bid:
    """What a store pays for a card, in cash.

    Args:
        price: per copy, >= 0.
        wanted: copies it takes; None, not known, counts as none.
    """

    price: Decimal
    wanted: int | None


@dataclass(frozen=True, slots=True)
class InstantSale:
    """The worth of selling ONE product's cards at once.

    Args:
        value: after postage, rounded down, never below 0: nobody has to sell.
        lines_counted: cards of which at least a part of a copy is expected to be taken.
        copies: expected copies taken, to ten places.
    """

    value: Decimal
    lines_counted: int
    copies: Decimal


def instant_sale(
    contents: Contents, *, bids: Mapping[CardKey, Bid], currency: str, postage: Decimal = Decimal(0)
) -> InstantSale:
    """Value selling a product's cards to one store at once. Nothing but postage is taken off.

    Args:
        contents: of the product; unresolved parts bring nothing.
        bids: by card; cards without one bring nothing.
        currency: of every amount.
        postage: of the one parcel.

    Raises:
        InvalidAmount: for a price or postage below 0, or copies below 0.
        UnknownCurrency: for the currency.
    """
    places = currency_exponent(currency)
    if as_amount(postage, name="postage") < 0:
        raise InvalidAmount(postage, "postage must not be negative")
    taken = expected_taken(contents, {card: _checked(bid).wanted or 0 for card, bid in bids.items()})
    with localcontext(MONEY_CONTEXT):
        total = sum((bids[card].price * copies for card, copies in taken.items()), Decimal(0))
        value = max(total - postage, Decimal(0)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)
    paid = [copies for card, copies in taken.items() if bids[card].price > 0]
    return InstantSale(value, len(paid), sum(paid, Decimal(0)))


def expected_taken(contents: Contents, wanted: Mapping[CardKey, int]) -> dict[CardKey, Decimal]:
    """Give the mean of min(copies inside, copies wanted) by card, rounded down to ten places.

    Cards of which nothing is wanted or nothing is inside are absent.
    """
    limits = {card: limit for card, limit in wanted.items() if limit > 0}
    certain = guaranteed_copies(contents)
    taken = {}
    for card, chances in copy_chances(contents, limits=limits).items():
        copies = Decimal(repr(expected_least(chances, limits[card]))) + _SLACK
        at_least = Decimal(min(certain.get(card, 0), limits[card]))
        rounded = max(copies.quantize(_STEP, rounding=ROUND_FLOOR), at_least)
        if rounded > 0:
            taken[card] = min(rounded, Decimal(limits[card]))
    return taken


def _checked(bid: Bid) -> Bid:
    if as_amount(bid.price, name="bid") < 0 or (bid.wanted or 0) < 0:
        raise InvalidAmount((bid.price, bid.wanted), "a bid's price and copies must not be negative")
    return bid
