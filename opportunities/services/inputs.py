"""What a stored opportunity was computed from: enough to compute every figure again."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from opportunities.detection import Assessment, Market
from pricing.selectors import SalesTurnover
from quant.sealed.contents import Contents
from quant.sealed.valuation import ValuedLine

LINE_COLUMNS: Final = (
    "product_key", "finish", "guaranteed", "expected_copies", "price", "variant_id", "recorded_at",
    "copy_value", "counted",
)  # fmt: skip
"""Meaning of each line's places; `recorded_at` is a position in `times`."""


def analysis_inputs(
    assessment: Assessment, *, contents: Contents, market: Market, now: datetime
) -> dict[str, Any]:
    """Return the inputs of an assessment as JSON: decimal strings, ISO times, natural keys of prices.

    Args:
        assessment: whose inputs.
        contents: that were valued.
        market: they were valued at.
        now: time of the analysis.
    """
    quote, route = assessment.candidate.quote, market.route
    times: dict[datetime, int] = {}
    return {
        "analysed_at": now.isoformat(),
        "policy": market.policy.as_data(route.currency),
        "max_price_age_seconds": int(market.policy.max_price_age.total_seconds()),
        "max_lifetime_seconds": int(market.policy.max_lifetime.total_seconds()),
        "sealed": {
            "product_key": quote.product_key,
            "source": route.buy.code,
            "price_type": route.buy_price_type,
            "variant_id": quote.variant_id,
            "recorded_at": assessment.candidate.recorded_at.isoformat(),
            "price": str(assessment.candidate.price),
            "shipping_cost": None if quote.shipping_cost is None else str(quote.shipping_cost),
            "seller_count": quote.seller_count,
            "available_quantity": quote.available_quantity,
            "turnover": _turnover(market.turnover.get(quote.product_key)),
        },
        "singles": {
            "source": route.sell.code,
            "price_type": route.sell_price_type,
            "columns": list(LINE_COLUMNS),
            "lines": [_line(line, market, times) for line in assessment.valuation.lines],
            "times": [moment.isoformat() for moment in times],
        },
        "instant_sale": None if market.buylist is None else market.buylist.value_of(contents),
        "fees": None
        if route.fee_schedule is None
        else {"fee_schedule_id": route.fee_schedule.pk, "version": route.fee_schedule.version},
        "contents": {
            "version_id": assessment.candidate.contents_version_id,
            "fingerprint": contents_fingerprint(contents),
        },
    }


def _turnover(known: SalesTurnover | None) -> dict[str, Any] | None:
    """Return the sales that were counted: a source may tell more of the same days later."""
    return None if known is None else asdict(known)


def contents_fingerprint(contents: Contents) -> str:
    """Return the SHA-256 of contents, which changes with every card, weight and count."""
    return hashlib.sha256(repr(contents).encode()).hexdigest()


def _line(line: ValuedLine, market: Market, times: dict[datetime, int]) -> list[Any]:
    key, finish = line.card
    row = 0 if line.price is None else market.prices.row_of((key, finish))
    position = None
    if row:
        moment = market.prices.time_of(row)
        position = times.setdefault(moment, len(times))
    return [
        key,
        finish,
        line.guaranteed,
        str(line.expected_copies.normalize()) if line.expected_copies else "0",
        None if line.price is None else str(line.price),
        int(market.prices.variants[row]) if row else None,
        position,
        str(line.copy_value),
        line.counted,
    ]
