"""What a live order book looks like in the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_SELLER: Final[dict[str, Any]] = {
    "venue": "desk_alpha",
    "bid": None,
    "ask": "46.25",
    "bid_size": None,
    "ask_size": "12",
    "received_at": "2026-11-21T15:00:00.250000Z",
    "age_ms": 640,
    "state": "live",
    "is_fresh": True,
}
BOOK: Final = OpenApiExample(
    "A gift card at three desks",
    response_only=True,
    value={
        "symbol": "giftcard:amazon:50:USD:US",
        "market": "giftcard",
        "base": "amazon",
        "quote": "USD",
        "denomination": "50",
        "region": "US",
        "best_bid": {"venue": "desk_beta", "price": "46.90", "size": "5"},
        "best_ask": {"venue": "desk_alpha", "price": "46.25", "size": "12"},
        "is_crossed": True,
        "venues": [
            _SELLER,
            {
                **_SELLER, "venue": "desk_beta", "bid": "46.90", "ask": None, "bid_size": "5",
                "ask_size": None,
            },
            {
                **_SELLER, "venue": "desk_gamma", "ask": "46.10", "age_ms": 17_200, "state": "stale",
                "is_fresh": False,
            },
        ],
    },
)  # fmt: skip
