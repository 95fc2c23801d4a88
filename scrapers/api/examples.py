"""What sources look like in the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_HOST: Final[dict[str, Any]] = {
    "key": "downloads.s3.cardmarket.com",
    "breaker": "closed",
    "opened_until": None,
    "failures": 0,
    "last_failure": "",
}
BREAKER: Final = OpenApiExample("Closed again", response_only=True, value=_HOST)
BREAKER_RESET: Final = OpenApiExample("One host", request_only=True, value={"key": _HOST["key"]})
_SHARE: Final = {"tracked": 424, "fresh": 410, "share": "0.9669"}
COVERAGE: Final = OpenApiExample(
    "Most are fresh",
    response_only=True,
    value={
        **_SHARE,
        "window_hours": 4,
        "by_source": [{"source": "cardmarket", **_SHARE}],
        "slots_per_cycle": 7200,
    },
)
SOURCE: Final = OpenApiExample(
    "Cardmarket's price guide",
    response_only=True,
    value={
        "code": "cardmarket",
        "name": "Cardmarket",
        "categories": ["mtg", "pokemon", "yugioh"],
        "coverage": _SHARE,
        "newest_price_at": "2026-11-21T02:45:00Z",
        "prices_24h": 469_784,
        "quarantined_24h": 395,
        "routes": [
            {
                "code": "cardmarket_guide",
                "route": "bulk_feed",
                "position": 1,
                "is_enabled": True,
                "is_ready": True,
                "not_ready_code": "",
                "not_ready_reason": "",
                "is_opt_in": False,
                "acknowledged_at": None,
                "terms_url": "https://www.cardmarket.com/en/Magic/Data/Download",
                "allowed_use": "Published files",
                "reviewed_on": "2026-10-01",
                "review_due_on": "2027-03-30",
                "attribution": "Cardmarket",
                "robots_policy": "published_api",
                "last_started_at": "2026-11-21T03:00:00Z",
                "last_success_at": "2026-11-21T03:00:10Z",
                "last_failure_at": None,
                "last_error": "",
                "hosts": [_HOST],
            }
        ],
    },
)
