"""What fetching services report to while they work: a job's slice, or anything that looks like one."""

from datetime import datetime
from typing import Protocol


class Watch(Protocol):
    """The part of `jobs.services.JobRun` that fetching needs."""

    @property
    def now(self) -> datetime:
        """The time as it passes."""
        ...

    @property
    def seconds_left(self) -> float:
        """How long the slice may still work."""
        ...

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is."""
        ...

    def count(self, name: str, number: int = 1) -> None:
        """Add to a count."""
        ...

    def error(self, code: str, detail: str, subject: str = "") -> None:
        """Keep an error the work goes on after."""
        ...

    def remark(self, code: str, detail: str, subject: str = "") -> None:
        """List something that is no failure."""
        ...

    def check(self) -> None:
        """Stop if somebody asked for an end."""
        ...
