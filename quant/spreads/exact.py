"""From the float of the hot path back to the venue's own text, on which decisions are made."""

from decimal import Decimal

from quant.money import InvalidAmount

from .net import NO_CUSHIONS, NO_TERMS, Cushions, NetSpread, VenueTerms, net_spread


def exact(value: float) -> Decimal:
    """Return the shortest decimal that reads as this float: the venue's text, for up to 15 digits.

    Raises:
        InvalidAmount: for NaN and infinities.
    """
    number = Decimal(repr(value))
    if not number.is_finite():
        raise InvalidAmount(value, "must be finite")
    return number


def recompute(
    ask: float,
    bid: float,
    buy: VenueTerms = NO_TERMS,
    sell: VenueTerms = NO_TERMS,
    cushions: Cushions = NO_CUSHIONS,
) -> NetSpread:
    """Work out one unit of a candidate of the hot path again, exactly, from gross prices.

    Raises:
        InvalidAmount: as `exact` and `net_spread`.
    """
    return net_spread(exact(ask), exact(bid), buy, sell, cushions)
