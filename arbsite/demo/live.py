"""The live desk of the demo: invented gift-card desks and the simulated exchanges, as declared markets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from catalog.choices import InstrumentKind, VenueKind
from catalog.models import Venue
from common.audit import record_event
from common.secrets import Secret
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.models import LiveMarket
from scrapers.services.live_markets import store_token
from scrapers.simulator.giftcards.cards import BRANDS
from scrapers.simulator.giftcards.desks import DESKS
from scrapers.simulator.tokens import SimulatorCredentials
from trading.choices import LimitPeriod, LimitScope
from trading.services import add_missing_limits

POLL_MS: Final = 1_500
TIMEOUT_MS: Final = 4_000
_LOGIN: Final = SimulatorCredentials()
LIMITS: Final = {
    (LimitScope.GLOBAL.value, LimitPeriod.OPEN.value): Decimal(200_000),
    (LimitScope.USER.value, LimitPeriod.DAY.value): Decimal(50_000),
}
"""In USDT, in which an installation has no limits: a coin costs more than those in dollars let in."""
_EXCHANGE_NAMES: Final = {
    "binance": "Binance", "coinbase": "Coinbase Exchange", "kraken": "Kraken", "okx": "OKX", "bybit": "Bybit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """One market of the demo's live desk. Its address is its place at the simulator, so it has none."""

    code: str
    name: str
    kind: InstrumentKind
    adapter: LiveAdapter
    side: MarketSide
    fee_bps: Decimal = Decimal(0)
    region: str = ""
    currency: str = "USD"
    brands: tuple[str, ...] = ()
    token: str = ""

    def values(self) -> dict[str, Any]:
        """Return the columns that follow the demo; the switch stays with staff."""
        return {
            "kind": self.kind.value, "adapter": self.adapter.value, "side": self.side.value,
            "fee_bps": self.fee_bps, "region": self.region, "currency": self.currency,
            "brands": list(self.brands), "poll_ms": POLL_MS, "timeout_ms": TIMEOUT_MS,
            "network": "simulator",
        }  # fmt: skip


def demo_markets() -> Iterator[DemoMarket]:
    """Yield the desks (one of them outside the US, shown and never traded) and the exchanges."""
    for code, name, simulated, adapter, side in (
        ("desk_alpha", "Desk Alpha (demo)", "desk_alpha", LiveAdapter.JSON, MarketSide.SELL),
        ("desk_beta", "Desk Beta (demo)", "desk_beta", LiveAdapter.JSON, MarketSide.BUY),
        ("desk_gamma", "Desk Gamma (demo)", "desk_gamma", LiveAdapter.JSON, MarketSide.BOTH),
        ("desk_delta", "Desk Delta, London (demo)", "desk_delta", LiveAdapter.JSON, MarketSide.BUY),
        ("reloadly_demo", "Reloadly (demo)", "reloadly", LiveAdapter.RELOADLY, MarketSide.SELL),
        ("bitrefill_demo", "Bitrefill (demo)", "bitrefill", LiveAdapter.BITREFILL, MarketSide.SELL),
    ):
        desk = DESKS[simulated]
        token = _LOGIN.client_secret
        if adapter is LiveAdapter.RELOADLY:
            token = f"{_LOGIN.client_id}:{_LOGIN.client_secret}"
        yield DemoMarket(
            code, name, InstrumentKind.GIFT_CARD, adapter, side, fee_bps=desk.fee_bps, region=desk.region,
            currency=desk.currency, brands=tuple(brand.slug for brand in BRANDS), token=token,
        )  # fmt: skip
    for code, name in _EXCHANGE_NAMES.items():
        fee_bps = Decimal(str(settings.CRYPTO_EXCHANGES[code]["taker_fee_bps"]))
        yield DemoMarket(
            code, f"{name} (demo)", InstrumentKind.CRYPTO, LiveAdapter(code), MarketSide.BOTH, fee_bps=fee_bps
        )


def install_live_desk(*, now: datetime) -> int:
    """Declare the markets of the demo, or bring them up to date; return how many there are.

    A venue that somebody else declared or uses already is left alone. Doing it twice changes nothing.

    Args:
        now: the current time.
    """
    with transaction.atomic():
        add_missing_limits(LIMITS, currency="USDT", now=now)
        return sum(_declare(market, now=now) for market in demo_markets())


def _declare(market: DemoMarket, *, now: datetime) -> bool:
    row = LiveMarket.objects.select_for_update().filter(code=market.code).first()
    if row is None:
        if Venue.objects.filter(code=market.code).exists():
            return False
        venue = Venue.objects.create(
            code=market.code, name=market.name, region=market.region, currency=market.currency,
            kind=VenueKind.EXCHANGE if market.kind == InstrumentKind.CRYPTO else VenueKind.GIFT_CARD_DESK,
        )  # fmt: skip
        row = LiveMarket(code=market.code, venue=venue, origin=MarketOrigin.DEMO, **market.values())
        row.save(force_insert=True)
        store_token(row, Secret(market.token))
        row.save(update_fields=["token"])
        _record("live_market.declared", market, now=now)
        return True
    if row.origin != MarketOrigin.DEMO:
        return False
    changed = [name for name, value in market.values().items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, market.values()[name])
        row.save(update_fields=[*changed, "updated_at"])
        _record("live_market.changed", market, now=now)
    return True


def _record(verb: str, market: DemoMarket, *, now: datetime) -> None:
    record_event(
        actor=None,
        verb=verb,
        subject=f"live_market:{market.code}",
        data={"origin": MarketOrigin.DEMO.value, "adapter": market.adapter.value},
        now=now,
    )
