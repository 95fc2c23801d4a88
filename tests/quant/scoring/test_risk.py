"""Risk, review and competition at their thresholds, inclusive."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.scoring.risk import (
    CompetitionLevel,
    RiskLevel,
    assess_risk,
    competition_level,
    needs_review,
    risk_level,
)

ORDER = [RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH]
confidences = st.integers(0, 100).map(lambda units: Decimal(units).scaleb(-2))
margins = st.integers(-10_000, 100_000).map(lambda units: Decimal(units).scaleb(-2))


@pytest.mark.parametrize(
    ("confidence", "margin", "level"),
    [
        ("0.80", "50", "low"),
        ("0.79", "50", "medium"),
        ("0.80", "49.99", "medium"),
        ("0.60", "30", "medium"),
        ("0.95", "30", "medium"),
        ("0.59", "1000", "high"),
        ("1", "29.99", "high"),
        ("0.86", "67.76", "low"),
        ("0", "-100", "high"),
    ],
)
def test_risk_level(confidence, margin, level):
    assert risk_level(Decimal(confidence), Decimal(margin)) == level


def test_assessment_says_what_holds_and_what_is_missing():
    medium = assess_risk(Decimal("0.95"), Decimal("30.00"))
    high = assess_risk(Decimal("0.50"), Decimal("80.00"))

    assert [condition.text for condition in medium.to_improve] == ["margin >= 50 % for low risk"]
    assert [condition.holds for condition in medium.conditions] == [True, False, True, True]
    assert [condition.text for condition in high.to_improve] == ["confidence >= 0.60 for medium risk"]
    assert assess_risk(Decimal("0.80"), Decimal("50.00")).to_improve == ()


@pytest.mark.parametrize("confidence", [Decimal("1.01"), Decimal("-0.01"), Decimal("NaN"), 0.9])
def test_impossible_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match=r".+"):
        risk_level(confidence, Decimal(50))


def test_impossible_margin_is_refused():
    with pytest.raises(InvalidAmount):
        risk_level(Decimal("0.9"), Decimal("NaN"))
    with pytest.raises(InvalidAmount):
        needs_review(Decimal("Infinity"))


@pytest.mark.parametrize(
    ("margin", "expected"), [("299.99", False), ("300", True), ("1100", True), ("-5", False)]
)
def test_margin_too_good_to_be_true_needs_review(margin, expected):
    assert needs_review(Decimal(margin)) is expected


@pytest.mark.parametrize(
    ("sellers", "level"),
    [(None, "unknown"), (0, "none"), (1, "low"), (5, "low"), (6, "medium"), (20, "medium"), (21, "high")],
)
def test_competition_level(sellers, level):
    assert competition_level(sellers) is CompetitionLevel(level)


def test_negative_sellers_are_refused():
    with pytest.raises(ValueError, match="-1"):
        competition_level(-1)


@given(confidence=confidences, more=confidences, margin=margins, further=st.integers(0, 9999))
def test_better_figures_never_raise_the_risk(confidence, more, margin, further):
    before = ORDER.index(risk_level(confidence, margin))
    after = ORDER.index(risk_level(max(confidence, more), margin + Decimal(further).scaleb(-2)))

    assert after <= before
