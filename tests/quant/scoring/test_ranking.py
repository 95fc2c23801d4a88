"""The order of opportunities."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.scoring.ranking import rank_score
from quant.scoring.risk import RiskLevel

confidences = st.integers(0, 100).map(lambda units: Decimal(units).scaleb(-2))
margins = st.integers(-10_000, 200_000).map(lambda units: Decimal(units).scaleb(-2))


def score(confidence, margin, risk="low"):
    return rank_score(confidence=Decimal(confidence), margin_percentage=Decimal(margin), risk=risk)


@pytest.mark.parametrize(
    ("confidence", "margin", "risk", "expected"),
    [
        ("0.86", "67.76", "low", "0.582736"),
        ("0.65", "40", "medium", "0.195"),
        ("0.50", "40", "high", "0.1"),
        ("1", "100", "low", "1"),
        ("0.90", "-10", "high", "0"),
    ],
)
def test_rank_score(confidence, margin, risk, expected):
    assert score(confidence, margin, risk) == Decimal(expected)


def test_data_error_of_1100_percent_does_not_lead():
    assert score("0.70", "1100", "medium") < score("0.86", "67.76", "low")


def test_unknown_risk_and_bad_figures_are_refused():
    with pytest.raises(ValueError, match="fatal"):
        score("0.5", "5", "fatal")
    with pytest.raises(InvalidAmount):
        score("NaN", "5")


@given(confidence=confidences, margin=margins, risk=st.sampled_from(RiskLevel))
def test_score_is_within_0_and_1_on_six_places(confidence, margin, risk):
    found = score(confidence, margin, risk)

    assert 0 <= found <= 1
    assert found == found.quantize(Decimal("0.000001"))


@given(confidence=confidences, margin=margins, more=margins.filter(lambda m: m > 0))
def test_score_rises_with_the_margin(confidence, margin, more):
    assert score(confidence, margin + more) >= score(confidence, margin)
