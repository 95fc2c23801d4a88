"""Sightings of live routes as they arrive, checked: what a table would refuse is refused here."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from quant.spreads.symbols import route_fingerprint, route_id

MAX_BYTES: Final = 65_536
MAX_AHEAD: Final = timedelta(seconds=60)
"""A sighting later than this by our clock would shut its route for all sightings until then."""
MAX_LIFE: Final = timedelta(days=1)
_VENUE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_CURRENCY: Final = re.compile(r"[A-Z0-9]{1,12}")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MAX_FLAGS: Final = 20
_MAX_PRICE: Final = Decimal(10) ** 12
_MAX_AMOUNT: Final = Decimal(10) ** 15
_MAX_BPS: Final = Decimal(10) ** 8 - 1
_PLACES: Final = Decimal("1e-12")
_BPS_PLACES: Final = Decimal("0.0001")


class SightingUnreadable(ValueError):
    """An entry that is no sighting, or one that no row can be made of."""


class _Wire(msgspec.Struct):
    event: Literal["open", "seen", "closed"]
    market: Literal["giftcard", "crypto"]
    symbol: str
    buy_venue: str
    sell_venue: str
    currency: str
    buy_price: Decimal
    sell_price: Decimal
    cost: Decimal
    proceeds: Decimal
    cushion: Decimal
    gross_profit: Decimal
    net_profit: Decimal
    loss_reserve: Decimal
    expected_profit: Decimal
    gross_bps: Decimal
    net_bps: Decimal
    threshold_bps: Decimal
    at_ms: int
    expires_ms: int
    size: Decimal | None = None
    total_profit: Decimal | None = None
    flags: list[str] = []
    reason: str = ""
    inputs: dict[str, Any] = {}


_DECODER: Final = msgspec.json.Decoder(_Wire)
PRICES: Final = ("buy_price", "sell_price")
AMOUNTS: Final = (
    *PRICES, "cost", "proceeds", "cushion", "gross_profit", "net_profit", "loss_reserve", "expected_profit",
)  # fmt: skip
BASIS_POINTS: Final = ("gross_bps", "net_bps", "threshold_bps")
OPTIONAL: Final = ("size", "total_profit")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One sighting of a route, ready to be stored.

    Args:
        event: `open`, `seen` or `closed`.
        market: `giftcard` or `crypto`.
        symbol: route symbol.
        buy_venue: code of the venue we buy at.
        sell_venue: code of the other.
        currency: of all amounts.
        figures: column -> amount, rounded to its places.
        flags: what a person should know.
        at: when it was seen; orders the sightings of a route.
        expires_at: when the older quote is too old.
        reason: why it closed; empty otherwise.
        inputs: both quotes and fees.
    """

    event: str
    market: str
    symbol: str
    buy_venue: str
    sell_venue: str
    currency: str
    figures: dict[str, Decimal | None]
    flags: tuple[str, ...]
    at: datetime
    expires_at: datetime
    reason: str
    inputs: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The route's id."""
        return route_id(self.symbol, self.buy_venue, self.sell_venue)

    @property
    def fingerprint(self) -> str:
        """The route's name."""
        return route_fingerprint(self.symbol, self.buy_venue, self.sell_venue)


def read_sighting(raw: bytes, *, now: datetime) -> Sighting:
    """Return the sighting of one stream entry.

    Args:
        raw: JSON of field `data`.
        now: our clock; a sighting may lie ahead of it by `MAX_AHEAD`.

    Raises:
        SightingUnreadable: if it is none or can never be stored.
    """
    if len(raw) > MAX_BYTES:
        msg = f"{len(raw)} bytes are too many"
        raise SightingUnreadable(msg)
    try:
        wire = _DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SightingUnreadable(str(error)[:200]) from error
    _check_words(wire)
    at = _moment(wire.at_ms)
    if at > now + MAX_AHEAD:
        msg = f"at_ms lies ahead of our clock: {at:%FT%T}Z"
        raise SightingUnreadable(msg)
    return Sighting(
        event=wire.event,
        market=wire.market,
        symbol=wire.symbol,
        buy_venue=wire.buy_venue,
        sell_venue=wire.sell_venue,
        currency=wire.currency,
        figures=_figures(wire),
        flags=tuple(wire.flags),
        at=at,
        expires_at=min(_moment(wire.expires_ms), at + MAX_LIFE),
        reason=wire.reason,
        inputs=wire.inputs,
    )


def _check_words(wire: _Wire) -> None:
    words = [*wire.flags, *([wire.reason] if wire.reason else [])]
    is_fine = (
        len(wire.symbol) <= 120
        and wire.symbol.startswith(f"{wire.market}:")
        and _VENUE.fullmatch(wire.buy_venue)
        and _VENUE.fullmatch(wire.sell_venue)
        and wire.buy_venue != wire.sell_venue
        and _CURRENCY.fullmatch(wire.currency)
        and len(wire.flags) <= _MAX_FLAGS
        and all(_WORD.fullmatch(word) for word in words)
    )
    if not is_fine:
        msg = f"symbol, venues, currency or flags: {wire.symbol!r} {wire.buy_venue!r} {wire.sell_venue!r}"
        raise SightingUnreadable(msg[:200])


def _figures(wire: _Wire) -> dict[str, Decimal | None]:
    figures: dict[str, Decimal | None] = {}
    for name in AMOUNTS:
        figures[name] = _bounded(name, getattr(wire, name), _MAX_AMOUNT, _PLACES)
    for name in BASIS_POINTS:
        figures[name] = _bounded(name, getattr(wire, name), _MAX_BPS, _BPS_PLACES)
    for name in OPTIONAL:
        value = getattr(wire, name)
        figures[name] = None if value is None else _bounded(name, value, _MAX_AMOUNT, _PLACES)
    for name in PRICES:
        price = figures[name]
        if price is None or not 0 < price <= _MAX_PRICE:
            msg = f"{name} is out of range: {price}"
            raise SightingUnreadable(msg)
    return figures


def _bounded(name: str, value: Decimal, most: Decimal, places: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > most:
        msg = f"{name} is out of range: {value}"
        raise SightingUnreadable(msg[:200])
    return value.quantize(places)


def _moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1_000, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        msg = f"no time: {milliseconds}"
        raise SightingUnreadable(msg) from error
