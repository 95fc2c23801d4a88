"""What a declared gift-card market must be like, whoever declares it: the environment or staff."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from common.secrets import Secret
from quant.money import InvalidAmount
from quant.spreads.net import VenueTerms
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.errors import TargetForbidden

from .client import host_of
from .json_desk import FIELDS

DEFAULT_CURRENCY: Final = "USD"
DEFAULT_REGION: Final = "US"
"""R000's venues say neither: it is a platform for US cards in USD."""
ADAPTERS: Final = tuple(
    adapter.value for adapter in (LiveAdapter.JSON, LiveAdapter.RELOADLY, LiveAdapter.BITREFILL)
)
FIELD_NAMES: Final = (*FIELDS, "asOf", "discount")
MAX_URL: Final = 300
POLL_RANGE: Final = (200, 3_600_000)
TIMEOUT_RANGE: Final = (100, 60_000)
MAX_FIXED_FEE: Final = Decimal(1_000_000)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_OUR_HEADERS: Final = frozenset(
    {"user-agent", "host", "accept", "accept-encoding", "connection", "cookie", "content-length",
     "content-type", "proxy-authorization"}
)  # fmt: skip
_PATH: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """What somebody declares of a market; the fields are those of `LiveMarket`."""

    code: str
    adapter: LiveAdapter
    side: MarketSide
    name: str = ""
    url: str = ""
    order_url: str = ""
    token: Secret = field(default_factory=lambda: Secret(""))
    token_header: str = ""
    poll_ms: int = 2_000
    timeout_ms: int = 5_000
    fee_bps: Decimal = Decimal(0)
    slippage_bps: Decimal = Decimal(0)
    fixed_fee: Decimal = Decimal(0)
    currency: str = DEFAULT_CURRENCY
    region: str = DEFAULT_REGION
    brands: tuple[str, ...] = ()
    network: str = ""
    items_path: str = ""
    field_map: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field."""

    field: str
    text: str


def market_problems(facts: MarketFacts) -> list[Problem]:
    """Return everything that is wrong with a declaration; nothing if it can be used."""
    return [*_addresses(facts), *_times(facts), *_costs(facts), *_names(facts)]


def _addresses(facts: MarketFacts) -> Iterator[Problem]:
    if facts.adapter == LiveAdapter.JSON and not facts.url and not settings.VENUE_SIMULATOR_URL:
        yield Problem("url", "missing: the address of the list of quotes")
    for name, url in (("url", facts.url), ("order_url", facts.order_url)):
        if not url:
            continue
        if len(url) > MAX_URL:
            yield Problem(name, f"is longer than {MAX_URL} characters")
            continue
        try:
            host_of(url)
        except TargetForbidden as error:
            yield Problem(name, error.detail)
        else:
            if "@" in url.partition("://")[2].partition("/")[0]:
                yield Problem(name, "carries a login; put it into the token")
    if facts.adapter in (LiveAdapter.RELOADLY, LiveAdapter.BITREFILL) and facts.side != MarketSide.SELL:
        yield Problem("side", f"{facts.adapter.label} only sells: sell is the only side")


def _times(facts: MarketFacts) -> Iterator[Problem]:
    for name, value, (low, high) in (
        ("poll_ms", facts.poll_ms, POLL_RANGE),
        ("timeout_ms", facts.timeout_ms, TIMEOUT_RANGE),
    ):
        if not low <= value <= high:
            yield Problem(name, f"{value} is not from {low} to {high}")


def _costs(facts: MarketFacts) -> Iterator[Problem]:
    for name, value, places in (
        ("fee_bps", facts.fee_bps, 3),
        ("slippage_bps", facts.slippage_bps, 3),
        ("fixed_fee", facts.fixed_fee, 4),
    ):
        if not value.is_finite() or abs(value) > MAX_FIXED_FEE:
            yield Problem(name, "is out of range")
            return
        if value != round(value, places):
            yield Problem(name, f"has more than {places} places")
    if not -10_000 <= facts.fee_bps <= 10_000:
        yield Problem("fee_bps", "is not from -10000 to 10000")
        return
    if not 0 <= facts.slippage_bps < 10_000:
        yield Problem("slippage_bps", "is not from 0 to 10000")
    if facts.fixed_fee < 0:
        yield Problem("fixed_fee", "is negative")
    elif facts.slippage_bps >= 0:
        try:
            VenueTerms(facts.fee_bps, facts.slippage_bps, facts.fixed_fee)
        except InvalidAmount:
            yield Problem("fee_bps", "with slippage takes the whole price")


def _names(facts: MarketFacts) -> Iterator[Problem]:
    if not _CURRENCY.fullmatch(facts.currency):
        yield Problem("currency", f"{facts.currency!r} is no ISO 4217 code")
    if not _REGION.fullmatch(facts.region):
        yield Problem("region", f"{facts.region!r} is no ISO 3166 code")
    if facts.token_header and (
        not _HEADER.fullmatch(facts.token_header) or facts.token_header.lower() in _OUR_HEADERS
    ):
        yield Problem("token_header", f"{facts.token_header!r} cannot carry a token")
    token = facts.token.reveal()
    if len(token) > 4_000 or any(not 32 < ord(letter) < 127 for letter in token):
        yield Problem("token", "is no token: letters, digits and signs without blanks")
    if facts.items_path and (not _PATH.fullmatch(facts.items_path) or len(facts.items_path) > 100):
        yield Problem("items_path", f"{facts.items_path!r} is no dotted path")
    for name, path in facts.field_map.items():
        if name not in FIELD_NAMES or not isinstance(path, str) or not _PATH.fullmatch(path):
            yield Problem("field_map", f"{name!r}: {path!r} is no dotted path of a known field")
    if len(facts.network) > 40:
        yield Problem("network", "is longer than 40 characters")
