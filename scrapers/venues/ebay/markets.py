"""eBay's marketplaces: the currency each prices in, and the country shipping is quoted to."""

from dataclasses import dataclass
from typing import Final

from scrapers.errors import SourceNotReady


@dataclass(frozen=True, slots=True)
class Market:
    """One marketplace, by the name the API knows it by.

    Args:
        code: such as `EBAY_US`.
        currency: ISO 4217 code its listings are priced (or converted) in.
        country: ISO 3166 code shipping costs are asked for.
        decimal_mark: of its pages.
    """

    code: str
    currency: str
    country: str
    decimal_mark: str


MARKETS: Final = {
    market.code: market
    for market in (
        Market("EBAY_US", "USD", "US", "."),
        Market("EBAY_GB", "GBP", "GB", "."),
        Market("EBAY_CA", "CAD", "CA", "."),
        Market("EBAY_AU", "AUD", "AU", "."),
        Market("EBAY_IE", "EUR", "IE", "."),
        Market("EBAY_DE", "EUR", "DE", ","),
        Market("EBAY_AT", "EUR", "AT", ","),
        Market("EBAY_FR", "EUR", "FR", ","),
        Market("EBAY_IT", "EUR", "IT", ","),
        Market("EBAY_ES", "EUR", "ES", ","),
        Market("EBAY_NL", "EUR", "NL", ","),
        Market("EBAY_CH", "CHF", "CH", "."),
    )
}


def find_market(code: str) -> Market:
    """Return a marketplace by its code.

    Raises:
        SourceNotReady: naming the marketplaces there are.
    """
    try:
        return MARKETS[code]
    except KeyError:
        known = ", ".join(MARKETS)
        raise SourceNotReady(detail=f"EBAY_MARKETPLACE: {code!r} is none of {known}.") from None
