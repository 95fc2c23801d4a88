"""The order of opportunities: confidence times capped margin, weighted by risk."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType

from quant.money import as_amount

from .risk import RiskLevel

MARGIN_CAP = Decimal(100)
"""Above this a margin no longer lifts the rank: with a cap of 300 a data error of 1,100 % led the list."""

RISK_WEIGHTS: Mapping[RiskLevel, Decimal] = MappingProxyType(
    {RiskLevel.LOW: Decimal(1), RiskLevel.MEDIUM: Decimal("0.75"), RiskLevel.HIGH: Decimal("0.5")}
)
_STEP = Decimal("0.000001")


def rank_score(*, confidence: Decimal, margin_percentage: Decimal, risk: RiskLevel | str) -> Decimal:
    """Give C x min(max(m, 0), 100)/100 x w, w = 1, 0.75, 0.5 for low, medium, high risk.

    Ties are broken by net profit, then age, then id, by whoever sorts.

    Returns:
        0..1, rounded down to six places.

    Raises:
        InvalidAmount: for anything but finite Decimals; ValueError: for an unknown risk level.
    """
    margin = min(max(as_amount(margin_percentage, name="margin"), Decimal(0)), MARGIN_CAP)
    score = as_amount(confidence, name="confidence") * margin / MARGIN_CAP * RISK_WEIGHTS[RiskLevel(risk)]
    return score.quantize(_STEP, rounding=ROUND_FLOOR)
