"""Examples of cross-venue opportunities, shown in the API's documentation."""

from typing import Any, Final

from .examples import answer

ITEM: Final[dict[str, Any]] = {
    "id": "0f5f7e4e-5a39-5e0e-9f6e-0c5b9a3d1a01", "kind": "cross_venue", "market": "giftcard",
    "symbol": "giftcard:amazon:50:USD:US", "base": "amazon", "quote": "USD", "denomination": "50",
    "region": "US", "buy_venue": "desk_alpha", "sell_venue": "desk_beta", "currency": "USD", "state": "open",
    "revision": 4, "buy_price": "45", "sell_price": "47", "cost": "45.1125", "proceeds": "46.953",
    "cushion": "0", "gross_profit": "2", "net_profit": "1.8405", "loss_reserve": "0.704295",
    "expected_profit": "1.136205", "gross_bps": "444.4444", "net_bps": "407.9801", "best_net_bps": "431.5",
    "size": "8", "total_profit": "14.724", "threshold_bps": "50", "flags": ["loss_reserve"],
    "sightings": 112, "created_at": "2026-11-20T09:00:00Z", "opened_at": "2026-11-20T11:58:10Z",
    "last_seen_at": "2026-11-20T12:00:00Z", "expires_at": "2026-11-20T12:00:15Z", "closed_at": None,
    "closed_reason": "", "is_stale": False,
}  # fmt: skip
_QUOTE: Final[dict[str, Any]] = {
    "venue": "desk_alpha", "bid": None, "ask": "45", "bid_size": None, "ask_size": "8", "currency": "USD",
    "received_at": "2026-11-20T12:00:00Z", "age_ms": 840, "state": "live", "bids": [], "asks": [],
}  # fmt: skip
_DETAIL: Final[dict[str, Any]] = {
    **ITEM,
    "inputs": {"fees": {"buy_bps": "25", "sell_bps": "10"}},
    "quotes_readable": True,
    "buy_quote": _QUOTE,
    "sell_quote": {
        **_QUOTE, "venue": "desk_beta", "bid": "47", "ask": None, "bid_size": "12", "ask_size": None
    },
    "episodes": [
        {
            "opened_at": "2026-11-20T11:58:10Z", "closed_at": None, "closed_reason": "",
            "peak_net_bps": "431.5", "peak_net_profit": "1.95", "sightings": 112,
        }
    ],
}  # fmt: skip
LISTED: Final = answer("Gaps", ITEM)
DETAIL: Final = answer("A gap", _DETAIL)
