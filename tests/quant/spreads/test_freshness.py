"""Ages at their ends, clocks ahead of ours, and times in the wrong unit."""

import pytest

from quant.spreads.freshness import are_comparable, is_fresh

NOW = 1_795_000_000_000
LIMITS = {"now_ms": NOW, "max_age_ms": 15_000, "max_skew_ms": 2_000}


@pytest.mark.parametrize(
    ("at_ms", "expected"),
    [
        (NOW, True),
        (NOW - 15_000, True),
        (NOW - 15_001, False),
        (NOW + 2_000, True),
        (NOW + 2_001, False),
        (0, False),
    ],
)
def test_both_ends_count(at_ms, expected):
    assert is_fresh(at_ms, **LIMITS) is expected


@pytest.mark.parametrize("unit", [1_000, 1_000_000])
def test_a_time_in_another_unit_is_never_fresh(unit):
    assert not is_fresh(NOW // unit, **LIMITS)
    assert not is_fresh(NOW * unit, **LIMITS)


def test_our_own_clock_in_seconds_makes_everything_stale():
    assert not is_fresh(NOW, now_ms=NOW // 1_000, max_age_ms=15_000, max_skew_ms=2_000)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (NOW, NOW - 15_000, True),
        (NOW - 15_000, NOW, True),
        (NOW + 1, NOW - 15_000, False),  # both fresh, but further apart than one age
        (NOW, NOW - 15_001, False),
        (NOW + 2_001, NOW, False),
    ],
)
def test_two_quotes_are_fresh_and_close_to_each_other(first, second, expected):
    assert are_comparable(first, second, **LIMITS) is expected
