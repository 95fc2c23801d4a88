"""Clocks."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from common.clock import FrozenClock, SystemClock, utc_now


def test_frozen_clock_stands_still_until_moved():
    clock = FrozenClock(datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1))))

    assert clock.now() == clock.now() == datetime(2026, 1, 1, 11, tzinfo=UTC)
    assert clock.advance(timedelta(hours=2)) == datetime(2026, 1, 1, 13, tzinfo=UTC)


def test_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        FrozenClock(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_system_clock_is_utc():
    assert SystemClock().now().tzinfo is UTC
    assert utc_now() >= SystemClock().now() - timedelta(minutes=1)
