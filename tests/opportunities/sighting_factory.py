"""Sightings of live routes as the engines write them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from opportunities.services.cross_venue_reading import Sighting, read_sighting

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def sighting_data(
    event: str = "open",
    *,
    seconds: float = 0,
    symbol: str = "crypto:BTC/USDT",
    buy_venue: str = "binance",
    sell_venue: str = "okx",
    **more: Any,
) -> dict[str, Any]:
    """Return the JSON object of a sighting so many seconds after `START`."""
    at_ms = int((START + timedelta(seconds=seconds)).timestamp() * 1_000)
    return {
        "event": event, "market": symbol.partition(":")[0], "symbol": symbol, "buy_venue": buy_venue,
        "sell_venue": sell_venue, "currency": "USDT", "buy_price": "45001.2", "sell_price": "45500.1",
        "cost": "45046.2012", "proceeds": "45454.5999", "cushion": "0", "gross_profit": "498.9",
        "net_profit": "408.3987", "loss_reserve": "0", "expected_profit": "408.3987",
        "gross_bps": "110.8637", "net_bps": "90.6622", "size": "1", "total_profit": "408.3987",
        "threshold_bps": "50", "flags": ["top_only"], "at_ms": at_ms, "expires_ms": at_ms + 5_000,
        "reason": "", "inputs": {"buy": {"ask": "45001.2"}, "sell": {"bid": "45500.1"}}, **more,
    }  # fmt: skip


def sighting_bytes(event: str = "open", **more: Any) -> bytes:
    """Return it as it travels."""
    return json.dumps(sighting_data(event, **more)).encode()


def make_sighting(event: str = "open", **more: Any) -> Sighting:
    """Return it as it is stored."""
    return read_sighting(sighting_bytes(event, **more), now=START)
