"""What a live market looks like in the OpenAPI document."""

from typing import Final

from drf_spectacular.utils import OpenApiExample

MARKET: Final = OpenApiExample(
    "A desk that answers",
    response_only=True,
    value={
        "code": "desk_alpha",
        "name": "Desk Alpha",
        "kind": "giftcard",
        "adapter": "json",
        "side": "sell",
        "origin": "environment",
        "is_enabled": True,
        "region": "US",
        "currency": "USD",
        "fee_bps": "25.000",
        "slippage_bps": "5.000",
        "state": "live",
        "gated_reason": "",
        "latency_ms": 41.7,
        "last_quote_at": "2026-11-21T15:00:00.250000Z",
        "age_ms": 640,
        "quotes": 15,
        "errors": 2,
        "reconnects": 1,
        "invalid": 0,
        "dropped": 0,
        "last_error": "",
        "breaker": "closed",
    },
)
