"""Examples of what became of an opportunity and of the calculator, shown in the API's documentation."""

from typing import Final

from .examples import ITEM, answer, body

_FIGURES: Final = {
    "sealed_price": "60.00",
    "total_cost": "60.00",
    "singles_value": "76.00",
    "net_profit": "16.00",
    "margin_percentage": "26.66",
    "confidence_score": "0.65",
    "probability_of_profit": "1.0000",
    "oldest_price_at": "2026-01-05T06:00:00Z",
    "available_quantity": 3,
}


REVALIDATE: Final = [
    answer(
        "The price rose",
        {
            "quote_version": "3",
            "status": "moved",
            "reasons": [
                {
                    "code": "price_changed",
                    "detail": "The sealed price was 60.00 and is 62.00.",
                },
                {"code": "cost_changed", "detail": "The total cost was 60.00 and is 62.00."},
            ],
            "shown": _FIGURES,
            "fresh": {
                **_FIGURES,
                "sealed_price": "62.00",
                "total_cost": "62.00",
                "net_profit": "14.00",
                "margin_percentage": "22.58",
            },
            "checked_at": "2026-01-05T10:00:00Z",
        },
    )
]
REVISIONS: Final = [
    answer(
        "Two revisions",
        {
            "currency": "EUR",
            "points": [
                {
                    "revision": 1,
                    "recorded_at": "2026-01-04T09:30:00Z",
                    "sealed_price": "62.00",
                    "total_cost": "62.00",
                    "net_profit": "14.00",
                    "margin_percentage": "22.58",
                    "confidence_score": "0.65",
                },
                {
                    "revision": 2,
                    "recorded_at": "2026-01-05T09:30:00Z",
                    "sealed_price": "60.00",
                    "total_cost": "60.00",
                    "net_profit": "16.00",
                    "margin_percentage": "26.66",
                    "confidence_score": "0.65",
                },
            ],
        },
    )
]
TIMELINE: Final = [
    answer(
        "Opened",
        {
            "results": [
                {
                    "id": "01993c1e-7a10-7c3e-9d41-52a1c5f0a0ff",
                    "recorded_at": "2026-01-04T09:30:00Z",
                    "actor": None,
                    "verb": "opportunity.opened",
                    "data": {"after": {"net_profit": "14.00"}},
                    "hash": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
                    "seq": 1,
                    "stream": "opportunity.a",
                }
            ],
            "verified": True,
        },
    )
]
_RESULT: Final = {
    "quantity": 2,
    "currency": "EUR",
    "total_cost": "120.00",
    "gross_value": "170.00",
    "net_value": "136.80",
    "net_profit": "16.80",
    "margin_percentage": "14.00",
    "probability_of_profit": "1.0000",
    "standard_deviation": "0.00",
    "percentiles": dict.fromkeys(("5", "25", "50", "75", "95"), "136.80"),
    "points": [{"value": "136.80", "probability": "1.000000"}],
    "lines_counted": 2,
    "simulation": None,
}
_ASSUMPTIONS: Final = {
    "quantity": 2,
    "sealed_price": "60.00",
    "shipping_cost": "0",
    "fixed_cost": "0",
    "tax_rate": "0",
    "floor": "1.00",
    "sell_through": "0.9",
    "bulk_discount": "0",
    "fee_rate": "0.0500",
    "changed": ["quantity", "sell_through"],
}
SIMULATE: Final = [
    body("Two products, nine of ten cards sold", {"quantity": 2, "sell_through": "0.9"}),
    body("Opened by dice and kept", {"trials": 2000, "seed": 7, "save_as": "By dice"}),
    answer(
        "Two products, nine of ten cards sold",
        {
            "scenario": None,
            "assumptions": _ASSUMPTIONS,
            "result": _RESULT,
            "delta": {
                "net_profit": "-15.20",
                "margin_percentage": "-12.66",
                "probability_of_profit": "0.0000",
            },
        },
    ),
]
SCENARIOS: Final = [
    answer(
        "One scenario",
        {
            "id": "01993c1e-7a10-7c3e-9d41-52a1c5f0a0aa",
            "opportunity": ITEM["id"],
            "name": "Nine of ten",
            "assumptions": _ASSUMPTIONS,
            "result": {key: value for key, value in _RESULT.items() if key not in ("points", "simulation")},
            "created_at": "2026-01-05T10:00:00Z",
        },
    )
]
