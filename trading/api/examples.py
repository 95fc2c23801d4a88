"""Examples of the OpenAPI document."""

from typing import Final

from drf_spectacular.utils import OpenApiExample

_FIGURES: Final = {
    "sealed_price": "60.00", "total_cost": "60.00", "singles_value": "76.00", "net_profit": "16.00",
    "margin_percentage": "26.66", "confidence_score": "0.84", "oldest_price_at": "2026-11-20T11:40:00Z",
}  # fmt: skip
_EXECUTION: Final = {
    "id": "01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb585",
    "opportunity": "01a1fdd1-7c11-7d1e-8f3a-1f6a2f0f7c11",
    "product": {
        "id": "01a1fdd0-3a33-7c39-b3f7-5c3e42a6a001", "name": "Dragon Deck", "set_name": "Test Set",
        "set_code": "TST", "category": "mtg", "sealed_kind": "deck", "image_url": "", "is_demo": False,
    },
    "buy_source": "cardmarket", "sell_source": "cardmarket", "actor": "tess", "mode": "paper",
    "state": "bought", "quantity": 2, "currency": "EUR", "expected_cost": "120.00",
    "expected_proceeds": "152.00", "expected_profit": "32.00", "expected_margin_percentage": "26.66",
    "confidence_score": "0.84", "probability_of_profit": "1.0000", "risk_level": "medium",
    "realised_cost": None, "realised_proceeds": None, "realised_profit": None, "quote_version": "3",
    "shown": _FIGURES, "checked": {"status": "unchanged", "fresh": _FIGURES, "reasons": []}, "note": "",
    "created_at": "2026-11-20T12:00:00Z", "settles_at": "2026-11-21T12:00:00Z", "settled_at": None,
    "closed_reason": "",
}  # fmt: skip
_SETTLED: Final = {
    **_EXECUTION, "state": "settled", "realised_cost": "120.00", "realised_proceeds": "149.50",
    "realised_profit": "29.50", "settled_at": "2026-11-21T12:00:20Z",
    "orders": [
        {
            "id": "01a1fdd8-26e4-7aa3-9d2e-5b4d81dcb586", "leg": 0, "side": "buy", "state": "filled",
            "client_order_id": "01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb585:0", "source": "cardmarket",
            "product": {"id": "01a1fdd0-3a33-7c39-b3f7-5c3e42a6a001", "name": "Dragon Deck"}, "finish": "",
            "quantity": 2, "limit_price": "60.00",
            "fills": [
                {
                    "id": "01a1fdd8-26e5-7aa3-9d2e-5b4d81dcb587", "quantity": 2, "price": "60.00",
                    "fees": "0.00", "postage": "0.00", "filled_at": "2026-11-20T12:00:00Z",
                    "price_recorded_at": "2026-11-20T11:40:00Z",
                }
            ],
        }
    ],
    "postings": [
        {
            "key": "buy:01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb585", "description": "Bought 2 for 120.00 EUR",
            "posted_at": "2026-11-20T12:00:00Z",
            "entries": [
                {"account": "cash", "currency": "EUR", "amount": "-120.00"},
                {"account": "inventory", "currency": "EUR", "amount": "120.00"},
            ],
        }
    ],
    "openings": [
        {
            "id": "01a1fdd8-26e6-7aa3-9d2e-5b4d81dcb588", "origin": "simulated", "quantity": 2, "note": "",
            "opened_at": "2026-11-20T12:00:00Z", "entered_by": None,
            "lines": [
                {
                    "product": {
                        "id": "01a1fdd0-3a33-7c39-b3f7-5c3e42a6a002", "name": "Chase", "set_code": "TST",
                        "number": "7",
                    },
                    "finish": "nonfoil", "quantity": 2, "model_copies": "2.0000000000",
                    "model_price": "40.00",
                }
            ],
        }
    ],
}  # fmt: skip
_LIMIT: Final = {
    "id": "01a1fdd8-0000-7aa3-9d2e-5b4d81dcb500", "scope": "user", "subject": "", "period": "day",
    "currency": "EUR", "amount": "2000.00", "used": "120.00", "is_active": True,
}  # fmt: skip
_SWITCH: Final = {
    "id": "01a1fdd9-26e3-7aa3-9d2e-5b4d81dcb590", "scope": "source", "subject": "cardmarket",
    "reason": "Prices look wrong", "engaged_by": "tess", "engaged_at": "2026-11-20T12:10:00Z",
    "release_asked_by": None, "release_asked_at": None, "released_by": None, "released_at": None,
    "is_engaged": True,
}  # fmt: skip

EXECUTE: Final = OpenApiExample(
    "Two decks",
    value={
        "quantity": 2,
        "quote_version": "3",
        "min_margin_percentage": "20.00",
        "note": "",
        "accept_disclaimer": True,
    },
    request_only=True,
)
EXECUTED: Final = OpenApiExample("Bought", value={"execution": _EXECUTION}, response_only=True)
LISTED: Final = OpenApiExample("One of a page", value=_EXECUTION, response_only=True)
DETAIL: Final = OpenApiExample("Settled", value=_SETTLED, response_only=True)
NOTE: Final = OpenApiExample("A note", value={"note": "Box 2 of 3 in the shop"}, request_only=True)
CANCEL: Final = OpenApiExample("A reason", value={"reason": "The seller withdrew"}, request_only=True)
LIMIT: Final = OpenApiExample("Each user, per day", value=_LIMIT, response_only=True)
CHANGE_LIMIT: Final = OpenApiExample("A higher limit", value={"amount": "5000.00"}, request_only=True)
SWITCH: Final = OpenApiExample("One source", value=_SWITCH, response_only=True)
ENGAGE: Final = OpenApiExample(
    "Stop one source",
    value={"scope": "source", "subject": "cardmarket", "reason": "Prices look wrong"},
    request_only=True,
)
STATUS: Final = OpenApiExample(
    "Nothing is stopped",
    value={
        "mode": "paper",
        "is_halted": False,
        "switches": [],
        "disclaimer": {"version": "2026-1", "text": "Executions are simulated on paper: …"},
    },
    response_only=True,
)
CSV: Final = OpenApiExample(
    "Two lines",
    value="id,created_at,actor,…\r\n01a1fdd8-26e3-7aa3-9d2e-5b4d81dcb585,2026-11-20T12:00:00+00:00,tess,…\r\n",
    response_only=True,
    media_type="text/csv",
)
