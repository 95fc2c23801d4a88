"""A watch that remembers what it was told, in place of a job's slice."""

from collections import Counter
from datetime import datetime
from typing import Any

from jobs.errors import JobCancelled
from jobs.models import Job


class Recorder:
    """Stands where a job's slice stands. `cancel_after` checks raise; time stands still."""

    def __init__(
        self, now: datetime, *, seconds_left: float = 200.0, cancel_after: int | None = None
    ) -> None:
        self.now = now
        self.seconds_left = seconds_left
        self.counts: Counter[str] = Counter()
        self.errors: list[tuple[str, str]] = []
        self.remarks: list[tuple[str, str]] = []
        self.checkpoint: dict[str, Any] = {}
        self.parameters: dict[str, Any] = {}
        self.job = Job(created_at=now)
        self.is_continued = False
        self.resume_at: datetime | None = None
        self.shown: list[tuple[int, int | None, str]] = []
        self._checks_left = cancel_after

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        self.shown.append((done, total, note))

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] += number

    def error(self, code: str, detail: str, subject: str = "") -> None:
        self.errors.append((code, subject))

    def remark(self, code: str, detail: str, subject: str = "") -> None:
        self.remarks.append((code, subject))

    def check(self) -> None:
        if self._checks_left is not None:
            self._checks_left -= 1
            if self._checks_left < 0:
                raise JobCancelled

    def save(self) -> None:
        pass

    def continue_later(self, at: datetime | None = None) -> None:
        self.is_continued = True
        self.resume_at = at
