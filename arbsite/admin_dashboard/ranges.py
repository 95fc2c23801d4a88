"""The time ranges of the dashboard."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A span that ends now; charts count per `bucket` (`hour` or `day`, in UTC)."""

    key: str
    label: str
    span: timedelta
    bucket: str

    @property
    def step(self) -> timedelta:
        """The length of a bucket."""
        return timedelta(hours=1) if self.bucket == "hour" else timedelta(days=1)

    def buckets(self, now: datetime) -> list[datetime]:
        """Return the beginning of every bucket of the range, oldest first, the current one last."""
        last = now.replace(minute=0, second=0, microsecond=0)
        if self.bucket == "day":
            last = last.replace(hour=0)
        count = round(self.span / self.step)
        return [last - self.step * back for back in range(count - 1, -1, -1)]


RANGES: Final = (
    TimeRange("24h", "24 h", timedelta(hours=24), "hour"),
    TimeRange("7d", "7 d", timedelta(days=7), "day"),
    TimeRange("30d", "30 d", timedelta(days=30), "day"),
)


def range_of(key: str | None) -> TimeRange:
    """Return the range of a key; anything unknown is the first."""
    return next((found for found in RANGES if found.key == key), RANGES[0])
