"""The four factors at their worked values, and the laws of their sum."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.scoring.confidence import (
    WEIGHTS,
    FactorScore,
    confidence_score,
    margin_size,
    price_stability,
    seller_count,
    volume_history,
)

from ..strategies import positive_prices

scores = st.integers(0, 10**6).map(lambda units: Decimal(units).scaleb(-6))


def factor(name, score):
    return FactorScore(name, Decimal(score), WEIGHTS[name], {})


def walk(returns, start=10.0):
    """Prices with the given daily log returns."""
    return [Decimal(f"{start * math.exp(total):.10f}") for total in np.cumsum([0.0, *returns])]


def test_weights_are_those_of_the_requirement():
    assert {name: str(weight) for name, weight in WEIGHTS.items()} == {
        "price_stability": "0.3",
        "seller_count": "0.2",
        "volume_history": "0.2",
        "margin_size": "0.3",
    }
    assert sum(WEIGHTS.values()) == 1


def test_worked_example():
    """MATHS E2E-001: S 0.9, four sellers (K 0.769), V 0.7, margin 67.76 (M 1) -> 0.86."""
    confidence = confidence_score(
        factor("price_stability", "0.9"),
        seller_count(4),
        factor("volume_history", "0.7"),
        margin_size(Decimal("67.76")),
    )

    assert confidence.score == Decimal("0.86")


@pytest.mark.parametrize(
    ("sellers", "score"),
    [(None, "0"), (0, "0"), (1, "1"), (2, "0.909"), (4, "0.769"), (6, "0.667"), (11, "0.5"), (31, "0.25")],
)
def test_seller_count(sellers, score):
    found = seller_count(sellers)

    assert found.score.quantize(Decimal("0.001")) == Decimal(score)
    assert found.inputs == {"sellers": sellers}


@pytest.mark.parametrize(
    ("days", "units", "score"),
    [(30, 30, "0.707"), (1, 60, "0.149"), (10, 30, "0.408"), (30, 600, "0.976"), (0, 0, "0")],
)
def test_volume_history(days, units, score):
    found = volume_history(days_with_sale=days, units_sold=units)

    assert found.score.quantize(Decimal("0.001")) == Decimal(score)


def test_volume_from_falling_stock_is_capped_and_unknown_volume_is_nothing():
    assert volume_history(days_with_sale=30, units_sold=600, is_proxy=True).score == Decimal("0.5")
    assert volume_history(days_with_sale=1, units_sold=60, is_proxy=True).score < Decimal("0.2")
    assert volume_history(days_with_sale=None, units_sold=60).score == 0
    assert volume_history(days_with_sale=3, units_sold=None).inputs["days_with_sale"] == 3


@pytest.mark.parametrize(
    ("margin", "score"),
    [
        ("-5", "0"),
        ("0", "0"),
        ("10", "0.5"),
        ("20", "1"),
        ("50", "1"),
        ("80", "1"),
        ("100", "0.909"),
        ("190", "0.5"),
        ("300", "0"),
        ("1100", "0"),
    ],
)
def test_margin_size(margin, score):
    found = margin_size(Decimal(margin))

    assert found.score.quantize(Decimal("0.001")) == Decimal(score)
    assert found.inputs == {"margin_percentage": margin}


def test_stability_of_flat_prices_is_full_after_two_weeks():
    assert price_stability(sealed_prices=[Decimal(10)] * 31).score == 1
    assert price_stability(sealed_prices=[Decimal(10)] * 15).score == 1
    assert price_stability(sealed_prices=[Decimal(10)] * 6).score == Decimal("0.357143")
    assert price_stability(sealed_prices=[Decimal(10)]).score == 0
    assert price_stability(sealed_prices=[]).score == 0


def test_stability_of_a_gentle_zigzag():
    """Robust volatility 1.5 % scores 1/(1 + 0.3^2)."""
    found = price_stability(sealed_prices=walk([0.015 / 1.4826, -0.015 / 1.4826] * 15))

    assert found.inputs["volatility"] == "0.015000"
    assert float(found.score) == pytest.approx(0.917, abs=0.001)


def test_short_history_scales_the_score_down():
    """Five returns of robust volatility 1.46 %: 5/14 of 0.921."""
    step = 0.0146 / 1.4826

    found = price_stability(sealed_prices=walk([-2 * step, step, 0.0, 2 * step, -step]))

    assert found.inputs["volatility"] == "0.014600"
    assert found.score.quantize(Decimal("0.001")) == Decimal("0.329")


def test_wild_prices_score_next_to_nothing():
    wild = [math.log(2.5), -math.log(2.5)] * 15

    assert price_stability(sealed_prices=walk(wild)).score < Decimal("0.003")


def test_one_spike_in_thirty_days_moves_the_score_little():
    """MATHS invariant 6, as the statistical bound it is: under 0.15 in 99 % of histories, at most 0.35."""
    rng = np.random.default_rng(29)
    moved = []
    for _ in range(400):
        returns = rng.normal(0, rng.uniform(0.002, 0.04), 30)
        spiked = returns.copy()
        day = rng.integers(0, 29)
        spiked[day] += math.log(9)
        spiked[day + 1] -= math.log(9)
        calm, wild = (price_stability(sealed_prices=walk(series)).score for series in (returns, spiked))
        moved.append(float(abs(calm - wild)))

    assert np.quantile(moved, 0.99) < 0.15
    assert max(moved) <= 0.35


def test_less_steady_of_product_and_basket_counts():
    flat = [Decimal(10)] * 31
    shaky = walk([0.05, -0.05] * 15)

    mixed = price_stability(sealed_prices=flat, basket_prices=shaky)

    assert mixed.score == price_stability(sealed_prices=shaky).score
    assert mixed.score == price_stability(sealed_prices=shaky, basket_prices=flat).score
    assert mixed.inputs["basket_returns"] == 30
    assert price_stability(sealed_prices=flat, basket_prices=[Decimal(3)]).score == 0


def test_only_the_last_thirty_returns_count():
    old = walk([0.4, -0.4] * 20)
    recent = [old[-1]] * 30

    assert price_stability(sealed_prices=[*old, *recent]).score == 1


def test_absent_factor_counts_as_nothing_and_is_listed():
    confidence = confidence_score(margin_size(Decimal(50)))

    assert confidence.score == Decimal("0.30")
    assert [part.name for part in confidence.factors] == list(WEIGHTS)
    assert confidence.factors[0].inputs == {"reason": "absent"}
    assert confidence_score().score == 0


def test_factor_given_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        confidence_score(seller_count(1), seller_count(2))


def test_bad_inputs_are_refused():
    for make in (
        lambda: seller_count(-1),
        lambda: volume_history(days_with_sale=31, units_sold=40),
        lambda: volume_history(days_with_sale=1, units_sold=-1),
        lambda: margin_size(Decimal("NaN")),
        lambda: price_stability(sealed_prices=[Decimal(0)]),
        lambda: price_stability(sealed_prices=[Decimal("1E+400"), Decimal(1)]),
    ):
        with pytest.raises(ValueError, match=r".+"):
            make()


@given(values=st.tuples(scores, scores, scores, scores))
def test_confidence_is_within_0_and_1_and_floored(values):
    confidence = confidence_score(*(factor(name, score) for name, score in zip(WEIGHTS, values, strict=True)))
    exact = sum(score * weight for score, weight in zip(values, WEIGHTS.values(), strict=True))

    assert 0 <= confidence.score <= 1
    assert 0 <= exact - confidence.score < Decimal("0.01")


@given(
    values=st.tuples(scores, scores, scores, scores),
    raised=scores,
    name=st.sampled_from(list(WEIGHTS)),
    data=st.data(),
)
def test_confidence_rises_with_every_factor_in_any_order(values, raised, name, data):
    low = dict(zip(WEIGHTS, values, strict=True))
    high = low | {name: max(low[name], raised)}
    order = data.draw(st.permutations(list(WEIGHTS)))

    before = confidence_score(*(factor(key, low[key]) for key in WEIGHTS)).score
    after = confidence_score(*(factor(key, high[key]) for key in order)).score

    assert after >= before


@given(prices=st.lists(positive_prices, max_size=40), factor=st.integers(2, 50))
def test_stability_is_within_0_and_1_whatever_the_currency(prices, factor):
    found = price_stability(sealed_prices=prices)

    assert 0 <= found.score <= 1
    rescaled = price_stability(sealed_prices=[price * factor for price in prices])
    assert float(rescaled.score) == pytest.approx(float(found.score), abs=2e-6)
