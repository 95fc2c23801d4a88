"""Calibration against scipy's Wilson interval and sums written out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from quant.calibration import Forecast, InvalidForecast, brier_score, calibrate, wilson_interval

chances = st.decimals(min_value=0, max_value=1, places=4, allow_nan=False)


@st.composite
def trials(draw: st.DrawFn) -> tuple[int, int]:
    count = draw(st.integers(1, 5_000))
    return draw(st.integers(0, count)), count


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    hits, count = draw(trials())
    return Forecast(draw(chances), count, hits)


def said(probability: str, count: int, hits: int) -> Forecast:
    return Forecast(Decimal(probability), count, hits)


@given(trials())
def test_wilson_interval_is_scipys_rounded_outwards(trial: tuple[int, int]):
    hits, count = trial
    expected = binomtest(hits, count).proportion_ci(confidence_level=0.95, method="wilson")

    low, high = wilson_interval(hits, count)

    assert 0 <= float(expected.low) - float(low) < 0.000_1 + 1e-9
    assert 0 <= float(high) - float(expected.high) < 0.000_1 + 1e-9


@given(trials())
def test_wilson_interval_holds_the_share_and_mirrors_misses(trial: tuple[int, int]):
    hits, count = trial

    low, high = wilson_interval(hits, count)
    mirrored = wilson_interval(count - hits, count)

    assert 0 <= low <= Decimal(hits) / count <= high <= 1
    assert (1 - high, 1 - low) == mirrored


def test_wilson_interval_of_eight_in_ten():
    # by hand: (0.8 + z²/20 ± z·sqrt(0.016 + z²/400)) / (1 + z²/10), z = 1.959964
    assert wilson_interval(8, 10) == (Decimal("0.4901"), Decimal("0.9434"))


@pytest.mark.parametrize(("hits", "count"), [(0, 0), (3, 2), (-1, 4)])
def test_wilson_interval_without_sense_is_refused(hits: int, count: int):
    with pytest.raises(InvalidForecast):
        wilson_interval(hits, count)


@given(st.lists(forecasts(), min_size=1, max_size=8))
def test_brier_score_is_the_mean_squared_error_of_single_forecasts(known: list[Forecast]):
    errors = [
        (float(item.probability) - outcome) ** 2
        for item in known
        for outcome in [1] * item.hits + [0] * (item.count - item.hits)
    ]

    score = brier_score(known)
    assert score is not None
    assert float(score) == pytest.approx(sum(errors) / len(errors), abs=0.000_051)


def test_brier_score_knows_its_landmarks():
    assert brier_score([]) is None
    assert brier_score([said("1", 3, 3), said("0", 2, 0)]) == 0
    assert brier_score([said("0", 3, 3)]) == 1
    assert brier_score([said("0.5", 10, 4)]) == Decimal("0.25")


@given(st.lists(forecasts(), max_size=12), st.integers(1, 20))
def test_bins_cover_every_forecast_once(known: list[Forecast], bins: int):
    found = calibrate(known, bins=bins)

    assert found.count == sum(item.count for item in known)
    assert found.hits == sum(item.hits for item in known)
    assert all(part.low <= part.expected <= part.high for part in found.bins)
    assert all(part.wilson_low <= part.share <= part.wilson_high for part in found.bins)
    lows = [part.low for part in found.bins]
    assert lows == sorted(set(lows))


def test_bins_are_closed_below_and_the_last_also_above():
    found = calibrate([said("0.1", 1, 0), said("0.0999", 1, 0), said("1", 1, 1), said("0.9", 3, 3)])

    assert [(part.low, part.count, part.expected) for part in found.bins] == [
        (Decimal("0.0000"), 1, Decimal("0.0999")),
        (Decimal("0.1000"), 1, Decimal("0.1000")),
        (Decimal("0.9000"), 4, Decimal("0.9250")),
    ]


def test_forecasts_of_nothing_make_no_bin():
    found = calibrate([said("0.3", 0, 0)])

    assert (found.bins, found.brier, found.count) == ((), None, 0)


@pytest.mark.parametrize("probability", ["-0.1", "1.0001", "NaN", "Infinity"])
def test_what_is_no_probability_is_refused(probability: str):
    with pytest.raises(InvalidForecast):
        said(probability, 1, 1)


def test_more_hits_than_forecasts_are_refused():
    with pytest.raises(InvalidForecast):
        said("0.5", 1, 2)


def test_no_bins_are_refused():
    with pytest.raises(ValueError, match="at least one bin"):
        calibrate([], bins=0)
