"""The figures above the list: how much is there, how good, how fresh."""

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Sum

from catalog.choices import Category
from opportunities.choices import OpportunityStatus, RiskLevel

from .lists import opportunity_list

_CENT = Decimal("0.01")


def opportunity_summary(*, now: datetime) -> dict[str, Any]:
    """Summarise the active opportunities; all but `needs_review_count` leave out those that need a review.

    Args:
        now: opportunities whose end has come do not count.

    Returns:
        Counts, profit by currency (currencies are never added up), averages rounded down, the best one, and
        the age of the prices.
    """
    active = opportunity_list(now=now).filter(status=OpportunityStatus.ACTIVE)
    trusted = active.filter(needs_review=False)
    groups: list[dict[str, Any]] = [
        dict(group)
        for group in trusted.order_by()
        .values("risk_level", "sealed_product__category", "currency")
        .annotate(
            count=Count("id"),
            profit=Sum("net_profit"),
            confidence=Avg("confidence_score"),
            margin=Avg("margin_percentage"),
            oldest=Min("oldest_price_at"),
            newest=Max("oldest_price_at"),
        )
    ]
    latest = active.order_by().aggregate(updated_at=Max("updated_at"))
    return {
        "active_count": sum(group["count"] for group in groups),
        "needs_review_count": active.filter(needs_review=True).count(),
        "by_risk": _counts(groups, "risk_level", RiskLevel.values),
        "by_category": _counts(groups, "sealed_product__category", Category.values),
        "expected_profit": [
            {"currency": currency, "amount": amount} for currency, amount in sorted(_profits(groups).items())
        ],
        "average_confidence": _average(groups, "confidence"),
        "average_margin_percentage": _average(groups, "margin"),
        "best": trusted.first(),
        "oldest_price_at": min((group["oldest"] for group in groups), default=None),
        "newest_price_at": max((group["newest"] for group in groups), default=None),
        "updated_at": latest["updated_at"],
    }


def _counts(groups: list[dict[str, Any]], column: str, names: list[str]) -> dict[str, int]:
    return {name: sum(group["count"] for group in groups if group[column] == name) for name in names}


def _profits(groups: list[dict[str, Any]]) -> dict[str, Decimal]:
    profits: dict[str, Decimal] = {}
    for group in groups:
        profits[group["currency"]] = profits.get(group["currency"], Decimal(0)) + group["profit"]
    return profits


def _average(groups: list[dict[str, Any]], column: str) -> Decimal | None:
    count = sum(group["count"] for group in groups)
    if not count:
        return None
    total = sum((Decimal(group[column]) * group["count"] for group in groups), Decimal(0))
    average: Decimal = total / count
    return average.quantize(_CENT, rounding=ROUND_FLOOR)
