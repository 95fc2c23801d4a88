"""What every importer returns."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pricing.observations import Observation

MAX_PROBLEMS_KEPT: Final = 1000  # every problem is counted; so many are kept word for word


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One row that could not be read: its number (as the format counts, from 1) and why."""

    row: int
    reason: str


@dataclass(slots=True)
class ParsedPrices:
    """The readable content of one or more files of one source.

    Args:
        source: code of the price source.
        observations: consumed once; may be lazy, and then `skipped` and `problems` are complete only
            afterwards.
        recorded_at: when the source says it observed the prices; None if it does not say.
        rows_read: articles in the file.
        skipped: reason -> count of statistics and rows left out on purpose (`no_price`, `unknown_sub_type`
            …).
    """

    source: str
    observations: Iterable[Observation]
    recorded_at: datetime | None
    rows_read: int
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)

    def add_problem(self, row: int, reason: str) -> None:
        """Count a row that could not be read as `unreadable_row`, and keep what was wrong with it."""
        self.skipped["unreadable_row"] += 1
        if len(self.problems) < MAX_PROBLEMS_KEPT:
            self.problems.append(RowProblem(row, reason))

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)
