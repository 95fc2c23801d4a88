"""Risk and competition by R002's thresholds, from the stored (floored) figures."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quant.money import as_amount

LOW_RISK_CONFIDENCE = Decimal("0.80")
LOW_RISK_MARGIN = Decimal(50)
MEDIUM_RISK_CONFIDENCE = Decimal("0.60")
MEDIUM_RISK_MARGIN = Decimal(30)
REVIEW_MARGIN = Decimal(300)
FEW_SELLERS = 5
MANY_SELLERS = 20


class RiskLevel(StrEnum):
    """R002's risk levels."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CompetitionLevel(StrEnum):
    """How many sellers offer the sealed product."""

    UNKNOWN = "unknown"
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class RiskCondition:
    """One threshold: the level it belongs to, what is compared, and whether it holds."""

    level: RiskLevel
    quantity: str
    required: Decimal
    actual: Decimal

    @property
    def holds(self) -> bool:
        """Whether the figure reaches the threshold (inclusive)."""
        return self.actual >= self.required

    @property
    def text(self) -> str:
        """The condition in words, for example `margin >= 50 % for low risk`."""
        unit = " %" if self.quantity == "margin" else ""
        return f"{self.quantity} >= {self.required}{unit} for {self.level} risk"


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """The level, every threshold, and those that keep it from the next better level."""

    level: RiskLevel
    conditions: tuple[RiskCondition, ...]
    to_improve: tuple[RiskCondition, ...]


def risk_level(confidence: Decimal, margin_percentage: Decimal) -> RiskLevel:
    """Classify: low from 0.80 and 50 %, medium from 0.60 and 30 %, else high; all inclusive.

    Args:
        confidence: 0..1 as stored, floored to two places.
        margin_percentage: as stored, floored to two places.

    Raises:
        InvalidAmount: for anything but finite Decimals.
        ValueError: for a confidence outside 0..1.
    """
    return assess_risk(confidence, margin_percentage).level


def assess_risk(confidence: Decimal, margin_percentage: Decimal) -> RiskAssessment:
    """Classify as `risk_level` does and say which thresholds hold and which are missing."""
    score = as_amount(confidence, name="confidence")
    margin = as_amount(margin_percentage, name="margin")
    if not 0 <= score <= 1:
        raise ValueError(f"confidence {score} is not within 0..1")
    low = (
        RiskCondition(RiskLevel.LOW, "confidence", LOW_RISK_CONFIDENCE, score),
        RiskCondition(RiskLevel.LOW, "margin", LOW_RISK_MARGIN, margin),
    )
    medium = (
        RiskCondition(RiskLevel.MEDIUM, "confidence", MEDIUM_RISK_CONFIDENCE, score),
        RiskCondition(RiskLevel.MEDIUM, "margin", MEDIUM_RISK_MARGIN, margin),
    )
    missing_low = tuple(condition for condition in low if not condition.holds)
    missing_medium = tuple(condition for condition in medium if not condition.holds)
    if not missing_low:
        return RiskAssessment(RiskLevel.LOW, low + medium, ())
    if not missing_medium:
        return RiskAssessment(RiskLevel.MEDIUM, low + medium, missing_low)
    return RiskAssessment(RiskLevel.HIGH, low + medium, missing_medium)


def needs_review(margin_percentage: Decimal) -> bool:
    """Say whether a margin is too good to be shown before a person has looked (300 % and more)."""
    return as_amount(margin_percentage, name="margin") >= REVIEW_MARGIN


def competition_level(sellers: int | None) -> CompetitionLevel:
    """Classify the number of sellers: unknown, none (0), low (1-5), medium (6-20), high.

    Raises:
        ValueError: for a negative number.
    """
    if sellers is None:
        return CompetitionLevel.UNKNOWN
    if sellers < 0:
        raise ValueError(f"{sellers} sellers")
    if sellers == 0:
        return CompetitionLevel.NONE
    if sellers <= FEW_SELLERS:
        return CompetitionLevel.LOW
    return CompetitionLevel.MEDIUM if sellers <= MANY_SELLERS else CompetitionLevel.HIGH
