"""Why an opportunity has its score: all from the stored inputs, nothing from today's prices."""

from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final
from uuid import UUID

from catalog.selectors import CardFacts, cards_by_key
from opportunities.models import Opportunity
from quant.money import quantize_money
from quant.scoring.risk import assess_risk

_LINE: Final = Decimal("0.0001")
_UNKNOWN_CARD: Final = UUID(int=0)


def explanation_of(row: Opportunity) -> dict[str, Any]:
    """Explain one opportunity: confidence, risk, contents line by line, distribution, the way to the profit.

    One query, for the names of the cards.

    Args:
        row: with its inputs loaded.
    """
    lines = _stored_lines(row)
    risk = assess_risk(row.confidence_score, row.margin_percentage)
    return {
        "confidence": {"score": row.confidence_score, "factors": row.factors},
        "risk": {
            "level": row.risk_level,
            "conditions": [
                {"text": condition.text, "holds": condition.holds} for condition in risk.conditions
            ],
            "to_improve": [condition.text for condition in risk.to_improve],
        },
        "contents": {
            "complete": True,
            "coverage": row.coverage,
            "unresolved": [],
            "lines": _contents_lines(row, lines),
        },
        "distribution": _distribution(row),
        "waterfall": _waterfall(row, lines),
        "instant_sale": row.inputs.get("instant_sale"),
    }


def _stored_lines(row: Opportunity) -> list[dict[str, Any]]:
    """Return the valued lines as dictionaries with decimals."""
    singles = row.inputs["singles"]
    lines = []
    for values in singles["lines"]:
        line = dict(zip(singles["columns"], values, strict=True))
        copies, price = Decimal(line["expected_copies"]), line["price"]
        line["expected_copies"] = copies
        line["price"] = None if price is None else Decimal(price)
        line["gross_value"] = copies * (line["price"] or 0)
        line["net_value"] = copies * Decimal(line["copy_value"])
        position = line["recorded_at"]
        line["recorded_at"] = None if position is None else datetime.fromisoformat(singles["times"][position])
        lines.append(line)
    return lines


def _contents_lines(row: Opportunity, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    facts = cards_by_key({line["product_key"] for line in lines})
    total = sum((line["gross_value"] for line in lines), Decimal(0))
    return [_contents_line(line, facts.get(line["product_key"]), total) for line in lines]


def _contents_line(line: dict[str, Any], card: CardFacts | None, total: Decimal) -> dict[str, Any]:
    """Return one line; a card that left the catalogue keeps its figures and loses its name."""
    share = line["gross_value"] / total if total else Decimal(0)
    return {
        "product_id": card.product_id if card else _UNKNOWN_CARD,
        "name": card.name if card else "",
        "set_code": card.set_code if card else "",
        "number": card.number if card else "",
        "rarity": card.rarity if card else "",
        "finish": line["finish"],
        "guaranteed": line["guaranteed"] > 0,
        "expected_copies": f"{line['expected_copies']:f}",
        "price": line["price"],
        "gross_value": None if line["price"] is None else _rounded(line["gross_value"]),
        "net_value": None if line["price"] is None else _rounded(line["net_value"]),
        "share": share.quantize(_LINE, rounding=ROUND_HALF_EVEN),
        "counted": line["counted"],
        "recorded_at": line["recorded_at"],
    }


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_LINE, rounding=ROUND_HALF_EVEN)


def _distribution(row: Opportunity) -> dict[str, Any] | None:
    """Return the distribution of the executable value of one product, beside the cost it must beat."""
    if not row.distribution:
        return None
    return {
        "currency": row.currency,
        "mean": row.distribution["mean"],
        "standard_deviation": row.standard_deviation,
        "standard_error": row.distribution["standard_error"],
        "percentiles": row.percentiles,
        "probability_of_profit": row.probability_of_profit,
        "break_even": row.total_cost,
        "points": [
            {"value": value, "probability": probability} for value, probability in row.distribution["points"]
        ],
    }


def _waterfall(row: Opportunity, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps from the market value of all singles to the profit; they add up exactly."""
    counted = [line for line in lines if line["counted"]]
    sold = _floored(sum((line["gross_value"] for line in counted), Decimal(0)), row.currency)
    net = _floored(sum((line["net_value"] for line in counted), Decimal(0)), row.currency)
    bulk = row.singles_value - net
    steps = [
        ("Market value of all singles", row.gross_singles_value),
        ("Singles not worth selling one by one", sold - row.gross_singles_value),
        ("Selling fees and postage", net - sold),
        ("Bulk and rounding", bulk),
        ("Price of the sealed product", -row.sealed_price),
        ("Shipping and other costs", row.sealed_price - row.total_cost),
    ]
    shown = [step for position, step in enumerate(steps) if step[1] or position == 0]
    return [{"label": label, "amount": amount} for label, amount in [*shown, ("Net profit", row.net_profit)]]


def _floored(amount: Decimal, currency: str) -> Decimal:
    return quantize_money(amount, currency, ROUND_FLOOR)
