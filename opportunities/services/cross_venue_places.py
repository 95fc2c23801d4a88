"""Instruments and venues that a sighting names, made when they are first needed."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from catalog.choices import InstrumentKind, VenueKind
from catalog.models import Instrument, Venue

from .cross_venue_reading import Sighting, SightingUnreadable

_CRYPTO: Final = re.compile(r"crypto:([A-Z0-9]{1,12})/([A-Z0-9]{1,12})(?:~([A-Z0-9]{1,12}))?")
_GIFT_CARD: Final = re.compile(
    r"giftcard:([a-z0-9]+(?:-[a-z0-9]+)*):([0-9]+(?:\.[0-9]{1,2})?):([A-Z0-9]{1,12}):([A-Z]{2}(?:-[A-Z0-9]{1,3})?)"
)
_MAX_DENOMINATION: Final = Decimal(10) ** 6
_VENUE_KINDS: Final = {"giftcard": VenueKind.GIFT_CARD_DESK, "crypto": VenueKind.EXCHANGE}
_NAMES: Final = {"okx": "OKX"}
_ISO_LENGTH: Final = 3


def instrument_of(symbol: str, currency: str) -> Instrument:
    """Return the unsaved instrument that a route symbol names.

    `crypto:BTC/USDT~USD` is a coin bought for one quote asset and sold for another; its figures are in the
    currency of the sighting.

    Raises:
        SightingUnreadable: if it names none.
    """
    crypto = _CRYPTO.fullmatch(symbol)
    if crypto is not None and crypto[1] not in crypto.groups()[1:]:
        return Instrument(symbol=symbol, kind=InstrumentKind.CRYPTO, base=crypto[1], quote=currency)
    card = _GIFT_CARD.fullmatch(symbol)
    try:
        face = Decimal(card[2]) if card is not None else Decimal(0)
    except InvalidOperation:  # pragma: no cover - the pattern lets digits through only
        face = Decimal(0)
    if card is None or not 0 < face <= _MAX_DENOMINATION:
        msg = f"no route symbol: {symbol!r}"
        raise SightingUnreadable(msg)
    return Instrument(
        symbol=symbol, kind=InstrumentKind.GIFT_CARD, base=card[1][:60], denomination=face, quote=card[3],
        region=card[4],
    )  # fmt: skip


def instruments_of(sightings: Iterable[Sighting]) -> dict[str, Instrument]:
    """Return the instruments of sightings by symbol, new ones included; joins the caller's transaction."""
    wanted = {sighting.symbol: sighting.currency for sighting in sightings}
    known = {row.symbol: row for row in Instrument.objects.filter(symbol__in=wanted)}
    missing = [instrument_of(symbol, wanted[symbol]) for symbol in sorted(set(wanted) - set(known))]
    if missing:
        Instrument.objects.bulk_create(missing, ignore_conflicts=True)
        names = [row.symbol for row in missing]
        known |= {row.symbol: row for row in Instrument.objects.filter(symbol__in=names)}
    return known


def venues_of(sightings: Iterable[Sighting]) -> dict[str, Venue]:
    """Return the venues of sightings by code, new ones included; joins the caller's transaction."""
    wanted = {code: sighting for sighting in sightings for code in (sighting.buy_venue, sighting.sell_venue)}
    known = {row.code: row for row in Venue.objects.filter(code__in=wanted)}
    missing = [_venue(code, wanted[code]) for code in sorted(set(wanted) - set(known))]
    if missing:
        Venue.objects.bulk_create(missing, ignore_conflicts=True)
        codes = [row.code for row in missing]
        known |= {row.code: row for row in Venue.objects.filter(code__in=codes)}
    return known


def _venue(code: str, sighting: Sighting) -> Venue:
    currency = sighting.currency if len(sighting.currency) == _ISO_LENGTH else "USD"
    return Venue(
        code=code,
        name=_NAMES.get(code, code.replace("_", " ").replace("-", " ").title()),
        kind=_VENUE_KINDS[sighting.market],
        currency=currency,
    )
