"""Amazon's marketplaces: what each is called, prices in, and how it writes numbers."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from scrapers.errors import RequestRejected, SourceNotReady

SHOWN_FOR: Final = timedelta(hours=24)
"""Associates may not show prices older than this: whoever stores them lets them expire."""

_ASIN: Final = re.compile(r"[A-Z0-9]{10}")


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One of Amazon's sites, by its host name as the API wants it."""

    name: str
    currency: str
    decimal_mark: str


MARKETPLACES: Final = {
    marketplace.name: marketplace
    for marketplace in (
        Marketplace("www.amazon.com", "USD", "."),
        Marketplace("www.amazon.ca", "CAD", "."),
        Marketplace("www.amazon.com.mx", "MXN", "."),
        Marketplace("www.amazon.co.uk", "GBP", "."),
        Marketplace("www.amazon.ie", "EUR", "."),
        Marketplace("www.amazon.de", "EUR", ","),
        Marketplace("www.amazon.fr", "EUR", ","),
        Marketplace("www.amazon.it", "EUR", ","),
        Marketplace("www.amazon.es", "EUR", ","),
        Marketplace("www.amazon.nl", "EUR", ","),
        Marketplace("www.amazon.com.be", "EUR", ","),
        Marketplace("www.amazon.se", "SEK", ","),
        Marketplace("www.amazon.pl", "PLN", ","),
        Marketplace("www.amazon.co.jp", "JPY", "."),
        Marketplace("www.amazon.com.au", "AUD", "."),
        Marketplace("www.amazon.sg", "SGD", "."),
    )
}


def find_marketplace(name: str) -> Marketplace:
    """Return a marketplace by its host name.

    Raises:
        SourceNotReady: naming the marketplaces there are.
    """
    try:
        return MARKETPLACES[name]
    except KeyError:
        known = ", ".join(MARKETPLACES)
        raise SourceNotReady(detail=f"AMAZON_MARKETPLACE: {name!r} is none of {known}.") from None


def check_asin(text: str) -> str:
    """Return an ASIN as it is.

    Raises:
        RequestRejected: if it is none; nothing is asked of the venue.
    """
    if not _ASIN.fullmatch(text):
        raise RequestRejected("bad_identifier", f"{text[:40]!r} is no ASIN.")
    return text
