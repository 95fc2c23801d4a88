"""Names of the same thing: what must be equal before two quotes may be compared."""

import re
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

_BRAND: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ASSET: Final = re.compile(r"[A-Z0-9]{1,12}")
_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def brand_slug(name: str) -> str:
    """Return a brand's name as it stands in a symbol: `App Store & iTunes` becomes `app-store-itunes`.

    Raises:
        ValueError: if nothing is left of it.
    """
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60].strip("-")
    if not slug:
        msg = f"no brand: {name!r}"
        raise ValueError(msg)
    return slug


def gift_card_symbol(brand: str, denomination: Decimal, currency: str, region: str) -> str:
    """Return the route key of a gift card, such as `giftcard:amazon:50:USD:US`.

    Args:
        brand: slug of the brand (`brand_slug`).
        denomination: face value, > 0; trailing zeros do not matter.
        currency: ISO 4217 code of the face value.
        region: ISO 3166 code of where it can be redeemed; a card of another region is another thing.

    Raises:
        ValueError: if a part is none.
    """
    is_whole = denomination.is_finite() and denomination > 0
    if not (
        is_whole and _BRAND.fullmatch(brand) and _ASSET.fullmatch(currency) and _REGION.fullmatch(region)
    ):
        msg = f"no gift card: {brand!r} {denomination} {currency!r} {region!r}"
        raise ValueError(msg)
    face = f"{denomination.normalize():f}"
    return f"giftcard:{brand}:{face}:{currency}:{region}"


def crypto_symbol(pair: str) -> str:
    """Return the route key of a pair: `BTC/USDT` becomes `crypto:BTC/USDT`. USD and USDT stay two things.

    Raises:
        ValueError: if it is no pair of two assets.
    """
    base, slash, quote = pair.partition("/")
    if not (slash and _ASSET.fullmatch(base) and _ASSET.fullmatch(quote) and base != quote):
        msg = f"no pair: {pair!r}"
        raise ValueError(msg)
    return f"crypto:{pair}"


_ROUTES: Final = UUID("5f0f6c0e-5a52-5d0b-9a53-6a1c2f7d9b10")


def route_fingerprint(symbol: str, buy_venue: str, sell_venue: str) -> str:
    """Return what names a route: the same thing, bought at one venue and sold at another."""
    return f"cross_venue|{symbol}|{buy_venue}|{sell_venue}"


def route_id(symbol: str, buy_venue: str, sell_venue: str) -> UUID:
    """Return the id of a route: the same in every process and at every time (R000's deterministic ids)."""
    return uuid5(_ROUTES, route_fingerprint(symbol, buy_venue, sell_venue))
