"""Examples of the price endpoints, shown in the API's documentation."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_PRODUCT: Final = "01993c1e-6f00-7b2a-8c11-0e6d2f3b9001"
_PRICE: Final[dict[str, Any]] = {
    "product_id": _PRODUCT,
    "price": "60.00",
    "currency": "EUR",
    "condition": "unopened",
    "source": "cardmarket",
    "source_url": "https://downloads.s3.cardmarket.com/productCatalog/priceGuide/price_guide_1.json",
    "seller_count": 4,
    "available_quantity": 9,
    "shipping_cost": None,
    "price_type": "trend",
    "finish": "nonfoil",
    "is_foil": False,
    "confidence_level": "high",
    "data_source_quality": "1.00",
    "route": "bulk",
    "recorded_at": "2026-01-05T06:00:00Z",
}
HISTORY: Final = [
    OpenApiExample(
        "One observation",
        value={
            "id": "0000002a-0001-0003-0006-479f3c5e1000",
            **_PRICE,
            "fetched_at": "2026-01-05T06:01:00Z",
            "parser": "cardmarket-1",
            "created_at": "2026-01-05T06:01:10Z",
        },
        response_only=True,
    )
]
CURRENT: Final = [
    OpenApiExample(
        "One current price",
        value={
            **_PRICE,
            "fetched_at": "2026-01-05T06:01:00Z",
            "parser": "cardmarket-1",
            "is_stale": False,
        },
        response_only=True,
    )
]
SPARKLINES: Final = [
    OpenApiExample(
        "Two days",
        value={
            "results": [
                {
                    "product": _PRODUCT,
                    "source": "cardmarket",
                    "currency": "EUR",
                    "points": [
                        {"day": "2026-01-04", "price": "62.00"},
                        {"day": "2026-01-05", "price": "60.00"},
                    ],
                }
            ]
        },
        response_only=True,
    )
]
