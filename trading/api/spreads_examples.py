"""Examples of executions across venues, shown in the API's documentation."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_ID: Final = "01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb5a1"
_LEG: Final[dict[str, Any]] = {
    "position": 0, "side": "buy", "venue": "desk_alpha", "state": "filled", "client_order_id": f"{_ID}:0",
    "venue_order_id": "A-1029", "quantity": "2", "limit_price": "45", "queries": 0, "last_error": "",
    "sent_at": "2026-11-20T12:00:00.120Z", "finished_at": "2026-11-20T12:00:00.310Z",
    "fills": [{"quantity": "2", "price": "45", "fees": "0.225", "filled_at": "2026-11-20T12:00:00.310Z"}],
}  # fmt: skip
_SOLD: Final[dict[str, Any]] = {
    **_LEG, "position": 1, "side": "sell", "venue": "desk_beta", "client_order_id": f"{_ID}:1",
    "venue_order_id": "B-77", "limit_price": "47",
    "fills": [{"quantity": "2", "price": "47", "fees": "0.094", "filled_at": "2026-11-20T12:00:00.520Z"}],
}  # fmt: skip
EXECUTION: Final[dict[str, Any]] = {
    "id": _ID, "kind": "cross_venue", "opportunity": "0f5f7e4e-5a39-5e0e-9f6e-0c5b9a3d1a01",
    "market": "giftcard", "symbol": "giftcard:amazon:50:USD:US", "buy_venue": "desk_alpha",
    "sell_venue": "desk_beta", "actor": "tess", "mode": "paper", "state": "settled", "quantity": "2",
    "currency": "USD", "expected_cost": "90.225", "expected_proceeds": "93.906", "expected_profit": "3.681",
    "expected_net_bps": "407.9801", "realised_cost": "90.225", "realised_proceeds": "93.906",
    "realised_profit": "3.681", "shown": {"revision": 4, "net_bps": "407.9801"},
    "checked": {"net_bps": "407.980100000000", "threshold_bps": "50"}, "note": "", "reason": "",
    "created_at": "2026-11-20T12:00:00Z", "finished_at": "2026-11-20T12:00:00.540Z", "legs": [_LEG, _SOLD],
}  # fmt: skip
_STUCK: Final[dict[str, Any]] = {
    **EXECUTION, "state": "unwound", "realised_proceeds": "91.2", "realised_profit": "0.975",
    "reason": "Sold in part or whole at desk_gamma instead.",
}  # fmt: skip


def _answer(name: str, value: Any, *, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


def _body(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


EXECUTE: Final = _body(
    "Two cards, for at most 45.10 each",
    {"quantity": "2", "max_buy_price": "45.10", "min_net_bps": "50", "accept_disclaimer": True},
)
EXECUTED: Final = _answer("Both legs filled", {"execution": EXECUTION}, status="201")
LISTED: Final = _answer("Executions", EXECUTION)
DETAIL: Final = _answer("An execution", EXECUTION)
RESOLVE: Final = _body("It was filled", {"outcome": "filled", "price": "46.8", "venue_order_id": "B-77"})
RESOLVED: Final = _answer("Resolved", _STUCK)
CSV: Final = OpenApiExample(
    "CSV",
    value="id,created_at,actor,…\r\n01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb5a1,2026-11-20T12:00:00+00:00,tess,…\r\n",
    response_only=True,
    media_type="text/csv",
)
