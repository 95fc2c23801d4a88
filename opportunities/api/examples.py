"""Examples of the opportunities endpoints, shown in the API's documentation."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

ITEM: Final[dict[str, Any]] = {
    "id": "01993c1e-7a10-7c3e-9d41-52a1c5f0a001",
    "kind": "sealed_to_singles",
    "status": "active",
    "sealed_product": {
        "id": "01993c1e-6f00-7b2a-8c11-0e6d2f3b9001",
        "name": "Dragon Deck",
        "set_name": "Test Set",
        "set_code": "TST",
        "category": "mtg",
        "sealed_kind": "deck",
        "image_url": "",
        "is_demo": False,
    },
    "buy_source": "cardmarket",
    "sell_source": "cardmarket",
    "policy": "default",
    "currency": "EUR",
    "sealed_price": "60.00",
    "total_cost": "60.00",
    "singles_value": "76.00",
    "gross_singles_value": "85.00",
    "net_profit": "16.00",
    "margin_percentage": "26.66",
    "naive_margin_percentage": "41.66",
    "coverage": "1.0000",
    "lines_counted": 2,
    "probability_of_profit": "1.0000",
    "confidence_score": "0.65",
    "risk_level": "high",
    "rank_score": "0.086645",
    "seller_count": 4,
    "competition_level": "medium",
    "flags": ["shipping_unknown"],
    "needs_review": False,
    "oldest_price_at": "2026-01-05T06:00:00Z",
    "expires_at": "2026-01-05T21:30:00Z",
    "created_at": "2026-01-04T09:30:00Z",
    "updated_at": "2026-01-05T09:30:00Z",
    "revision": 3,
    "quote_version": "3",
}
_FACTOR: Final = {"score": "0.769231", "weight": "0.2", "inputs": {"sellers": 4}}
_PERCENTILES: Final = dict.fromkeys(("5", "25", "50", "75", "95"), "76.00")


def answer(name: str, value: Any, *, status: str = "200") -> OpenApiExample:
    """Return an example of an answer."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


def body(name: str, value: Any) -> OpenApiExample:
    """Return an example of a request's body."""
    return OpenApiExample(name, value=value, request_only=True)


LIST: Final = [answer("One opportunity", ITEM)]
DETAIL: Final = [
    answer(
        "Detail",
        {
            **ITEM,
            "standard_deviation": "0.00",
            "percentiles": _PERCENTILES,
            "factors": dict.fromkeys(
                ("price_stability", "seller_count", "volume_history", "margin_size"), _FACTOR
            ),
            "algorithm_version": "cards-2",
            "fee_schedule": {
                "venue": "cardmarket",
                "programme": "",
                "version": 1,
                "source_url": "https://help.cardmarket.com/en/fees",
                "valid_from": "2025-01-01",
            },
            "execution_quantity": 0,
            "execution_notes": "Ask the seller for photos.",
            "executed_at": None,
            "detected_count": 7,
            "opened_at": "2026-01-04T09:30:00Z",
            "closed_at": None,
            "closed_reason": "",
        },
    )
]
CHANGE: Final = [
    body("Write a note", {"execution_notes": "Ask the seller for photos."}),
    body("Say that it was reviewed", {"needs_review": False}),
    *DETAIL,
]
DISMISS: Final = [body("Dismiss", {"reason": "The seal is broken in the photos."})]
EXPLAIN: Final = [
    answer(
        "Explanation",
        {
            "confidence": {
                "score": "0.65",
                "factors": dict.fromkeys(
                    ("price_stability", "seller_count", "volume_history", "margin_size"), _FACTOR
                ),
            },
            "risk": {
                "level": "high",
                "conditions": [{"text": "Confidence of at least 0.60", "holds": True}],
                "to_improve": ["Margin of at least 30 %"],
            },
            "contents": {
                "complete": True,
                "coverage": "1.0000",
                "unresolved": [],
                "lines": [
                    {
                        "product_id": "01993c1e-6f00-7b2a-8c11-0e6d2f3b9002",
                        "name": "Chase",
                        "set_code": "TST",
                        "number": "7",
                        "rarity": "mythic",
                        "finish": "nonfoil",
                        "guaranteed": True,
                        "expected_copies": "1",
                        "price": "40.00",
                        "gross_value": "40.0000",
                        "net_value": "38.0000",
                        "share": "0.4706",
                        "counted": True,
                        "recorded_at": "2026-01-05T06:00:00Z",
                    }
                ],
            },
            "distribution": {
                "currency": "EUR",
                "mean": "76.00",
                "standard_deviation": "0.00",
                "standard_error": "0.00",
                "percentiles": _PERCENTILES,
                "probability_of_profit": "1.0000",
                "break_even": "60.00",
                "points": [{"value": "76.00", "probability": "1.000000"}],
            },
            "waterfall": [
                {"label": "Market value of all singles", "amount": "85.00"},
                {"label": "Selling fees and postage", "amount": "-9.00"},
                {"label": "Price of the sealed product", "amount": "-60.00"},
                {"label": "Net profit", "amount": "16.00"},
            ],
            "instant_sale": None,
        },
    )
]
SUMMARY: Final = [
    answer(
        "Summary",
        {
            "active_count": 1,
            "needs_review_count": 0,
            "by_risk": {"low": 0, "medium": 0, "high": 1},
            "by_category": {"mtg": 1, "pokemon": 0, "yugioh": 0},
            "expected_profit": [{"currency": "EUR", "amount": "16.00"}],
            "average_confidence": "0.65",
            "average_margin_percentage": "26.66",
            "best": ITEM,
            "oldest_price_at": "2026-01-05T06:00:00Z",
            "newest_price_at": "2026-01-05T06:00:00Z",
            "updated_at": "2026-01-05T09:30:00Z",
        },
    )
]
ANALYZE: Final = [
    answer(
        "Queued",
        {
            "status": "queued",
            "task": "opportunities.analyze_all_products",
            "requested_at": "2026-01-05T09:30:00Z",
        },
        status="202",
    )
]
BULK: Final = [
    body("Dismiss two", {"action": "dismiss", "ids": [ITEM["id"]], "reason": "Sold out"}),
    body("Watch all of a view", {"action": "watch", "all_matching": "category=mtg&margin_min=30"}),
    answer("Done", {"action": "dismiss", "matched": 1, "done": 1, "skipped": [], "job": None}),
]
CSV: Final = OpenApiExample(
    "Two lines",
    value="id,status,product,…\r\n01993c1e-7a10-7c3e-9d41-52a1c5f0a001,active,Dragon Deck,…\r\n",
    media_type="text/csv",
    response_only=True,
)
