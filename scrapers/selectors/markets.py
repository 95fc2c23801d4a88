"""Every declared live market with how it does now: rows from PostgreSQL, health from Redis.

A market's process writes its health every second (`MARKETS_KEY`): gift cards `run_giftcards`, exchanges
`run_signals`. Health older than `SILENT_MS` says nothing about now: the market then counts as down.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from catalog.choices import InstrumentKind
from catalog.jurisdiction import gated_reason
from common.live import MARKETS_KEY
from common.redis import shared_redis
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.models import LiveMarket

logger = structlog.get_logger(__name__)

SILENT_MS: Final = 10_000
UNKNOWN: Final = "unknown"
STATES: Final = (
    "live", "connecting", "syncing", "stale", "down", "disabled", "gated", UNKNOWN,
)  # fmt: skip
_REPORTED: Final = frozenset({"live", "connecting", "syncing", "stale", "down"})
_COUNTS: Final = ("quotes", "errors", "reconnects", "invalid", "dropped")
Health = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MarketItem:
    """One market as pages and the API show it.

    Args:
        state: one of `STATES`; `unknown` while Redis does not answer.
        gated_reason: why its quotes never cross; empty where they may.
        latency_ms: of the last answer or frame.
        age_ms: since its last quote.
        dropped: quotes put aside by the engine or lost on a full queue.
    """

    code: str
    name: str
    kind: str
    adapter: str
    side: str
    origin: str
    is_enabled: bool
    region: str
    currency: str
    fee_bps: Decimal
    slippage_bps: Decimal
    state: str
    gated_reason: str
    latency_ms: float | None
    last_quote_at: datetime | None
    age_ms: int | None
    quotes: int
    errors: int
    reconnects: int
    invalid: int
    dropped: int
    last_error: str
    breaker: str


def market_list(*, now_ms: int) -> list[MarketItem]:
    """Return every declared market by code, gift cards and exchanges; a Redis that is gone only hides health.

    Args:
        now_ms: Unix milliseconds.
    """
    health = read_health()
    rows = {row.code: row for row in LiveMarket.objects.select_related("venue").order_by("code")}
    for code, exchange in settings.CRYPTO_EXCHANGES.items():
        if exchange["enabled"] and code not in rows:
            rows[code] = exchange_row(code, exchange)
    return [market_item(rows[code], health=health, now_ms=now_ms) for code in sorted(rows)]


def exchange_row(code: str, exchange: Mapping[str, Any]) -> LiveMarket:
    """Return an exchange of the settings as a market; it is not stored."""
    return LiveMarket(
        code=code,
        kind=InstrumentKind.CRYPTO,
        adapter=code,
        side=MarketSide.BOTH,
        origin=MarketOrigin.ENVIRONMENT,
        is_enabled=True,
        fee_bps=exchange["taker_fee_bps"],
    )


def read_health() -> Mapping[str, Health] | None:
    """Return the health of every market that ever told any, by code; None while Redis does not answer."""
    try:
        kept: Mapping[bytes, bytes] = shared_redis().hgetall(MARKETS_KEY)  # type: ignore[assignment]
    except (RedisError, OSError) as error:
        logger.warning("markets.health_unreadable", error=type(error).__name__)
        return None
    found: dict[str, Health] = {}
    for code, raw in kept.items():
        try:
            body = json.loads(raw)
        except ValueError:
            continue
        if isinstance(body, dict):
            found[code.decode()] = body
    return found


def gate_of(row: LiveMarket) -> str:
    """Return why a market is out of bounds; empty where it is not. Exchanges are gated by no country here."""
    if row.kind != InstrumentKind.GIFT_CARD:
        return ""
    return gated_reason(
        region=row.region,
        currency=row.currency,
        allowed_regions=settings.ALLOWED_REGIONS,
        allowed_currencies=settings.ALLOWED_CURRENCIES,
    )


def market_item(row: LiveMarket, *, health: Mapping[str, Health] | None, now_ms: int) -> MarketItem:
    """Return one market with its health.

    Args:
        row: with its venue, where it has one.
        health: of `read_health`.
        now_ms: Unix milliseconds.
    """
    told = dict(health.get(row.code, {})) if health else {}
    gate = gate_of(row)
    last_quote_ms = _whole(told.get("last_quote_ms"))
    return MarketItem(
        code=row.code,
        name=row.venue.name if row.pk else str(LiveAdapter(row.adapter).label),
        kind=row.kind,
        adapter=row.adapter,
        side=row.side,
        origin=row.origin,
        is_enabled=row.is_enabled,
        region=row.region,
        currency=row.currency,
        fee_bps=row.fee_bps,
        slippage_bps=row.slippage_bps,
        state=_state(row, told, gate=gate, is_readable=health is not None, now_ms=now_ms),
        gated_reason=gate,
        latency_ms=_number(told.get("latency_ms")),
        last_quote_at=_moment(last_quote_ms),
        age_ms=None if last_quote_ms is None else max(0, now_ms - last_quote_ms),
        last_error=_error(row, told, is_readable=health is not None, now_ms=now_ms),
        breaker=str(told.get("breaker", "closed")),
        **{name: _whole(told.get(name)) or 0 for name in _COUNTS},
    )


def _state(row: LiveMarket, told: Health, *, gate: str, is_readable: bool, now_ms: int) -> str:
    if not _is_asked(row):
        return "disabled"
    if gate:
        return "gated"
    if not is_readable:
        return UNKNOWN
    if not _is_heard(told, now_ms):
        return "down"
    state = str(told.get("state", "down"))
    return state if state in _REPORTED else "down"


def _is_asked(row: LiveMarket) -> bool:
    """Tell whether it is switched on, and so is its venue (exchanges of the settings have none)."""
    return row.is_enabled and (not row.pk or row.venue.is_enabled)


def _is_heard(told: Health, now_ms: int) -> bool:
    at_ms = _whole(told.get("at"))
    return at_ms is not None and abs(now_ms - at_ms) <= SILENT_MS


def _error(row: LiveMarket, told: Health, *, is_readable: bool, now_ms: int) -> str:
    if _is_asked(row) and is_readable and not _is_heard(told, now_ms):
        if row.kind == InstrumentKind.GIFT_CARD:
            return "Nobody asks it now: run_giftcards does not run or cannot use it, as its log then says."
        return "Nobody asks it now: run_ingest or run_signals does not run."
    return str(told.get("last_error", ""))


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: int | None) -> datetime | None:
    if value is None or not 0 <= value <= 253_402_300_799_000:
        return None
    return datetime.fromtimestamp(value / 1_000, tz=UTC)
