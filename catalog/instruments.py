"""What an instrument's symbol says: the inverse of `quant.spreads.symbols`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalog.choices import InstrumentKind

_GIFT_CARD: Final = re.compile(
    r"giftcard:(?P<base>[a-z0-9]+(?:-[a-z0-9]+)*):(?P<face>[0-9]{1,20}(?:\.[0-9]{1,20})?)"
    r":(?P<quote>[A-Z0-9]{1,12}):(?P<region>[A-Z]{2}(?:-[A-Z0-9]{1,3})?)"
)
_CRYPTO: Final = re.compile(r"crypto:(?P<base>[A-Z0-9]{1,12})/(?P<quote>[A-Z0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class SymbolParts:
    """What a route key is made of.

    Args:
        kind: which live market.
        base: brand or base asset.
        quote: currency or asset that prices are in.
        denomination: face value of a gift card; None for crypto.
        region: ISO 3166 code of a gift card; empty for crypto.
    """

    kind: InstrumentKind
    base: str
    quote: str
    denomination: Decimal | None = None
    region: str = ""


def read_symbol(symbol: str) -> SymbolParts:
    """Return the parts of a route key.

    Raises:
        ValueError: if it is none.
    """
    card = _GIFT_CARD.fullmatch(symbol)
    if card is not None and (face := Decimal(card["face"])) > 0:
        return SymbolParts(InstrumentKind.GIFT_CARD, card["base"], card["quote"], face, card["region"])
    pair = _CRYPTO.fullmatch(symbol)
    if pair is not None and pair["base"] != pair["quote"]:
        return SymbolParts(InstrumentKind.CRYPTO, pair["base"], pair["quote"])
    msg = f"no symbol: {symbol[:120]!r}"
    raise ValueError(msg)
