"""Quiet hours end when the wall clock says so, whatever a zone does to its clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.alerts.quiet_hours import is_quiet, quiet_end

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = (time(22), time(7))
# Days around changes of the clock: spring, autumn, half an hour (Lord Howe), and one where nothing happens.
MOMENTS = [
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 12, tzinfo=UTC),
    datetime(2026, 10, 3, 3, tzinfo=UTC),
    datetime(2026, 4, 4, 3, tzinfo=UTC),
    datetime(2026, 11, 20, 12, tzinfo=UTC),
]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
minutes_of_day = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


def by_the_minute(moment: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """Walk on minute by minute, and look at the clock."""
    later = moment
    while is_quiet(later, zone=zone, start=start, end=end):
        later += timedelta(minutes=1)
    return None if later == moment else later


@given(
    base=st.sampled_from(MOMENTS),
    minutes=st.integers(0, 48 * 60),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    start=minutes_of_day,
    end=minutes_of_day,
)
def test_the_end_is_the_first_minute_outside(base, minutes, zone, start, end):
    moment = base + timedelta(minutes=minutes)
    expected = None if start == end else by_the_minute(moment, zone, start, end)

    assert quiet_end(moment, zone=zone, start=start, end=end) == expected


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (datetime(2026, 11, 20, 21, 0, tzinfo=UTC), datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 5, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 6, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 20, 20, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
    ],
    ids=["evening", "last second", "over", "not yet", "shorter spring night", "longer autumn night"],
)
def test_a_night_over_midnight(moment, end):
    assert quiet_end(moment, zone=BERLIN, start=NIGHT[0], end=NIGHT[1]) == end


def test_an_end_that_the_clock_skips_is_over_when_it_jumps():
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30, half an hour before 02:00 becomes 03:00

    end = quiet_end(moment, zone=BERLIN, start=time(1), end=time(2, 30))

    assert end == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_clock_set_back_out_of_the_quiet_hours_ends_them():
    moment = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45, before 03:00 becomes 02:00

    end = quiet_end(moment, zone=BERLIN, start=time(2, 30), end=time(5))

    assert end == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def test_equal_ends_are_no_quiet_hours():
    assert quiet_end(MOMENTS[0], zone=BERLIN, start=time(8), end=time(8)) is None
