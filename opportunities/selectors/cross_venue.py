"""What news tell of live routes, and the last signals, which are in Redis."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

import structlog
from redis.exceptions import RedisError

from common.errors import TemporarilyUnavailable
from common.live import MAX_SIGNALS, SIGNALS_HISTORY
from common.redis import shared_redis
from opportunities.choices import CrossVenueState, OpportunityKind
from opportunities.models import CrossVenueOpportunity

logger = structlog.get_logger(__name__)

_AMOUNTS: Final = (
    "buy_price", "sell_price", "cost", "proceeds", "cushion", "gross_profit", "net_profit", "loss_reserve",
    "expected_profit", "gross_bps", "net_bps", "best_net_bps", "size", "total_profit", "threshold_bps",
)  # fmt: skip


class SignalsUnreadable(TemporarilyUnavailable):
    """The last signals cannot be read now."""

    default_code = "signals_unreadable"


def spread_facts(row: CrossVenueOpportunity, *, now: datetime) -> dict[str, Any]:
    """Return what lists and news show of a route; amounts are plain decimal text, times aware.

    Args:
        row: with instrument and venues loaded.
        now: decides whether it is stale.
    """
    instrument = row.instrument
    return {
        "id": row.pk,
        "kind": OpportunityKind.CROSS_VENUE.value,
        "market": row.market,
        "symbol": instrument.symbol,
        "base": instrument.base,
        "quote": instrument.quote,
        "denomination": _text(instrument.denomination),
        "region": instrument.region,
        "buy_venue": row.buy_venue.code,
        "sell_venue": row.sell_venue.code,
        "currency": row.currency,
        "state": row.state,
        "revision": row.revision,
        **{name: _text(getattr(row, name)) for name in _AMOUNTS},
        "flags": row.flags,
        "sightings": row.sightings,
        "created_at": row.created_at,
        "opened_at": row.opened_at,
        "last_seen_at": row.last_seen_at,
        "expires_at": row.expires_at,
        "closed_at": row.closed_at,
        "closed_reason": row.closed_reason,
        "is_stale": row.state == CrossVenueState.OPEN and row.expires_at < now,
    }


def _text(amount: Decimal | None) -> str | None:
    """Never `0E-12`, which `str` makes of a stored zero."""
    return None if amount is None else f"{amount:f}"


def signals_history(limit: int = 50, symbol: str | None = None) -> list[dict[str, Any]]:
    """Return the last signals, newest first.

    Args:
        limit: most signals, at most `MAX_SIGNALS`.
        symbol: only of this pair, such as `BTC/USDT`; None for all.

    Raises:
        SignalsUnreadable: if Redis does not answer.
    """
    wanted = max(0, min(limit, MAX_SIGNALS))
    if wanted == 0:
        return []
    read = wanted if symbol is None else MAX_SIGNALS
    try:
        rows = cast("list[bytes]", shared_redis().zrevrange(SIGNALS_HISTORY, 0, read - 1))
    except (RedisError, OSError) as error:
        raise SignalsUnreadable(detail=f"The last signals cannot be read: {type(error).__name__}.") from error
    signals = [signal for signal in map(_signal, rows) if signal is not None]
    return [one for one in signals if symbol is None or one.get("symbol") == symbol][:wanted]


def _signal(raw: bytes) -> dict[str, Any] | None:
    try:
        signal = json.loads(raw)
    except ValueError:
        logger.warning("signals.damaged")
        return None
    return signal if isinstance(signal, dict) else None
