"""When a user does not want to be disturbed: from one wall-clock time to another, over midnight and DST."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_HOUR: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(hours=50)  # a day, and the largest jump a zone has ever made


def is_quiet(moment: datetime, *, zone: ZoneInfo, start: time, end: time) -> bool:
    """Tell whether the wall clock of a zone shows a time in [start, end), which may span midnight."""
    shown = moment.astimezone(zone).time()
    return start <= shown < end if start <= end else shown >= start or shown < end


def quiet_end(moment: datetime, *, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """Return when the quiet hours a moment lies in are over, in UTC; None outside of them.

    That is the first moment the wall clock shows a time outside [start, end): an end that a zone skips in
    spring is over when the clock jumps, and a clock set back out of the quiet hours ends them.
    `start == end` means no quiet hours.
    """
    if start == end or not is_quiet(moment, zone=zone, start=start, end=end):
        return None
    moment = moment.astimezone(UTC)
    ends = {*_wall_times(moment, zone, end), *_jumps(moment, zone)}
    return min(
        found for found in ends if found > moment and not is_quiet(found, zone=zone, start=start, end=end)
    )


def _wall_times(moment: datetime, zone: ZoneInfo, shown: time) -> Iterator[datetime]:
    """Yield the moments around at which the clock shows a time; a time shown twice is yielded twice."""
    today = moment.astimezone(zone).date()
    for days in range(-1, 4):
        day: date = today + timedelta(days=days)
        for fold in (0, 1):
            yield datetime.combine(day, shown, tzinfo=zone).replace(fold=fold).astimezone(UTC)


def _jumps(moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments of the next days at which a zone's offset changes, to the second."""
    before = moment
    while before < moment + _LONGEST:
        after = before + _HOUR
        if _offset(before, zone) != _offset(after, zone):
            yield _first_with(_offset(after, zone), before, after, zone)
        before = after


def _first_with(offset: timedelta | None, before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    low, high = int(before.timestamp()), int(after.timestamp()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, tz=UTC), zone) == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, tz=UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
